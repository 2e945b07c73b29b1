import { anonymiseCustomer, isFinished } from "../domain/anonymise-customer.ts";
import { job } from "../orders.dependencies.ts";
import { closePayer } from "../payments/remove-payment-methods.ts";

const batch = 100;
/** After this time, orders in progress at the deletion are visible. */
const settledMs = 3_600_000;

/**
 * Erases personal data in finished orders of deleted accounts; unfinished ones need it for delivery.
 * Idempotent, also across nodes.
 */
export const anonymiseCustomers = job({
  name: "forget-customers",
  once: "node",
  every: () => 60_000,
  async run({ now, transaction }, dependencies) {
    const { deletedCustomers } = dependencies;
    for (let after: string | undefined = ""; after !== undefined;) {
      const customers = await deletedCustomers.list(after, batch);
      for (const { customerId, deletedAt } of customers) {
        const orders = await deletedCustomers.ordersOf(customerId);
        const finished = orders.filter(({ status }) => isFinished(status));
        await transaction(async (tx) => {
          await dependencies.claims.removeUnused(customerId, tx);
          // The version before, which may have noted the account, knows no payment methods.
          await closePayer(customerId, now, tx, dependencies);
          for (const order of finished)
            await deletedCustomers.anonymise(order, anonymiseCustomer(order, order.wasPaid), tx);
          const isAll = finished.length === orders.length && deletedAt + settledMs < now;
          if (isAll) await deletedCustomers.remove(customerId, tx);
        });
      }
      after = customers.length < batch ? undefined : customers.at(-1)?.customerId;
    }
  },
});
