import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { action } from "../after-sales.dependencies.ts";
import { eventBase, presentAfterSale } from "../present.ts";
import { takeStep } from "../steps/take-step.ts";

export const sendBack = action("after-sales.requests.send-back", async (context, dependencies) => {
  const { params, caller } = context;
  const sent = await takeStep(
    {
      id: params.id,
      visible: { customerId: caller.userId },
      step: "send-back",
      actor: actorText(actorOf(caller)),
      details: { returnCarrier: params.carrier, returnTracking: params.trackingNumber },
      publish: (after, tx) => tx.publish("after-sales.sent-back", eventBase(after)),
    },
    context,
    dependencies,
  );
  return presentAfterSale(sent, dependencies.imagePresenter);
});
