import { presentUser } from "../present.ts";
import { action } from "../users.dependencies.ts";

/** Changes a role or disables an account. Nobody does that to their own account, so that one administrator stays. */
export const updateUser = action("users.update", async (context, { users, sessions }) => {
  const { params, caller, now, transaction, fail } = context;
  if (caller.kind === "user" && caller.userId === params.id)
    throw fail("illegal-transition", "Nobody changes their own role or status; ask another administrator");

  return transaction(async (tx) => {
    const user = await users.byId(params.id, tx);
    if (!user) throw fail("not-found");
    if (user.status === "deleted") throw fail("illegal-transition", "The account was deleted", { from: user.status });
    if (user.version !== params.expectedVersion) throw fail("precondition-failed");
    const role = params.role ?? user.role;
    const status = params.status ?? user.status;
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
    return presentUser(changed);
  });
});
