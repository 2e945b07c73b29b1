import { demandOwn } from "../demand-own.ts";
import { askForMail } from "../mail/ask-for-mail.ts";
import { action } from "../users.dependencies.ts";

/** Staff turn off what its owner has lost. Nobody does that to an account that may do more than they. */
export const resetTwoFactor = action("users.two-factor.reset", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { users, roles, sessions, twoFactor, mails } = dependencies;
  await transaction(async (tx) => {
    const user = await users.lock(params.id, tx);
    if (!user || user.status === "deleted") throw fail("not-found");
    demandOwn(caller, await roles.permissionsOf(user.role, tx));
    if (!(await twoFactor.remove(user.id, tx))) return;
    tx.publish("users.two-factor-changed", { userId: user.id, enabled: false });
    for (const sessionId of await sessions.endAllOf(user.id, now, tx))
      tx.publish("users.session-revoked", { userId: user.id, sessionId, reason: "two-factor-changed" });
    await askForMail(mails, { kind: "two-factor-off", recipient: user.email, userId: user.id }, now, tx);
  });
  return null;
});
