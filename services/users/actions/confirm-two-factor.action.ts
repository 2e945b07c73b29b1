import { hashOfRecoveryCode, newRecoveryCodes } from "../domain/second-factor.ts";
import { askForMail } from "../mail/ask-for-mail.ts";
import { useSecondFactor, waitForCodes, wrongCode } from "../use-second-factor.ts";
import { action } from "../users.dependencies.ts";

/** Turns the second factor on. Other sessions were begun without it, so they end. */
export const confirmTwoFactor = action("users.two-factor.confirm", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { users, sessions, twoFactor, mails } = dependencies;
  const { userId, sessionId } = caller;
  const recoveryCodes = newRecoveryCodes();

  const outcome = await transaction(async (tx) => {
    const user = await users.lock(userId, tx);
    if (!user) throw fail("not-found");
    const factor = await twoFactor.lock(userId, tx);
    if (!factor) throw fail("illegal-transition", "Ask for a secret first", { from: "off" });
    if (factor.confirmedAt !== null) throw fail("illegal-transition", "It is on already", { from: "on" });
    const code = await useSecondFactor(userId, params.code, now, tx, dependencies, { recovery: false });
    if (code !== "right") return code;
    await twoFactor.confirm(userId, now, tx);
    await twoFactor.replaceRecoveryCodes(userId, recoveryCodes.map(hashOfRecoveryCode), tx);
    await sessions.verify(sessionId, now, tx, { secondFactor: true });
    for (const ended of await sessions.endAllOf(userId, now, tx, sessionId))
      tx.publish("users.session-revoked", { userId, sessionId: ended, reason: "two-factor-changed" });
    tx.publish("users.two-factor-changed", { userId, enabled: true });
    await askForMail(mails, { kind: "two-factor-on", recipient: user.email, userId }, now, tx);
    return code;
  });

  if (typeof outcome === "number") throw waitForCodes(outcome, now);
  if (outcome === "wrong") throw wrongCode();
  return { recoveryCodes };
});
