import { assertCanGrant } from "../assert-can-grant.ts";
import { presentUser } from "../present.ts";
import { action } from "../users.dependencies.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";

/**
 * Changes a role or disables an account. Staff can change neither their own account nor one with permissions
 * that they lack. At least one administrator remains.
 */
export const updateUser = action("users.update", async (context, { users, roles, sessions }) => {
  const { params, caller, now, transaction, fail } = context;
  if (caller.kind === "user" && caller.userId === params.id)
    throw fail("illegal-transition", "You cannot change your own role or status; ask another administrator");

  return transaction(async (tx) => {
    const next = params.role === undefined ? undefined : await roles.lock(params.role, tx);
    if (params.role !== undefined && !next)
      throw fail("validation-failed", undefined, {
        errors: [{ path: "role", code: "unknown-role", message: "is not a role of this shop" }],
      });
    const administrators = await users.lockAdministrators(tx);
    const user = await users.lock(params.id, tx);
    if (!user) throw fail("not-found");
    if (user.status === "deleted")
      throw fail("illegal-transition", "The account was deleted", { from: user.status });
    assertVersion(user, params);

    const role = params.role ?? user.role;
    const status = params.status ?? user.status;
    const before = await roles.permissionsOf(user.role, tx);
    assertCanGrant(caller, [...before, ...(next?.permissions ?? [])]);
    const administers = user.role === "administrator" && user.status === "active";
    if (administers && (role !== user.role || status !== "active") && administrators <= 1)
      throw fail("illegal-transition", "The last administrator cannot be removed; appoint another one first");

    const changed = { ...user, role, status, version: user.version + 1, updatedAt: now };
    if (!(await users.update(changed, tx))) throw fail("precondition-failed");
    tx.publish("users.account-changed", {
      userId: user.id,
      before: { role: user.role, status: user.status },
      after: { role, status },
    });
    if (status === "disabled")
      for (const sessionId of await sessions.endAllOf(user.id, now, tx))
        tx.publish("users.session-revoked", { userId: user.id, sessionId, reason: "account-disabled" });
    return presentUser(changed, next?.permissions ?? before);
  });
});
