import { sweep } from "../../../mixins/service/sweep.ts";
import { job } from "../after-sales.dependencies.ts";
import type { DueAfterSale } from "../data/after-sale-repository.ts";
import { giveRefund } from "../steps/give-refund.ts";
import { refunder } from "../steps/refund-now.ts";

/** Gives owed refunds that were not given at once: after a deadline, a failure or a crash. */
export const giveRefunds = job({
  name: "give-refunds",
  once: "node",
  every: (config) => config.sweepIntervalMs,
  run: (context, dependencies) =>
    sweep(
      {
        due: (limit, after?: DueAfterSale) =>
          dependencies.afterSales.due("refund", context.now, limit, after),
        each: (one) => giveRefund(one, context, refunder, dependencies),
        failed: ({ id }) => `the refund of after-sale ${id} failed`,
      },
      context.log,
    ),
});
