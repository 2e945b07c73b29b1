import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentPayment } from "../present.ts";

export const listPayments = action(
  "orders.payments.list",
  async ({ params, caller, fail }, { orders, payments }) => {
    if (!(await orders.exists(params.id, ownerFilter(caller, "orders:read")))) throw fail("not-found");
    return { items: (await payments.ofOrder(params.id)).map(presentPayment) };
  },
);
