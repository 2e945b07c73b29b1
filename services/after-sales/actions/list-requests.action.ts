import { answerableBy } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { presentSummary, timeOf } from "../present.ts";

export const listRequests = action(
  "after-sales.requests.list",
  async ({ params, caller }, { afterSales }) => {
    const { status, kind, orderId, dueBefore, merchantId, customerId, ...request } = params;
    const filter = { status, kind, orderId, merchantId, customerId, dueBefore: timeOf(dueBefore) };
    const found = await afterSales.list(answerableBy(caller), filter, request);
    return { ...found, items: found.items.map(presentSummary) };
  },
);
