import { actorText } from "../../../mixins/contract/caller.ts";
import { postRefund } from "../post-sale.ts";
import { on } from "../settlements.dependencies.ts";

/**
 * Takes a refund back from the merchants of its parts, from the moment it is due to the customer. A retry of the same
 * refund has no effect, and money that came too much, which belongs to no part, neither.
 */
export const ordersRefundRequested = on("orders.refund-requested", async (event, tx, dependencies) => {
  const { refund, parts = [] } = event.payload;
  const origin = { actor: actorText(event.actor), now: Date.now() };
  for (const { partId, merchantId, amount } of parts.toSorted((a, b) => (a.partId < b.partId ? -1 : 1)))
    if (merchantId !== null)
      await postRefund(
        { refundId: refund.id, partId, amount: amount.amount },
        merchantId,
        origin,
        tx,
        dependencies,
      );
});
