import { on } from "../cart.dependencies.ts";

/** What someone was about to buy is nobody's business any more. */
export const removeCartOfDeletedAccount = on("users.account-deleted", async ({ payload }, tx, { carts }) => {
  await carts.removeOfCustomer(payload.userId, tx);
});
