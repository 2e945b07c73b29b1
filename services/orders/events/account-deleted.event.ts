import { on } from "../orders.dependencies.ts";
import { closePayer } from "../payments/remove-payment-methods.ts";

/**
 * Removes the account's payment methods and unused claims of coupons, and records it; the job `anonymise-customers`
 * erases its data as orders finish.
 */
export const noteDeletedCustomer = on(
  "users.account-deleted",
  async ({ payload, occurredAt }, tx, dependencies) => {
    await dependencies.deletedCustomers.add(payload.userId, occurredAt, tx);
    await dependencies.claims.removeUnused(payload.userId, tx);
    await closePayer(payload.userId, Date.now(), tx, dependencies);
  },
);
