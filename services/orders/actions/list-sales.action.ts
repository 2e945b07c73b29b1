import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../orders.dependencies.ts";

export const listSales = action("orders.sales.list", async ({ params }, { sales }) => {
  const { from, before, after, limit } = params;
  const found = await sales.list({
    from: Date.parse(from),
    before: Date.parse(before),
    after: after && { placedAt: Date.parse(after.placedAt), orderId: after.orderId },
    limit,
  });
  const timed = <T extends { readonly at: number }>({ at, ...same }: T) => ({ ...same, at: toTimestamp(at) });
  return {
    items: found.map((sale) => ({
      orderId: sale.orderId,
      lines: [...sale.lines],
      shipping: [...sale.shipping],
      steps: sale.steps.map(timed),
      refunds: sale.refunds.map(({ parts, ...refund }) => ({ ...timed(refund), parts: [...parts] })),
      returns: sale.returns.map(({ lines, ...one }) => ({ ...timed(one), lines: [...lines] })),
    })),
  };
});
