import { action } from "../after-sales.dependencies.ts";
import { presentCounts } from "../present.ts";

export const countMine = action("after-sales.requests.my-counts", async ({ caller }, { afterSales }) =>
  presentCounts(await afterSales.counts({ customerId: caller.userId }, undefined)),
);
