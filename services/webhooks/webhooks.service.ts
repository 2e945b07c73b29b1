import { defineService } from "../../mixins/service/define-service.ts";
import { createWebhook } from "./actions/create-webhook.action.ts";
import { getDelivery } from "./actions/get-delivery.action.ts";
import { getWebhook } from "./actions/get-webhook.action.ts";
import { listDeliveries } from "./actions/list-deliveries.action.ts";
import { listWebhooks } from "./actions/list-webhooks.action.ts";
import { removeWebhook } from "./actions/remove-webhook.action.ts";
import { replayEvents } from "./actions/replay-events.action.ts";
import { retryDelivery } from "./actions/retry-delivery.action.ts";
import { rotateSecret } from "./actions/rotate-secret.action.ts";
import { testWebhook } from "./actions/test-webhook.action.ts";
import { updateWebhook } from "./actions/update-webhook.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { queueDeliveries } from "./events/queue-deliveries.event.ts";
import { encryptSecrets } from "./jobs/encrypt-secrets.job.ts";
import { removeOldDeliveries } from "./jobs/remove-old-deliveries.job.ts";
import { sendDeliveries } from "./jobs/send-deliveries.job.ts";
import { webhooks } from "./webhooks.contract.ts";
import { webhooksDependencies } from "./webhooks.dependencies.ts";

export default defineService(webhooks, {
  migrations,
  invariants,
  dependencies: webhooksDependencies,
  release: ({ sender }) => sender.stop(),
  actions: [
    listWebhooks,
    getWebhook,
    createWebhook,
    updateWebhook,
    removeWebhook,
    rotateSecret,
    testWebhook,
    listDeliveries,
    getDelivery,
    retryDelivery,
    replayEvents,
  ],
  consumers: [queueDeliveries],
  jobs: [sendDeliveries, removeOldDeliveries, encryptSecrets],
});
