import { newId } from "../../../mixins/contract/ids.ts";
import { assertEndpoint } from "../assert-endpoint.ts";
import { newSigningSecret } from "../domain/signature.ts";
import { presentWebhook, webhookState } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

const maxWebhooks = 100;

/** Creates a webhook. The response is the only place that shows its secret. */
export const createWebhook = action("webhooks.create", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  const { endpoints } = dependencies;
  assertEndpoint(params, dependencies);
  const created = {
    id: newId(),
    ...params,
    disabledReason: null,
    failingSince: null,
    secret: newSigningSecret(),
    previousSecret: null,
    previousUntil: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await transaction(async (tx) => {
    if ((await endpoints.count(tx)) >= maxWebhooks)
      throw fail("limit-reached", undefined, { limit: maxWebhooks });
    await endpoints.insert(created, tx);
    tx.publish("webhooks.changed", { webhookId: created.id, before: null, after: webhookState(created) });
  });
  return { ...presentWebhook(created, now), secret: created.secret };
});
