import { markLate } from "../late-days.ts";
import { onBatch } from "../statistics.dependencies.ts";

/** Counts new accounts. */
export const countRegistrations = onBatch(["users.registered"], async (events, tx, dependencies) => {
  const { presence, calendar } = dependencies;
  const byDay = Map.groupBy(events, ({ occurredAt }) => calendar.dayOf(occurredAt));
  await presence.count(new Map([...byDay].map(([day, { length }]) => [day, { registrations: length }])), tx);
  await markLate(byDay.keys(), tx, dependencies);
});
