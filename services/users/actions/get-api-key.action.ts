import { presentApiKey } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const getApiKey = action("users.api-keys.get", async ({ params, fail }, { apiKeys }) => {
  const key = await apiKeys.byId(params.id);
  if (!key) throw fail("not-found");
  return presentApiKey(key);
});
