import { action } from "../orders.dependencies.ts";
import { presentPaymentMethod } from "../present-payment-method.ts";

/** Of concurrent changes of the default the last one wins: the payer's row names one method only. */
export const changePaymentMethod = action(
  "orders.payment-methods.change",
  async ({ params, caller, transaction, fail }, { payers, methods }) =>
    transaction(async (tx) => {
      await payers.lock(caller.userId, tx);
      const method = await methods.active(params.id, caller.userId, tx);
      if (!method) throw fail("not-found");
      await payers.setDefault(caller.userId, method.id, { ifNone: false }, tx);
      return presentPaymentMethod({ ...method, isDefault: true });
    }),
);
