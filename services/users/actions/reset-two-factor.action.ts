import { assertCanGrant } from "../assert-can-grant.ts";
import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/**
 * Staff disable an account's lost second factor. Prevents privilege escalation: the account may have only
 * permissions that they hold.
 */
export const resetTwoFactor = action("users.two-factor.reset", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { users, roles, sessions, twoFactor, mails } = dependencies;
  await transaction(async (tx) => {
    const user = await users.lock(params.id, tx);
    if (!user || user.status === "deleted") throw fail("not-found");
    assertCanGrant(caller, await roles.permissionsOf(user.role, tx));
    if (!(await twoFactor.remove(user.id, tx))) return;
    tx.publish("users.two-factor-changed", { userId: user.id, enabled: false });
    for (const sessionId of await sessions.endAllOf(user.id, now, tx))
      tx.publish("users.session-revoked", { userId: user.id, sessionId, reason: "two-factor-changed" });
    await requestMail(mails, { kind: "two-factor-off", recipient: user.email, userId: user.id }, now, tx);
  });
  return null;
});
