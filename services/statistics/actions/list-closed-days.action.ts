import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../statistics.dependencies.ts";

const always = { from: "0000-01-01", to: "9999-12-31" } as const;

export const listClosedDays = action("statistics.closed-days.list", async ({ params }, { closedDays }) => {
  const { from = always.from, to = always.to } = params;
  const page = await closedDays.list({ from, to }, params);
  return {
    ...page,
    items: page.items.map(({ closedAt, ...same }) => ({
      ...same,
      closedAt: closedAt === null ? null : toTimestamp(closedAt),
    })),
  };
});
