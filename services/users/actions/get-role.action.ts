import { presentRole } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const getRole = action("users.roles.get", async ({ params, fail }, { roles }) => {
  const role = await roles.byName(params.name);
  if (!role) throw fail("not-found");
  return presentRole(role);
});
