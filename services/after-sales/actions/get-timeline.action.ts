import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { visibleTo } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";

export const getTimeline = action(
  "after-sales.requests.timeline",
  async ({ params, caller, fail }, { afterSales, steps }) => {
    if (!(await afterSales.byId(params.id, visibleTo(caller)))) throw fail("not-found");
    const entries = await steps.of(params.id);
    return { items: entries.map(({ happenedAt, ...entry }) => ({ at: toTimestamp(happenedAt), ...entry })) };
  },
);
