import type { JobContext } from "../../../mixins/jobs.ts";
import { isShopError } from "../../contract/errors.ts";
import type { UnpaidOrder } from "../data/order-repository.ts";
import { expire } from "../domain/order.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { job } from "../orders.dependencies.ts";

const name = "expire-unpaid-orders";
const batch = 100;

/**
 * Orders that were not paid in time expire, the longest overdue first; their stock goes back on sale. Of payment,
 * cancellation and expiry the first counts. Each order expires by itself: no payment waits for more than its own, and
 * one that cannot expire holds up no other.
 */
export const expireUnpaidOrders = job({
  name,
  every: (config) => config.sweepIntervalMs,
  async run(context, dependencies) {
    let due: UnpaidOrder[];
    let last: UnpaidOrder | undefined;
    do {
      due = await dependencies.orders.unpaid(context.now, batch, last);
      for (const { id } of due)
        try {
          await expireIfUnpaid(id, context, dependencies);
        } catch (error) {
          // With the database away, none of the others would fare better.
          if (isShopError(error, "unavailable")) throw error;
          context.log.error(`order ${id} was not paid in time and cannot expire`, error);
        }
      last = due.at(-1);
    } while (due.length === batch);
  },
});

async function expireIfUnpaid(id: string, context: JobContext, { orders, timeline, redemptions }: OrdersDependencies): Promise<void> {
  await context.transaction(async (tx) => {
    const order = await orders.forChange(id, undefined, tx);
    if (order?.status !== "placed") return;
    const expired = expire(order, context.now);
    if (!(await orders.update(expired, tx))) return;
    await redemptions.giveBack([id], context.now, tx);
    await timeline.add(expired, { event: "expired", actor: `system:orders.${name}`, reason: "Not paid in time" }, tx);
    const { id: orderId, number, customerId } = order;
    tx.publish("orders.expired", { orderId, number, customerId });
  });
}
