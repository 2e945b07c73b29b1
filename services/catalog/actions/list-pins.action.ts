import { action } from "../catalog.dependencies.ts";
import { presentPin } from "../present-search-tuning.ts";

export const listPins = action("catalog.pins.list", async ({ params }, { pins }) => {
  const page = await pins.list(params);
  return { ...page, items: page.items.map(presentPin) };
});
