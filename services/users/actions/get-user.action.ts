import { presentUser } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const getUser = action("users.get", async ({ params, fail }, { users, roles }) => {
  const user = await users.byId(params.id);
  if (!user) throw fail("not-found");
  return presentUser(user, await roles.permissionsOf(user.role));
});
