import { assertCanGrant } from "../assert-can-grant.ts";
import { knownPermissions } from "../domain/roles.ts";
import { presentRole } from "../present.ts";
import { action } from "../users.dependencies.ts";

const rolesOfTheShop = 100;

export const createRole = action("users.roles.create", async (context, { roles }) => {
  const { params, caller, now, transaction, fail } = context;
  const { name, summary } = params;
  const permissions = knownPermissions(params.permissions);
  assertCanGrant(caller, permissions);
  if ((await roles.ofTheShop()).length >= rolesOfTheShop)
    throw fail("limit-reached", `A shop can have at most ${rolesOfTheShop} custom roles`, {
      limit: rolesOfTheShop,
    });
  const role = { name, summary, permissions, version: 1, createdAt: now, updatedAt: now };
  await transaction(async (tx) => {
    if (!(await roles.insert(role, tx)))
      throw fail("already-exists", undefined, {
        errors: [{ path: "name", code: "taken", message: "is a role already" }],
      });
    tx.publish("users.role-changed", { name, before: null, after: { summary, permissions } });
  });
  return presentRole(role);
});
