import { forgetCustomer, isFinished } from "../domain/forget-customer.ts";
import { job } from "../orders.dependencies.ts";

const batch = 100;
/** An order that was under way when its customer went is there by then. */
const settledMs = 3_600_000;

/**
 * Forgets what orders say of customers who have deleted their accounts, each when it is finished: until then it must find
 * its way. Done twice, or by two nodes, it comes to the same.
 */
export const forgetCustomers = job({
  name: "forget-customers",
  every: () => 60_000,
  async run({ now, transaction }, { deletedCustomers }) {
    for (let after: string | undefined = ""; after !== undefined; ) {
      const customers = await deletedCustomers.list(after, batch);
      for (const { customerId, deletedAt } of customers) {
        const orders = await deletedCustomers.ordersOf(customerId);
        const finished = orders.filter(({ status }) => isFinished(status));
        await transaction(async (tx) => {
          for (const order of finished) await deletedCustomers.forget(order, forgetCustomer(order, order.wasPaid), tx);
          const isAll = finished.length === orders.length && deletedAt + settledMs < now;
          if (isAll) await deletedCustomers.remove(customerId, tx);
        });
      }
      after = customers.length < batch ? undefined : customers.at(-1)?.customerId;
    }
  },
});
