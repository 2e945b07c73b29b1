import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentRefund } from "../present.ts";

export const listRefunds = action(
  "orders.refunds.list",
  async ({ params, caller, fail }, { orders, refunds }) => {
    if (!(await orders.exists(params.id, ownerFilter(caller, "orders:read")))) throw fail("not-found");
    return { items: (await refunds.ofOrder(params.id)).map(presentRefund) };
  },
);
