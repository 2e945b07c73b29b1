import { claimGuest } from "../guests/claim-guest.ts";
import { hashOfSecret } from "../domain/secrets.ts";
import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/** Verifies the address of a mail; a new address replaces the account's. Orders placed with it as a guest become the account's. */
export const useEmailVerification = action("users.email-verifications.use", async (context, dependencies) => {
  const { params, now, requestId, transaction, fail } = context;
  const { users, oneTimeTokens, mails } = dependencies;
  const used = () => fail("not-found", "The link is invalid, expired or used");

  return transaction(async (outer) => {
    const token = await oneTimeTokens.find(hashOfSecret(params.token), now, outer);
    if (!token || token.purpose === "password-reset" || !(await oneTimeTokens.use(token, outer)))
      throw used();
    const user = await users.lock(token.userId, outer);
    if (user?.status !== "active") throw used();
    const tx = outer.as({ actor: { kind: "user", id: user.id }, requestId });
    const { email } = token;
    const next = { ...user, email, emailVerifiedAt: now, version: user.version + 1, updatedAt: now };
    await oneTimeTokens.withdraw(user.id, [token.purpose], tx);

    if (token.purpose === "email-verification") {
      if (user.email !== email) throw used();
      await users.update(next, tx);
      tx.publish("users.email-verified", { userId: user.id });
    } else {
      if (!(await users.updateAddress(next, tx)))
        throw fail("already-exists", "Another account has this address", {
          errors: [{ path: "email", code: "taken", message: "has an account" }],
        });
      // Withdraw tokens sent to the old address.
      await oneTimeTokens.withdraw(user.id, ["password-reset", "email-verification"], tx);
      tx.publish("users.email-changed", { userId: user.id, before: user.email, after: email });
      await requestMail(mails, { kind: "address-changed", recipient: user.email, userId: user.id }, now, tx);
    }
    await claimGuest({ id: user.id, email }, now, tx, dependencies);
    return { email, emailVerified: true };
  });
});
