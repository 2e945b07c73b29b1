import { anonymised } from "../anonymised.ts";
import { avatarKind } from "../avatars.ts";
import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/**
 * Deletes the caller's account, except for an id that orders refer to. Its event makes other services erase
 * their personal data.
 */
export const deleteMe = action("users.me.delete", async (context, dependencies) => {
  const { caller, now, transaction, fail } = context;
  const {
    users,
    sessions,
    signIns,
    twoFactor,
    addresses,
    oneTimeTokens,
    mails,
    images,
    messages,
    phoneCodes,
  } = dependencies;

  await transaction(async (tx) => {
    const administrators = await users.lockAdministrators(tx);
    const user = await users.lock(caller.userId, tx);
    if (!user || user.status === "deleted") throw fail("not-found");
    if (user.role === "administrator" && administrators <= 1)
      throw fail("illegal-transition", "The last administrator cannot be removed; appoint another one first");

    await users.update(anonymised(user, now), tx);
    await addresses.removeAllOf(user.id, tx);
    await images.removeAll({ kind: avatarKind, id: user.id }, tx);
    await users.setAvatar(user.id, null, tx);
    await oneTimeTokens.withdraw(user.id, ["password-reset", "email-verification", "email-change"], tx);
    await mails.removeOf(user.email, tx);
    await messages.removeOf(user, tx);
    await phoneCodes.removeAllOf(user.id, tx);
    for (const sessionId of await sessions.endAllOf(user.id, now, tx))
      tx.publish("users.session-revoked", { userId: user.id, sessionId, reason: "account-deleted" });
    await sessions.anonymise(user.id, tx);
    await twoFactor.remove(user.id, tx);
    await signIns.removeAllOf(user.id, tx);
    tx.publish("users.account-deleted", { userId: user.id });
    await requestMail(mails, { kind: "account-deleted", recipient: user.email, userId: user.id }, now, tx);
  });
  return null;
});
