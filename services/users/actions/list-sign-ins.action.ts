import { presentSignIn } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const listSignIns = action("users.sign-ins.list", async ({ params, caller }, { signIns }) => {
  const page = await signIns.list(caller.userId, params);
  return { ...page, items: page.items.map(presentSignIn) };
});
