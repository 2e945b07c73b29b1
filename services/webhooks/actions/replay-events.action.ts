import { action } from "../webhooks.dependencies.ts";

const maxAtOnce = 10_000;
/** Events that are about to be removed are not replayed. */
const marginMs = 3_600_000;

/** Sends past events that the webhook's filter lets through, as new deliveries. */
export const replayEvents = action("webhooks.replay", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { endpoints, deliveries, sender, retentionMs } = dependencies;
  const from = Math.max(Date.parse(params.from), now - retentionMs + marginMs);
  const interval = { from, before: Date.parse(params.before) };
  const added = await transaction(async (tx) => {
    const endpoint = await endpoints.lock(params.id, tx);
    if (!endpoint) throw fail("not-found");
    const count = await deliveries.countEvents(interval, endpoint.events, maxAtOnce + 1, tx);
    if (count > maxAtOnce) throw fail("limit-reached", undefined, { limit: maxAtOnce });
    if (count === 0) return 0;
    const after = endpoint.ordered ? await endpoints.takePositions(endpoint.id, count, tx) : 0;
    const number = await deliveries.replay(endpoint, interval, after, now, tx);
    tx.publish("webhooks.replayed", { webhookId: endpoint.id, deliveries: number });
    return number;
  });
  sender.nudge();
  return { deliveries: added };
});
