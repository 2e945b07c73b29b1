import { configOf } from "../service/config-of.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { Job } from "../service/jobs.ts";
import { removeFromOutbox, sentBefore } from "./outbox-table.ts";

const batch = 500;

/** Job that removes sent events from the outbox after their retention. */
export function purgeSentEvents<D>({ broker, database }: ServiceWithDatabase): Job<D> {
  return {
    name: "purge-sent-events",
    once: "node",
    every: () => 60_000,
    async run({ now, transaction }) {
      const before = now - configOf(broker).events.historyMs;
      for (let found = batch; found === batch;) {
        const ids = await sentBefore(database, before, batch);
        if (ids.length > 0) await transaction((tx) => removeFromOutbox(database, ids, tx));
        found = ids.length;
      }
    },
  };
}
