import { actorOf, actorText, customerOf } from "../../../mixins/contract/caller.ts";
import { receivableParts } from "../domain/receipt.ts";
import { action } from "../orders.dependencies.ts";
import { presentOrder } from "../present.ts";
import { confirmReceipt } from "../receipts/confirm-receipt.ts";

/** Idempotent: what was received stays so. */
export const recordReceipt = action("orders.receipts.record", async (context, dependencies) => {
  const { orders, receipts } = dependencies;
  const { params, caller, now, transaction, fail } = context;
  return transaction(async (tx) => {
    const order = await orders.lock(params.id, customerOf(caller), tx);
    if (!order) throw fail("not-found");
    const held = order.afterSales > 0 ? await receipts.heldParts(order.id, tx) : new Set<string>();
    const parts = receivableParts(order, params.partId, held);
    const confirmation = { by: "customer", actor: actorText(actorOf(caller)), now } as const;
    return presentOrder(await confirmReceipt(order, parts, confirmation, tx, dependencies));
  });
});
