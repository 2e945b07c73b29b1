import { on } from "../reviews.dependencies.ts";

/** A deleted guest cannot become an account's, so nobody reviews what was bought. */
export const removeGuestsPurchases = on("users.guest-deleted", async ({ payload }, tx, { purchases }) => {
  await purchases.removeOfCustomer(payload.guestId, tx);
});
