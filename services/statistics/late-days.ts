import type { Tx } from "../../mixins/database/database.ts";
import type { Day } from "./domain/day.ts";
import type { StatisticsDependencies } from "./statistics.dependencies.ts";

/** A day is closed so long after its end, for the events that are on their way. */
export const closingGraceMs = 10 * 60_000;

/** Those of the days that may be closed already. */
export function lateDays(
  days: Iterable<Day>,
  { calendar }: Pick<StatisticsDependencies, "calendar">,
): readonly Day[] {
  const open = calendar.dayOf(Date.now() - closingGraceMs);
  return [...new Set(days)].filter((day) => day < open).sort();
}

/** Lets days be closed again for events that came after they were closed. */
export async function markLate(
  days: Iterable<Day>,
  tx: Tx,
  dependencies: Pick<StatisticsDependencies, "calendar" | "closedDays">,
): Promise<void> {
  for (const day of lateDays(days, dependencies)) await dependencies.closedDays.markLate(day, tx);
}
