import { ownerFilter } from "../../../mixins/contract/caller.ts";
import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../orders.dependencies.ts";

export const getTimeline = action(
  "orders.timeline",
  async ({ params, caller, fail }, { orders, timeline }) => {
    if (!(await orders.exists(params.id, ownerFilter(caller, "orders:read")))) throw fail("not-found");
    const entries = await timeline.ofOrder(params.id);
    return { items: entries.map(({ happenedAt, ...entry }) => ({ at: toTimestamp(happenedAt), ...entry })) };
  },
);
