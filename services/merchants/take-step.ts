import type { ActionContext } from "../../mixins/service/action-runtime.ts";
import type { MerchantsDependencies } from "./merchants.dependencies.ts";
import type { MerchantStep } from "./domain/merchant.ts";
import { transition } from "./domain/merchant.ts";
import { merchantState, presentProfile } from "./present.ts";

type StepAction = `merchants.${MerchantStep}`;

/** Takes a step of a merchant's life; other services hear of the new status by `merchants.changed`. */
export async function takeStep(
  step: MerchantStep,
  {
    params,
    now,
    transaction,
    fail,
  }: Pick<ActionContext<StepAction>, "params" | "now" | "transaction" | "fail">,
  { merchants, imagePresenter }: MerchantsDependencies,
) {
  const reason = "reason" in params ? params.reason : undefined;
  return transaction(async (tx) => {
    const merchant = await merchants.lock(params.id, tx);
    if (!merchant) throw fail("not-found");
    const changed = {
      ...merchant,
      status: transition(merchant.status, step),
      reason: reason ?? null,
      version: merchant.version + 1,
      updatedAt: now,
    };
    await merchants.update(merchant, changed, tx);
    tx.publish("merchants.changed", {
      merchantId: merchant.id,
      version: changed.version,
      before: merchantState(merchant),
      after: merchantState(changed),
      ...(reason === undefined ? {} : { reason }),
    });
    return presentProfile(changed, imagePresenter);
  });
}
