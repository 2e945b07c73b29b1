import { may } from "../../../mixins/contract/caller.ts";
import { addDays } from "../domain/day.ts";
import { noCounts } from "../domain/presence.ts";
import { merchantsOf } from "../period.ts";
import { presentFigures } from "../present.ts";
import { action } from "../statistics.dependencies.ts";

export const getOverview = action("statistics.overview", async (context, dependencies) => {
  const { calendar, figures, presence, currency } = dependencies;
  const { params, caller, now } = context;
  const today = calendar.dayOf(now);
  const from = addDays(today, 1 - params.days);
  const merchants = merchantsOf(caller, params.merchantId);
  const isStaff = may(caller, "statistics:read");
  const [ofToday, ofPeriod, online, [counts]] = await Promise.all([
    figures.total({ from: today, to: today, merchants }),
    figures.total({ from, to: today, merchants }),
    isStaff ? presence.online() : 0,
    isStaff ? presence.countsOf(today, today) : [],
  ]);
  const { logins, peak } = counts ?? noCounts;
  return {
    timeZone: calendar.timeZone,
    today: { day: today, ...presentFigures(ofToday, currency) },
    period: { from, to: today, ...presentFigures(ofPeriod, currency) },
    users: isStaff ? { online, peakToday: Math.max(peak, online), loginsToday: logins } : null,
  };
});
