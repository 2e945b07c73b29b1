import { assertUncommonPassword } from "../domain/new-password.ts";
import { hashPassword } from "../domain/passwords.ts";
import { hashOfSecret } from "../domain/secrets.ts";
import { setPassword } from "../set-password.ts";
import { revokeRegistrantAccess } from "../revoke-registrant-access.ts";
import { action } from "../users.dependencies.ts";

const used = "The link is invalid, expired or used";

/** Sets a new password by a mailed token. Ends all sessions, including an intruder's. */
export const usePasswordReset = action("users.password-resets.use", async (context, dependencies) => {
  const { params, now, requestId, transaction, fail } = context;
  const { users, oneTimeTokens, deviceTokens, shop } = dependencies;
  const tokenHash = hashOfSecret(params.token);
  // Check the token before the expensive hashing.
  const sent = await oneTimeTokens.find(tokenHash, now);
  const owner = sent?.purpose === "password-reset" ? await users.byId(sent.userId) : undefined;
  if (!owner) throw fail("not-found", used);
  assertUncommonPassword(params.password, { ...owner, shop });
  const passwordHash = await hashPassword(params.password);

  const email = await transaction(async (tx) => {
    const token = await oneTimeTokens.find(tokenHash, now, tx);
    if (token?.purpose !== "password-reset" || !(await oneTimeTokens.use(token, tx)))
      throw fail("not-found", used);
    const user = await users.lock(token.userId, tx);
    if (user?.status !== "active" || user.email !== token.email) throw fail("not-found", used);
    const origin = { actor: { kind: "user", id: user.id }, requestId } as const;
    // The token proves that mail reaches the owner.
    const owned =
      user.emailVerifiedAt === null
        ? await revokeRegistrantAccess(user, now, tx.as(origin), dependencies)
        : user;
    const verified = { ...owned, emailVerifiedAt: user.emailVerifiedAt ?? now };
    await setPassword(verified, { passwordHash, by: "reset", now }, tx.as(origin), dependencies);
    return user.email;
  });
  return { deviceToken: deviceTokens.issue(email, now) };
});
