import { actorOf } from "../../contract/caller.ts";
import { ShopError } from "../../contract/errors.ts";
import { action } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { beforeChange, netChange } from "../domain/stock-account.ts";

export const changeStock = action("catalog.stock.change", async (context, { stock }) => {
  const { params, caller, now, transaction, fail } = context;
  const { variantId, kind, quantity, reason } = params;
  if (quantity === 0 || (kind === "receive" && quantity < 0)) throw badQuantity(kind);
  const steps = [{ kind, quantity }];

  return transaction(async (tx) => {
    const note = { orderId: null, reason, actor: actorText(actorOf(caller)), at: now };
    const refused = await stock.move([{ variantId, steps }], note, tx);
    const account = await stock.byVariant(variantId, tx);
    if (!account) throw fail("not-found");
    if (refused.length > 0) {
      const shortage = { variantId, requested: -quantity, available: account.onHand };
      throw fail("stock-shortage", "Only what is on hand can be taken away", { shortages: [shortage] });
    }
    const before = beforeChange(account, netChange(steps));
    tx.publish("catalog.stock-changed", { variantId, kind, quantity, reason, before, after: account });
    return account;
  });
});

function badQuantity(kind: "receive" | "adjust"): ShopError {
  const message = kind === "receive" ? "must be at least 1" : "must not be 0";
  return new ShopError("validation-failed", undefined, { errors: [{ path: "quantity", code: "bad-quantity", message }] });
}
