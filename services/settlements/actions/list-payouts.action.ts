import { presentPayout } from "../present.ts";
import { action } from "../settlements.dependencies.ts";

export const listPayouts = action("settlements.payouts.list", async ({ params }, { payouts }) => {
  const page = await payouts.list(params);
  return { ...page, items: page.items.map(presentPayout) };
});
