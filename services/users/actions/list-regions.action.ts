import { regionsBelow } from "../regions/regions.ts";
import { action } from "../users.dependencies.ts";

export const listRegions = action("users.regions.list", async ({ params }) => ({
  items: [...((await regionsBelow(params.country)) ?? [])],
}));
