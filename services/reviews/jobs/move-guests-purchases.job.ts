import { job } from "../reviews.dependencies.ts";

const batch = 100;

/** Moves purchases that were heard of after their guest was claimed, for as long as such events are taken in. */
export const moveLatePurchases = job({
  name: "move-guests-purchases",
  once: "node",
  every: () => 60_000,
  async run({ now, transaction }, { purchases, claimedGuests, inboxRetentionMs }) {
    for (let after: string | undefined = ""; after !== undefined;) {
      const guests = await claimedGuests.listWithPurchases(after, batch);
      for (const { guestId, userId } of guests)
        await transaction((tx) => purchases.move(guestId, userId, tx));
      after = guests.length < batch ? undefined : guests.at(-1)?.guestId;
    }
    await transaction((tx) => claimedGuests.removeOld(now - inboxRetentionMs, tx));
  },
});
