import { webhookState } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

export const removeWebhook = action("webhooks.remove", async (context, { endpoints }) => {
  const { params, now, transaction, fail } = context;
  await transaction(async (tx) => {
    const removed = await endpoints.lock(params.id, tx);
    if (!removed) throw fail("not-found");
    await endpoints.remove(removed.id, now, tx);
    tx.publish("webhooks.changed", { webhookId: removed.id, before: webhookState(removed), after: null });
  });
  return null;
});
