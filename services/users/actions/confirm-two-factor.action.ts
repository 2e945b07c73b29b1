import { hashOfRecoveryCode, newRecoveryCodes } from "../domain/second-factor.ts";
import { requestMail } from "../mail/request-mail.ts";
import { verifySecondFactor, codesBlocked, wrongCode } from "../use-second-factor.ts";
import { action } from "../users.dependencies.ts";

/** Enables the second factor. Ends the other sessions, which began without it. */
export const confirmTwoFactor = action("users.two-factor.confirm", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { users, sessions, twoFactor, mails } = dependencies;
  const { userId, sessionId } = caller;
  const recoveryCodes = newRecoveryCodes();

  const outcome = await transaction(async (tx) => {
    const user = await users.lock(userId, tx);
    if (!user) throw fail("not-found");
    const factor = await twoFactor.lock(userId, tx);
    if (!factor) throw fail("illegal-transition", "Request a secret first", { from: "off" });
    if (factor.confirmedAt !== null)
      throw fail("illegal-transition", "Two-factor authentication is enabled already", { from: "on" });
    const code = await verifySecondFactor(userId, params.code, now, tx, dependencies, { recovery: false });
    if (code !== "right") return code;
    await twoFactor.confirm(userId, now, tx);
    await twoFactor.replaceRecoveryCodes(userId, recoveryCodes.map(hashOfRecoveryCode), tx);
    await sessions.verify(sessionId, now, tx, { secondFactor: true });
    for (const ended of await sessions.endAllOf(userId, now, tx, sessionId))
      tx.publish("users.session-revoked", { userId, sessionId: ended, reason: "two-factor-changed" });
    tx.publish("users.two-factor-changed", { userId, enabled: true });
    await requestMail(mails, { kind: "two-factor-on", recipient: user.email, userId }, now, tx);
    return code;
  });

  if (typeof outcome === "number") throw codesBlocked(outcome, now);
  if (outcome === "wrong") throw wrongCode();
  return { recoveryCodes };
});
