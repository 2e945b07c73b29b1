import { presentDelivery } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

/** Sends a delivery again, whatever became of it. One whose attempt is under way stays as it is. */
export const retryDelivery = action("webhooks.deliveries.retry", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { endpoints, deliveries, sender } = dependencies;
  const delivery = await transaction(async (tx) => {
    const endpoint = await endpoints.lock(params.id, tx);
    const known = endpoint && (await deliveries.byId(endpoint.id, params.deliveryId, tx));
    if (!known) throw fail("not-found");
    const after = endpoint.ordered ? await endpoints.takePositions(endpoint.id, 1, tx) : -1;
    if (await deliveries.retry(known.id, after + 1, now, tx))
      tx.publish("webhooks.replayed", { webhookId: endpoint.id, deliveries: 1 });
    return (await deliveries.byId(endpoint.id, known.id, tx)) ?? known;
  });
  sender.nudge();
  return presentDelivery(delivery);
});
