import { on } from "../orders.dependencies.ts";

/** Moves what a guest has ordered to the account that has verified the address. */
export const moveGuestsOrders = on("users.guest-claimed", async ({ payload, occurredAt }, tx, { guests }) => {
  await guests.claim({ ...payload, at: occurredAt }, tx);
});
