import { presentUser } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const getUser = action("users.get", async ({ params, fail }, { users }) => {
  const user = await users.byId(params.id);
  if (!user) throw fail("not-found");
  return presentUser(user);
});
