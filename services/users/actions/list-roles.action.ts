import { builtIn } from "../domain/roles.ts";
import { presentRole } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const listRoles = action("users.roles.list", async (_context, { roles }) => ({
  items: [...builtIn.values(), ...(await roles.ofTheShop())].map(presentRole),
  nextCursor: null,
}));
