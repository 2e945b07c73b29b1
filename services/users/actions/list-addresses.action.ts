import { presentAddress } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const listAddresses = action("users.addresses.list", async ({ params, caller }, { addresses }) => {
  const page = await addresses.list(caller.userId, params);
  return { ...page, items: page.items.map(presentAddress) };
});
