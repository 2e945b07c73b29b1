import { presentWebhook } from "../present.ts";
import { action } from "../webhooks.dependencies.ts";

export const listWebhooks = action("webhooks.list", async ({ params, now }, { endpoints }) => {
  const page = await endpoints.list(params);
  return { ...page, items: page.items.map((endpoint) => presentWebhook(endpoint, now)) };
});
