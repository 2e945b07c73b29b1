import { job } from "../orders.dependencies.ts";
import { giveRefund } from "../payments/give-refund.ts";

const atOnce = 8;
const mostInOneRun = 400;

/** Money that is due back is given back, as often as it takes and once each. */
export const giveRefunds = job({
  name: "give-refunds",
  every: (config) => config.sweepIntervalMs,
  async run({ now, transaction }, dependencies) {
    for (let given = 0; given < mostInOneRun; given += atOnce) {
      const due = await transaction((tx) => dependencies.refunds.due(now, atOnce, tx));
      await Promise.all(due.map((refund) => giveRefund(refund, { now, transaction }, dependencies)));
      if (due.length < atOnce) return;
    }
  },
});
