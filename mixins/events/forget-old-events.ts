import { configOf } from "../config-of.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { Job } from "../jobs.ts";
import { eventTransport } from "./event-transport.ts";
import { oldestInInbox, removeFromInbox } from "./inbox-table.ts";

const batch = 500;
/** Those who publish and those who take in have clocks of their own. */
const clockSkewMs = 24 * 3_600_000;

/**
 * The job by which a service forgets which events it took in long ago. What it forgets it does not take in again: see
 * `TooOldEvent`.
 */
export function forgetOldEvents<D>({ broker, database }: ServiceWithDatabase): Job<D> {
  return {
    name: "forget-old-events",
    every: () => 60_000,
    async run({ now, transaction }) {
      const before = now - configOf(broker).events.rememberedMs - clockSkewMs;
      let [after, found] = [0, batch];
      while (found === batch) {
        const old = await oldestInInbox(database, after, before, batch);
        const ids = old.map(({ id }) => id);
        const awaited = await eventTransport(broker).mayComeAgain(ids);
        await transaction((tx) => removeFromInbox(database, ids.filter((id) => !awaited.has(id)), tx));
        found = old.length;
        after = old.at(-1)?.receivedAt ?? after;
      }
    },
  };
}
