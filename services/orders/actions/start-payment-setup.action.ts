import { startPaymentSetup as start } from "../payments/start-payment-setup.ts";
import { action } from "../orders.dependencies.ts";

export const startPaymentSetup = action("orders.payment-methods.setups.start", async (context, needs) => {
  const saved = needs.providers.savedMethods(context.params.provider);
  if (saved) return start(saved, context, needs);
  const message = "This provider is not enabled, or cannot save payment methods";
  throw context.fail("validation-failed", undefined, {
    errors: [{ path: "provider", code: "not-supported", message }],
  });
});
