import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { job } from "../cart.dependencies.ts";

/** Reports how many carts this node saw filled. At most once: what cannot be reported is dropped. */
export const reportCarts = job({
  name: "report-carts",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  async run({ now, call, log }, { filledCarts }) {
    const carts = filledCarts.take();
    if (carts === 0) return;
    await call("statistics.activity.report", { at: toTimestamp(now), carts }).catch((error: unknown) =>
      log.warn(`the count of ${carts} carts is lost`, error),
    );
  },
});
