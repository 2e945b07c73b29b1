import { presentApiKey } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const listApiKeys = action("users.api-keys.list", async ({ params }, { apiKeys }) => {
  const page = await apiKeys.list(params);
  return { ...page, items: page.items.map(presentApiKey) };
});
