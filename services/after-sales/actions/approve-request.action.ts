import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";
import { answerableBy, assertNotOwn, sideOf } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { presentAfterSale } from "../present.ts";
import { approve } from "../steps/approve.ts";
import { refundNow } from "../steps/refund-now.ts";

/** Idempotent: repeating one's own approval returns the after-sale as it is. */
export const approveRequest = action("after-sales.answers.approve", async (context, dependencies) => {
  const { params, caller, fail, transaction } = context;
  const { afterSales, steps, imagePresenter } = dependencies;
  const visible = answerableBy(caller);
  const found = await afterSales.byId(params.id, visible);
  if (!found) throw fail("not-found");
  assertNotOwn(caller, found);
  const actor = actorText(actorOf(caller));
  const by = sideOf(caller, found) === "merchant" ? "merchant" : "staff";
  try {
    const approved = await approve(
      found,
      { step: "approve", by, actor, reason: null },
      context,
      dependencies,
    );
    return presentAfterSale(await refundNow(approved, context, dependencies), imagePresenter);
  } catch (error) {
    if (!isShopError(error, "illegal-transition")) throw error;
    const isMine = await transaction((tx) => steps.wasTakenBy(params.id, ["approve"], actor, tx));
    const present = isMine && (await afterSales.byId(params.id, visible));
    if (!present) throw error;
    return presentAfterSale(present, imagePresenter);
  }
});
