import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";
import { assertNotOwn } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { eventBase, presentAfterSale } from "../present.ts";
import { approve } from "../steps/approve.ts";
import { refundNow } from "../steps/refund-now.ts";
import { takeStep } from "../steps/take-step.ts";

/** Idempotent: repeating one's own decision returns the after-sale as it is. */
export const decideDispute = action("after-sales.answers.decide", async (context, dependencies) => {
  const { params, caller, fail, transaction } = context;
  const { afterSales, steps, imagePresenter } = dependencies;
  const { id, decision, reason } = params;
  const found = await afterSales.byId(id, "all");
  if (!found) throw fail("not-found");
  assertNotOwn(caller, found);
  const actor = actorText(actorOf(caller));
  if (decision === "dismiss") {
    const dismissed = await takeStep(
      {
        id,
        visible: "all",
        step: "dismiss",
        actor,
        reason,
        publish: (after, tx) =>
          tx.publish("after-sales.closed", { ...eventBase(after), because: "dismissed" }),
      },
      context,
      dependencies,
    );
    return presentAfterSale(dismissed, imagePresenter);
  }
  const step = found.sentBackAt === null ? "uphold" : "uphold-received";
  try {
    const upheld = await approve(found, { step, by: "staff", actor, reason }, context, dependencies);
    return presentAfterSale(await refundNow(upheld, context, dependencies), imagePresenter);
  } catch (error) {
    if (!isShopError(error, "illegal-transition")) throw error;
    const taken = ["uphold", "uphold-received"] as const;
    const isMine = await transaction((tx) => steps.wasTakenBy(id, taken, actor, tx));
    const present = isMine && (await afterSales.byId(id, "all"));
    if (!present) throw error;
    return presentAfterSale(present, imagePresenter);
  }
});
