import { newId } from "../../../mixins/contract/ids.ts";
import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { isSuccess } from "../domain/outcome.ts";
import { presentAttempt } from "../present.ts";
import { postEvent } from "../sending/post-event.ts";
import { action } from "../webhooks.dependencies.ts";

/** Sends an event that means nothing, and answers what came back. */
export const testWebhook = action("webhooks.test", async ({ params, now, fail }, { endpoints, rules }) => {
  const endpoint = await endpoints.byId(params.id);
  if (!endpoint) throw fail("not-found");
  const data = { webhookId: endpoint.id };
  const body = JSON.stringify({ type: "webhooks.test", timestamp: toTimestamp(now), data });
  const attempt = await postEvent(endpoint, { id: newId(), body }, rules);
  if (!attempt) throw fail("unavailable");
  return { ...presentAttempt(attempt), delivered: isSuccess(attempt) };
});
