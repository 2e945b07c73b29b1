import { ownerFilter } from "../../../mixins/contract/caller.ts";
import type { ShopError } from "../../../mixins/contract/errors.ts";
import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import { moneyAction } from "../money/limit-money.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { payWithSavedMethod } from "../payments/pay-with-saved-method.ts";
import { recordManualPayment } from "../payments/record-manual-payment.ts";
import { startOnlinePayment } from "../payments/start-online-payment.ts";

type Context = ActionContext<"orders.payments.record">;

export const recordPayment = moneyAction("orders.payments.record", async (context, dependencies) => {
  const { params } = context;
  if (params.paymentMethodId !== undefined)
    return payWithSavedMethod(params.paymentMethodId, context, dependencies);
  const online = dependencies.providers.online(params.provider);
  const off = !online && (params.provider !== "manual" || !dependencies.providers.manual);
  if (off)
    throw await refusal("provider", "switched-off", "This provider is not enabled", context, dependencies);
  if (!online) return recordManualPayment(context, dependencies);
  if (params.reference !== undefined)
    throw await refusal(
      "reference",
      "unknown-field",
      "Only manual payments have a reference",
      context,
      dependencies,
    );
  return startOnlinePayment(online, context, dependencies);
});

/** Whoever may not pay the order learns nothing else. */
async function refusal(
  path: string,
  code: string,
  message: string,
  { params, caller, fail }: Context,
  { orders }: OrdersDependencies,
): Promise<ShopError> {
  if (!(await orders.byId(params.id, ownerFilter(caller, "orders:write")))) return fail("not-found");
  return fail("validation-failed", undefined, { errors: [{ path, code, message }] });
}
