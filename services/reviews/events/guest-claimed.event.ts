import { on } from "../reviews.dependencies.ts";

/**
 * Lets the account that claimed a guest's orders review them. Events that are on their way still name the guest: the
 * job `move-guests-purchases` moves what they add.
 */
export const moveGuestsPurchases = on(
  "users.guest-claimed",
  async ({ payload, occurredAt }, tx, { purchases, claimedGuests }) => {
    await claimedGuests.add(payload, occurredAt, tx);
    await purchases.move(payload.guestId, payload.userId, tx);
  },
);
