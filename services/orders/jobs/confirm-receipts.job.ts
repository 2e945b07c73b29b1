import type { JobContext } from "../../../mixins/service/jobs.ts";
import { sweep } from "../../../mixins/service/sweep.ts";
import type { OverduePart } from "../data/receipt-repository.ts";
import { receivableParts, withHold } from "../domain/receipt.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { job } from "../orders.dependencies.ts";
import { confirmReceipt } from "../receipts/confirm-receipt.ts";

const name = "confirm-receipts";

/**
 * Confirms the receipt of goods that were delivered, or shipped without a report of delivery,
 * `CONFIRM_RECEIPT_DAYS` ago. The first of customer, return and job wins. One transaction per part.
 */
export const confirmReceipts = job({
  name,
  once: "node",
  every: (config) => config.sweepIntervalMs,
  run(context, dependencies) {
    const until = context.now - dependencies.confirmReceiptMs;
    return sweep(
      {
        due: (limit, after?: OverduePart) => dependencies.receipts.overdue(until, limit, after),
        each: (part) => confirmIfOverdue(part, until, context, dependencies),
        failed: ({ id }) => `confirming the receipt of part ${id} failed`,
      },
      context.log,
    );
  },
});

async function confirmIfOverdue(
  { id, orderId }: OverduePart,
  until: number,
  { now, transaction }: JobContext,
  dependencies: OrdersDependencies,
): Promise<void> {
  const { orders, parts, receipts } = dependencies;
  await transaction(async (tx) => {
    const order = await orders.lock(orderId, undefined, tx);
    const part = order?.parts.find((one) => one.id === id);
    if (!order || !part || part.receivableSince === null || part.receivableSince > until) return;
    const held = order.afterSales > 0 ? await receipts.heldParts(orderId, tx) : new Set<string>();
    // Shipped or delivered while held; its release starts the days anew.
    if (held.has(id) || held.has(null)) {
      await parts.save({ ...order, parts: withHold(order, id, null) }, tx);
      return;
    }
    const receivable = receivableParts(order, id, held);
    const confirmation = { by: "system", actor: `system:orders.${name}`, now } as const;
    await confirmReceipt(order, receivable, confirmation, tx, dependencies);
  });
}
