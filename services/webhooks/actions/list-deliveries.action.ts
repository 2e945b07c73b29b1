import { presentDelivery } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

export const listDeliveries = action("webhooks.deliveries.list", async (context, dependencies) => {
  const { params, fail } = context;
  const { endpoints, deliveries } = dependencies;
  const { id, status, type, from, before, ...request } = params;
  if (!(await endpoints.byId(id))) throw fail("not-found");
  const filter = { status, type, from: moment(from), before: moment(before) };
  const page = await deliveries.list(id, filter, request);
  return { ...page, items: page.items.map(presentDelivery) };
});

function moment(timestamp: string | undefined): number | undefined {
  return timestamp === undefined ? undefined : Date.parse(timestamp);
}
