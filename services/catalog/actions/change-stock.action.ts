import { actorOf, actorText, merchantFilter } from "../../../mixins/contract/caller.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { action } from "../catalog.dependencies.ts";
import { beforeChange, netChange } from "../domain/stock-account.ts";

export const changeStock = action("catalog.stock.change", async (context, { stock, variants }) => {
  const { params, caller, now, transaction, fail } = context;
  const { variantId, kind, quantity, reason } = params;
  if (quantity === 0 || (kind === "receive" && quantity < 0)) throw badQuantity(kind);
  const steps = [{ kind, quantity }];

  const among = merchantFilter(caller, "stock:write");

  return transaction(async (tx) => {
    if (among && !(await variants.isOf(variantId, among, tx))) throw fail("not-found");
    const note = { orderId: null, reason, actor: actorText(actorOf(caller)), at: now };
    const refused = await stock.move([{ variantId, steps }], note, tx);
    const account = await stock.byVariant(variantId, tx);
    if (!account) throw fail("not-found");
    if (refused.length > 0) {
      const shortage = { variantId, requested: -quantity, available: account.onHand };
      throw fail("stock-shortage", "Exceeds the quantity on hand", { shortages: [shortage] });
    }
    const before = beforeChange(account, netChange(steps));
    const productId = before.onHand <= 0 ? await variants.productOf(variantId, tx) : undefined;
    tx.publish("catalog.stock-changed", {
      variantId,
      productId,
      kind,
      quantity,
      reason,
      before,
      after: account,
    });
    return account;
  });
});

function badQuantity(kind: "receive" | "adjust"): ShopError {
  const message = kind === "receive" ? "must be at least 1" : "must not be 0";
  return new ShopError("validation-failed", undefined, {
    errors: [{ path: "quantity", code: "bad-quantity", message }],
  });
}
