import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { action } from "../after-sales.dependencies.ts";
import { eventBase, presentAfterSale } from "../present.ts";
import { takeStep } from "../steps/take-step.ts";

export const escalateRequest = action("after-sales.requests.escalate", async (context, dependencies) => {
  const { params, caller } = context;
  const disputed = await takeStep(
    {
      id: params.id,
      visible: { customerId: caller.userId },
      step: "escalate",
      actor: actorText(actorOf(caller)),
      reason: params.reason,
      publish: (after, tx) => tx.publish("after-sales.escalated", eventBase(after)),
    },
    context,
    dependencies,
  );
  return presentAfterSale(disputed, dependencies.imagePresenter);
});
