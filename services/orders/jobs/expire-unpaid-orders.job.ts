import { expire } from "../domain/order.ts";
import { job } from "../orders.dependencies.ts";

const name = "expire-unpaid-orders";
const batch = 100;

/** Orders that were not paid in time expire; their stock goes back on sale. Of payment and expiry the first counts. */
export const expireUnpaidOrders = job({
  name,
  every: (config) => config.sweepIntervalMs,
  async run({ now, transaction }, { orders, timeline, redemptions }) {
    let found = batch;
    while (found === batch)
      found = await transaction(async (tx) => {
        const unpaid = await orders.unpaid(now, batch, tx);
        const expiredIds: string[] = [];
        for (const order of unpaid) {
          const expired = expire(order, now);
          if (!(await orders.update(expired, tx))) continue;
          expiredIds.push(order.id);
          await timeline.add(expired, { event: "expired", actor: `system:orders.${name}`, reason: null }, tx);
          const { id: orderId, number, customerId } = order;
          tx.publish("orders.expired", { orderId, number, customerId });
        }
        await redemptions.giveBack(expiredIds, now, tx);
        return unpaid.length;
      });
  },
});
