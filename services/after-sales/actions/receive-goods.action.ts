import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import { answerableBy, assertNotOwn, sideOf } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { eventBase, presentAfterSale } from "../present.ts";
import { refundNow } from "../steps/refund-now.ts";
import { takeStep } from "../steps/take-step.ts";

export const receiveGoods = action("after-sales.answers.receive", async (context, dependencies) => {
  const { params, caller } = context;
  const received = await takeStep(
    {
      id: params.id,
      visible: answerableBy(caller),
      step: "receive",
      actor: actorText(actorOf(caller)),
      details: { restock: params.restock },
      assert: (before) => assertNotOwn(caller, before),
      publish: (after, tx) =>
        tx.publish("after-sales.received", {
          ...eventBase(after),
          remedy: after.remedy,
          by: sideOf(caller, after) === "merchant" ? "merchant" : "staff",
          restocked: params.restock,
        }),
    },
    context,
    dependencies,
  );
  const refunded = await refundNow(received, context, dependencies);
  return presentAfterSale(refunded, dependencies.imagePresenter);
});
