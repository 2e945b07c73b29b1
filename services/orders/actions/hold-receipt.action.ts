import { withHold } from "../domain/receipt.ts";
import { action } from "../orders.dependencies.ts";

export const holdReceipt = action("orders.receipts.hold", async (context, { orders, parts, receipts }) => {
  const { params, now, transaction, fail } = context;
  const { orderId, afterSaleId: id, partId } = params;
  return transaction(async (tx) => {
    const order = await orders.lock(orderId, undefined, tx);
    if (!order || (partId !== null && !order.parts.some((part) => part.id === partId)))
      throw fail("not-found");
    if (await receipts.hold({ id, orderId, partId }, now, tx))
      await parts.save({ ...order, parts: withHold(order, partId, null) }, tx);
    return null;
  });
});
