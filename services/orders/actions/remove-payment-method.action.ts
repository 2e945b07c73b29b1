import { action } from "../orders.dependencies.ts";
import { removePaymentMethod as remove } from "../payments/remove-payment-methods.ts";

export const removePaymentMethod = action(
  "orders.payment-methods.remove",
  async ({ params, caller, now, transaction, fail }, dependencies) => {
    const method = { id: params.id, customerId: caller.userId };
    if (!(await transaction((tx) => remove(method, "customer", now, tx, dependencies))))
      throw fail("not-found");
    return null;
  },
);
