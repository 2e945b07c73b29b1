import type { Tx } from "../../../mixins/database/database.ts";
import { job } from "../notifications.dependencies.ts";

const batch = 100;

/** Removes notifications with their deliveries, and announcements, after their retention. */
export const removeOldNotifications = job({
  name: "remove-old-notifications",
  once: "node",
  every: () => 600_000,
  async run({ now, transaction }, { notifications, announcements, settings }) {
    const before = now - settings.retentionMs;
    const inBatches = async (remove: (tx: Tx) => Promise<number>) => {
      for (let removed = batch; removed === batch;) removed = await transaction(remove);
    };
    await inBatches((tx) => notifications.removeOld(before, batch, tx));
    await inBatches((tx) => announcements.removeOld(before, batch, tx));
  },
});
