import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { action } from "../after-sales.dependencies.ts";
import { eventBase, presentAfterSale } from "../present.ts";
import { takeStep } from "../steps/take-step.ts";

export const withdrawRequest = action("after-sales.requests.withdraw", async (context, dependencies) => {
  const { params, caller } = context;
  const withdrawn = await takeStep(
    {
      id: params.id,
      visible: { customerId: caller.userId },
      step: "withdraw",
      actor: actorText(actorOf(caller)),
      publish: (after, tx) => tx.publish("after-sales.withdrawn", eventBase(after)),
    },
    context,
    dependencies,
  );
  return presentAfterSale(withdrawn, dependencies.imagePresenter);
});
