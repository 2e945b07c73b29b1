import { assertCanGrant } from "../assert-can-grant.ts";
import { builtIn, knownPermissions } from "../domain/roles.ts";
import { presentRole } from "../present.ts";
import { action } from "../users.dependencies.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";

/** Changes a custom role; the permissions apply from the holders' next request on. */
export const updateRole = action("users.roles.update", async (context, { roles }) => {
  const { params, caller, now, transaction, fail } = context;
  const { name } = params;
  if (builtIn.has(name))
    throw fail("illegal-transition", "Built-in roles cannot be changed; create a custom one instead");
  return transaction(async (tx) => {
    const role = await roles.lock(name, tx);
    if (!role) throw fail("not-found");
    assertVersion(role, params);
    const summary = params.summary ?? role.summary;
    const permissions = params.permissions ? knownPermissions(params.permissions) : role.permissions;
    assertCanGrant(caller, [...role.permissions, ...permissions]);
    const changed = { ...role, summary, permissions, version: role.version + 1, updatedAt: now };
    await roles.update(changed, tx);
    tx.publish("users.role-changed", {
      name,
      before: { summary: role.summary, permissions: [...role.permissions] },
      after: { summary, permissions: [...permissions] },
    });
    return presentRole(changed);
  });
});
