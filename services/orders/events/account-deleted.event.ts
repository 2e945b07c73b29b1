import { on } from "../orders.dependencies.ts";

/** Notes whom to forget; the job `forget-customers` does, as their orders come to an end. */
export const noteDeletedCustomer = on("users.account-deleted", async ({ payload, occurredAt }, tx, { deletedCustomers }) => {
  await deletedCustomers.add(payload.userId, occurredAt, tx);
});
