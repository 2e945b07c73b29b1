import { presentAddress } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const getAddress = action("users.addresses.get", async ({ params, caller, fail }, { addresses }) => {
  const saved = await addresses.ofUser(caller.userId, params.id);
  if (!saved) throw fail("not-found");
  return presentAddress(saved);
});
