import { deleteGuest } from "../guests/delete-guest.ts";
import { job } from "../users.dependencies.ts";

const batch = 100;

/** Removes expired tokens of orders, and erases guests whose last order is older than the law demands to keep. */
export const removeOldGuests = job({
  name: "forget-old-guests",
  once: "node",
  every: () => 60_000,
  async run({ now, transaction }, dependencies) {
    const { guests, orderTokens, guestRetentionMs } = dependencies;
    let removed = batch;
    while (removed === batch) removed = await transaction((tx) => orderTokens.removeExpired(now, batch, tx));
    for (let old = batch; old === batch;) {
      const found = await guests.listOld(now - guestRetentionMs, batch);
      for (const guest of found) await transaction((tx) => deleteGuest(guest, now, tx, dependencies));
      old = found.length;
    }
  },
});
