import { on } from "../cart.dependencies.ts";

/** Deletes the account's cart, which is personal data. */
export const removeCartOfDeletedAccount = on("users.account-deleted", async ({ payload }, tx, { carts }) => {
  await carts.removeOfCustomer(payload.userId, tx);
});
