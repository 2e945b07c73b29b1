import { demandOwn } from "../demand-own.ts";
import { builtIn } from "../domain/roles.ts";
import { action } from "../users.dependencies.ts";

/** Removes a role. Whoever gives it to an account locks it too, so that nobody is left with a role that is gone. */
export const removeRole = action("users.roles.remove", async (context, { roles, users }) => {
  const { params, caller, transaction, fail } = context;
  const { name } = params;
  if (builtIn.has(name)) throw fail("illegal-transition", "This role comes with the shop");
  await transaction(async (tx) => {
    const role = await roles.lock(name, tx);
    if (!role) throw fail("not-found");
    demandOwn(caller, role.permissions);
    if (await users.anyWithRole(name, tx)) throw fail("in-use", "There are accounts with this role");
    await roles.remove(name, tx);
    const { summary, permissions } = role;
    tx.publish("users.role-changed", { name, before: { summary, permissions: [...permissions] }, after: null });
  });
  return null;
});
