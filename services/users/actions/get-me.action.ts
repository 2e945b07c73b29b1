import { presentOwnUser } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const getMe = action("users.me.get", async ({ caller, fail }, { users, roles, imagePresenter }) => {
  const user = await users.byId(caller.userId);
  if (!user) throw fail("not-found");
  return presentOwnUser(user, await roles.permissionsOf(user.role), imagePresenter);
});
