import { action } from "../orders.dependencies.ts";
import { recordManualPayment } from "../payments/record-manual-payment.ts";
import { startOnlinePayment } from "../payments/start-online-payment.ts";

export const recordPayment = action("orders.payments.record", async (context, dependencies) => {
  const { params, fail } = context;
  const online = dependencies.providers.online(params.provider);
  const off = !online && (params.provider !== "manual" || !dependencies.providers.manual);
  if (off) throw fail("validation-failed", undefined, fault("provider", "switched-off", "This provider is not switched on"));
  if (!online) return recordManualPayment(context, dependencies);
  if (params.reference !== undefined)
    throw fail("validation-failed", undefined, fault("reference", "unknown-field", "Only a manual payment has one"));
  return startOnlinePayment(online, context, dependencies);
});

function fault(path: string, code: string, message: string) {
  return { errors: [{ path, code, message }] };
}
