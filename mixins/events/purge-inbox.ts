import { configOf } from "../service/config-of.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { Job } from "../service/jobs.ts";
import { eventTransport } from "./open-event-transport.ts";
import { oldestInInbox, removeFromInbox } from "./inbox-table.ts";

const batch = 500;
/** Tolerated clock difference between publishers and consumers. */
const clockSkewMs = 24 * 3_600_000;

/**
 * Job that removes expired ids from the inbox. Later copies of these events fail with `ExpiredEventError`.
 */
export function purgeInbox<D>({ broker, database }: ServiceWithDatabase): Job<D> {
  return {
    name: "purge-inbox",
    once: "node",
    every: () => 60_000,
    async run({ now, transaction }) {
      const before = now - configOf(broker).events.inboxRetentionMs - clockSkewMs;
      let [after, found] = [0, batch];
      while (found === batch) {
        const old = await oldestInInbox(database, after, before, batch);
        const ids = old.map(({ id }) => id);
        const redeliverable = await eventTransport(broker).mayBeRedelivered(ids);
        await transaction((tx) =>
          removeFromInbox(
            database,
            ids.filter((id) => !redeliverable.has(id)),
            tx,
          ),
        );
        found = old.length;
        after = old.at(-1)?.receivedAt ?? after;
      }
    },
  };
}
