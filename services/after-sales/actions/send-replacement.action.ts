import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { answerableBy } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { eventBase, eventLines, presentAfterSale } from "../present.ts";
import { takeStep } from "../steps/take-step.ts";

export const sendReplacement = action("after-sales.answers.replace", async (context, dependencies) => {
  const { params, caller, transaction } = context;
  const replaced = await takeStep(
    {
      id: params.id,
      visible: answerableBy(caller),
      step: "replace",
      actor: actorText(actorOf(caller)),
      details: { replacementCarrier: params.carrier, replacementTracking: params.trackingNumber },
      publish: (after, tx) =>
        tx.publish("after-sales.replaced", {
          ...eventBase(after),
          replacementId: after.replacementId ?? after.id,
          lines: eventLines(after),
          restocked: after.restock ?? false,
          reason: `After-sale: ${after.reason}`,
        }),
    },
    { ...context, transaction },
    dependencies,
  );
  return presentAfterSale(replaced, dependencies.imagePresenter);
});
