import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { job } from "../catalog.dependencies.ts";

/** Reports what this node's visitors searched for. At most once: what cannot be reported is dropped. */
export const reportSearches = job({
  name: "report-searches",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  async run({ now, call, log }, { searchCounter }) {
    const searches = searchCounter.take();
    if (searches.length === 0) return;
    await call("statistics.activity.report", { at: toTimestamp(now), searches }).catch((error: unknown) =>
      log.warn(`the count of ${searches.length} search terms is lost`, error),
    );
  },
});
