import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { answerableBy, assertNotOwn } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { eventBase, presentAfterSale } from "../present.ts";
import { takeStep } from "../steps/take-step.ts";

export const rejectRequest = action("after-sales.answers.reject", async (context, dependencies) => {
  const { params, caller } = context;
  const rejected = await takeStep(
    {
      id: params.id,
      visible: answerableBy(caller),
      step: "reject",
      actor: actorText(actorOf(caller)),
      reason: params.reason,
      assert: (before) => assertNotOwn(caller, before),
      publish: (after, tx) => tx.publish("after-sales.rejected", eventBase(after)),
    },
    context,
    dependencies,
  );
  return presentAfterSale(rejected, dependencies.imagePresenter);
});
