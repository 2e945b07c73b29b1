import { on } from "../orders.dependencies.ts";

/** Records it; the job `anonymise-customers` erases the guest's data as orders finish. */
export const noteDeletedGuest = on(
  "users.guest-deleted",
  async ({ payload, occurredAt }, tx, { deletedCustomers }) => {
    await deletedCustomers.add(payload.guestId, occurredAt, tx);
  },
);
