import { presentWebhook } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

export const getWebhook = action("webhooks.get", async ({ params, now, fail }, { endpoints }) => {
  const endpoint = await endpoints.byId(params.id);
  if (!endpoint) throw fail("not-found");
  return presentWebhook(endpoint, now);
});
