import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentReturn } from "../present.ts";

export const listReturns = action(
  "orders.returns.list",
  async ({ params, caller, fail }, { orders, returns }) => {
    if (!(await orders.exists(params.id, ownerFilter(caller, "orders:read")))) throw fail("not-found");
    return { items: (await returns.ofOrder(params.id)).map(presentReturn) };
  },
);
