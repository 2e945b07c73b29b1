import { presentUser } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const listUsers = action("users.list", async ({ params }, { users, roles }) => {
  const { email, role, status, ...request } = params;
  const page = await users.list({ email, role, status }, request);
  const names = [...new Set(page.items.map((user) => user.role))];
  const permissions = new Map(
    await Promise.all(names.map(async (name) => [name, await roles.permissionsOf(name)] as const)),
  );
  return { ...page, items: page.items.map((user) => presentUser(user, permissions.get(user.role) ?? [])) };
});
