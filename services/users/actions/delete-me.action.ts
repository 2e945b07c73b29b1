import { anonymous } from "../anonymous.ts";
import { askForMail } from "../mail/ask-for-mail.ts";
import { action } from "../users.dependencies.ts";

/**
 * Deletes the caller's account: what is left is a number that orders refer to. Other services that keep personal data
 * learn of it by the event.
 */
export const deleteMe = action("users.me.delete", async (context, dependencies) => {
  const { caller, now, transaction, fail } = context;
  const { users, sessions, signIns, twoFactor, addresses, oneTimeTokens, mails } = dependencies;

  await transaction(async (tx) => {
    const administrators = await users.lockAdministrators(tx);
    const user = await users.lock(caller.userId, tx);
    if (!user || user.status === "deleted") throw fail("not-found");
    if (user.role === "administrator" && administrators <= 1)
      throw fail("illegal-transition", "The shop needs an administrator; make another one first");

    await users.update(anonymous(user, now), tx);
    await addresses.removeAllOf(user.id, tx);
    await oneTimeTokens.withdraw(user.id, ["password-reset", "email-verification", "email-change"], tx);
    await mails.removeOf(user.email, tx);
    for (const sessionId of await sessions.endAllOf(user.id, now, tx))
      tx.publish("users.session-revoked", { userId: user.id, sessionId, reason: "account-deleted" });
    await sessions.anonymise(user.id, tx);
    await twoFactor.remove(user.id, tx);
    await signIns.removeAllOf(user.id, tx);
    tx.publish("users.account-deleted", { userId: user.id });
    await askForMail(mails, { kind: "account-deleted", recipient: user.email, userId: user.id }, now, tx);
  });
  return null;
});
