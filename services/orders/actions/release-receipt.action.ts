import { withHold } from "../domain/receipt.ts";
import { action } from "../orders.dependencies.ts";

export const releaseReceipt = action(
  "orders.receipts.release",
  async (context, { orders, parts, receipts }) => {
    const { params, now, transaction, fail } = context;
    const { orderId, afterSaleId } = params;
    return transaction(async (tx) => {
      const order = await orders.lock(orderId, undefined, tx);
      if (!order) throw fail("not-found");
      if (!(await receipts.release(afterSaleId, orderId, now, tx))) return null;
      const held = await receipts.heldParts(orderId, tx);
      if (held.has(null)) return null;
      const isFree = ({ id, receivableSince }: (typeof order.parts)[number]) =>
        !held.has(id) && receivableSince === null;
      const released = withHold(order, null, now);
      const after = order.parts.map((part, index) => (isFree(part) ? (released[index] ?? part) : part));
      await parts.save({ ...order, parts: after }, tx);
      return null;
    });
  },
);
