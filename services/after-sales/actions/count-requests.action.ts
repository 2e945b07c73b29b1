import { answerableBy } from "../access.ts";
import { action } from "../after-sales.dependencies.ts";
import { presentCounts } from "../present.ts";

export const countRequests = action(
  "after-sales.requests.counts",
  async ({ params, caller }, { afterSales }) =>
    presentCounts(await afterSales.counts(answerableBy(caller), params.merchantId)),
);
