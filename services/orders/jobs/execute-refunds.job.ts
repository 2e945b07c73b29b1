import { job } from "../orders.dependencies.ts";
import { executeRefund } from "../payments/execute-refund.ts";

const concurrency = 8;
const maxPerRun = 400;

/** Executes due refunds, with retries and once each. */
export const executeRefunds = job({
  name: "give-refunds",
  once: "node",
  every: (config) => config.sweepIntervalMs,
  async run({ now, transaction }, dependencies) {
    for (let executed = 0; executed < maxPerRun; executed += concurrency) {
      const due = await transaction((tx) => dependencies.refunds.due(now, concurrency, tx));
      await Promise.all(due.map((refund) => executeRefund(refund, { now, transaction }, dependencies)));
      if (due.length < concurrency) return;
    }
  },
});
