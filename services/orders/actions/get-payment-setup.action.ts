import { action } from "../orders.dependencies.ts";
import { presentPaymentSetup } from "../present-payment-method.ts";

export const getPaymentSetup = action(
  "orders.payment-methods.setups.get",
  async ({ params, caller, fail }, { setups }) => {
    const setup = await setups.byId(params.id, caller.userId);
    if (!setup) throw fail("not-found");
    return presentPaymentSetup(setup);
  },
);
