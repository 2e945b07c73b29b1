import { sweep } from "../../../mixins/service/sweep.ts";
import { job } from "../after-sales.dependencies.ts";
import type { DueAfterSale } from "../data/after-sale-repository.ts";
import { tellOrders } from "../steps/tell-orders.ts";

/** Tells orders which after-sales have begun and ended. */
export const tellOrdersOfAfterSales = job({
  name: "tell-orders",
  once: "node",
  every: (config) => config.sweepIntervalMs,
  run: (context, dependencies) =>
    sweep(
      {
        due: (limit, after?: DueAfterSale) => dependencies.afterSales.due("hold", context.now, limit, after),
        each: (one) => tellOrders(one, context, dependencies),
        failed: ({ id }) => `orders could not be told of after-sale ${id}`,
      },
      context.log,
    ),
});
