import type { Database } from "../../../mixins/database/database.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import { allContracts } from "../../contracts.ts";
import type { Databases } from "./databases.ts";
import { dataServices } from "./databases.ts";
import { pages } from "./pages.ts";
import { within } from "../../../mixins/database/invariant.ts";

/** The services that have an outbox. */
const publishers = dataServices.filter((service) =>
  allContracts.some(({ name, events }) => name === service && Object.keys(events).length > 0),
);

/** Which of these orders and events have news waiting in an outbox. */
export async function waitingInOutboxes(
  databases: Databases,
  about: "order" | "event",
  keys: ReadonlySet<string>,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const service of publishers)
    for await (const event of waitingEvents(databases[service])) {
      const key = about === "event" ? event.id : orderOf(event);
      if (key !== undefined && keys.has(key)) found.add(key);
    }
  return found;
}

async function* waitingEvents(database: Database): AsyncGenerator<EventEnvelope> {
  for await (const page of pages([{ database, table: "outbox", key: "id" }])) {
    const { sql, values } = within("id", page);
    const text = `SELECT envelope FROM outbox WHERE status = 'waiting' AND ${sql}`;
    for (const { envelope } of await database.select<{ envelope: string }>(text, values))
      yield JSON.parse(envelope) as EventEnvelope;
  }
}

function orderOf({ payload }: EventEnvelope): string | undefined {
  return "orderId" in payload ? payload.orderId : undefined;
}
