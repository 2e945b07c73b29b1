import { action } from "../after-sales.dependencies.ts";
import { presentSummary, timeOf } from "../present.ts";

export const listMine = action("after-sales.requests.mine", async ({ params, caller }, { afterSales }) => {
  const { status, kind, orderId, dueBefore, ...request } = params;
  const filter = { status, kind, orderId, dueBefore: timeOf(dueBefore) };
  const found = await afterSales.list({ customerId: caller.userId }, filter, request);
  return { ...found, items: found.items.map(presentSummary) };
});
