import { regionsBelow } from "../regions/regions.ts";
import { action } from "../users.dependencies.ts";

export const listRegionsBelow = action("users.regions.below", async ({ params, fail }) => {
  const regions = await regionsBelow(params.country, params.code);
  if (!regions) throw fail("not-found");
  return { items: [...regions] };
});
