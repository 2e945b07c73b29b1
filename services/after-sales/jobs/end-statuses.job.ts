import { isShopError } from "../../../mixins/contract/errors.ts";
import { sweep } from "../../../mixins/service/sweep.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import { job } from "../after-sales.dependencies.ts";
import type { DueAfterSale } from "../data/after-sale-repository.ts";
import { endStatus } from "../steps/end-status.ts";

const name = "end-statuses";

/**
 * Ends statuses whose time is over, longest overdue first. The timers are columns, so they survive everything
 * that the data survive; of several nodes, and of a person who acts at the same moment, the first one wins.
 */
export const endStatuses = job({
  name,
  once: "node",
  every: (config) => config.sweepIntervalMs,
  run: (context, dependencies) =>
    sweep(
      {
        due: (limit, after?: DueAfterSale) => dependencies.afterSales.due("due", context.now, limit, after),
        each: (one) => endOne(one, context, dependencies),
        failed: ({ id }) => `the status of after-sale ${id} could not be ended`,
      },
      context.log,
    ),
});

async function endOne(
  due: DueAfterSale,
  context: JobContext,
  dependencies: AfterSalesDependencies,
): Promise<void> {
  try {
    await endStatus(due, `system:after-sales.${name}`, context, dependencies);
  } catch (error) {
    // Another node, or a person, was faster.
    if (!isShopError(error, "illegal-transition")) throw error;
  }
}
