import type { Tx } from "../../../mixins/database/database.ts";
import { addDays } from "../domain/day.ts";
import { job } from "../statistics.dependencies.ts";

const hourMs = 3_600_000;
const perBatch = 100;
/** Ended sessions are kept for so many days, and until their day is closed. */
const sessionDays = 7;
const searchDays = 92;

/** Removes sessions and ledger entries that nothing is counted by any more, and old search terms. */
export const removeOldRows = job({
  name: "remove-old-rows",
  once: "cluster",
  every: () => hourMs,
  async run({ now, transaction }, { calendar, closedDays, presence, sales, searches, ledgerDays }) {
    const today = calendar.dayOf(now);
    const closed = (await closedDays.last()) ?? "";
    const aged = addDays(today, -sessionDays);
    const sessionsFrom = aged < closed ? aged : closed;
    const entriesFrom = addDays(today, -ledgerDays);
    await transaction((tx) => closedDays.removeFrom({ sessionsFrom, entriesFrom }, tx));
    const inBatches = async (remove: (tx: Tx) => Promise<number | boolean>) => {
      for (let removed: number | boolean = true; removed === true || removed === perBatch;)
        removed = await transaction(remove);
    };
    await inBatches((tx) => presence.removeEnded(sessionsFrom, perBatch, tx));
    await inBatches((tx) => sales.removeBefore(entriesFrom, perBatch, tx));
    await inBatches((tx) => searches.removeBefore(addDays(today, -searchDays), perBatch, tx));
  },
});
