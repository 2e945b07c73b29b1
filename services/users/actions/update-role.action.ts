import { demandOwn } from "../demand-own.ts";
import { builtIn, knownPermissions } from "../domain/roles.ts";
import { presentRole } from "../present.ts";
import { action } from "../users.dependencies.ts";

/** Changes a role of the shop's own making; its holders have the new permissions with their next request. */
export const updateRole = action("users.roles.update", async (context, { roles }) => {
  const { params, caller, now, transaction, fail } = context;
  const { name } = params;
  if (builtIn.has(name)) throw fail("illegal-transition", "This role comes with the shop; make one of your own instead");
  return transaction(async (tx) => {
    const role = await roles.lock(name, tx);
    if (!role) throw fail("not-found");
    if (role.version !== params.expectedVersion) throw fail("precondition-failed");
    const summary = params.summary ?? role.summary;
    const permissions = params.permissions ? knownPermissions(params.permissions) : role.permissions;
    demandOwn(caller, [...role.permissions, ...permissions]);
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
