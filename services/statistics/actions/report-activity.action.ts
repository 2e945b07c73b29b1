import { action } from "../statistics.dependencies.ts";

export const reportActivity = action("statistics.activity.report", async (context, dependencies) => {
  const { calendar, presence, searches } = dependencies;
  const { params, transaction } = context;
  const day = calendar.dayOf(Date.parse(params.at));
  await transaction(async (tx) => {
    if (params.carts > 0) await presence.count(new Map([[day, { carts: params.carts }]]), tx);
    if (params.searches.length > 0) await searches.add(day, params.searches, tx);
  });
  return null;
});
