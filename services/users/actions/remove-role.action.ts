import { assertCanGrant } from "../assert-can-grant.ts";
import { builtIn } from "../domain/roles.ts";
import { action } from "../users.dependencies.ts";

/** Removes a role. Granting a role locks it too, so no account can be left with a removed one. */
export const removeRole = action("users.roles.remove", async (context, { roles, users }) => {
  const { params, caller, transaction, fail } = context;
  const { name } = params;
  if (builtIn.has(name)) throw fail("illegal-transition", "Built-in roles cannot be removed");
  await transaction(async (tx) => {
    const role = await roles.lock(name, tx);
    if (!role) throw fail("not-found");
    assertCanGrant(caller, role.permissions);
    if (await users.anyWithRole(name, tx)) throw fail("in-use", "There are accounts with this role");
    await roles.remove(name, tx);
    const { summary, permissions } = role;
    tx.publish("users.role-changed", {
      name,
      before: { summary, permissions: [...permissions] },
      after: null,
    });
  });
  return null;
});
