import { action } from "../orders.dependencies.ts";
import { presentPaymentMethod } from "../present-payment-method.ts";

export const listPaymentMethods = action(
  "orders.payment-methods.list",
  async ({ params, caller }, { methods }) => {
    const page = await methods.list(caller.userId, params);
    return { ...page, items: page.items.map(presentPaymentMethod) };
  },
);
