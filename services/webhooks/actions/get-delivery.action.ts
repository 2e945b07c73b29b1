import { presentAttempt, presentDelivery } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

export const getDelivery = action("webhooks.deliveries.get", async (context, dependencies) => {
  const { params, fail } = context;
  const { endpoints, deliveries } = dependencies;
  const endpoint = await endpoints.byId(params.id);
  const delivery = endpoint && (await deliveries.byId(endpoint.id, params.deliveryId));
  if (!delivery) throw fail("not-found");
  const attempts = await deliveries.attemptsOf(delivery.id);
  return { ...presentDelivery(delivery), log: attempts.map(presentAttempt) };
});
