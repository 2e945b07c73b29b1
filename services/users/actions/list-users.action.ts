import { presentUser } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const listUsers = action("users.list", async ({ params }, { users }) => {
  const { email, role, status, ...request } = params;
  const page = await users.list({ email, role, status }, request);
  return { ...page, items: page.items.map(presentUser) };
});
