import { on } from "../after-sales.dependencies.ts";

/** Records the deleted account; the job `erase-texts` erases what it wrote. */
export const noteDeletedCustomer = on(
  "users.account-deleted",
  async ({ payload, occurredAt }, tx, { deletedCustomers }) => {
    await deletedCustomers.add(payload.userId, occurredAt, tx);
  },
);
