import { demandUncommon } from "../domain/new-password.ts";
import { hashPassword } from "../domain/passwords.ts";
import { hashOfSecret } from "../domain/secrets.ts";
import { setPassword } from "../set-password.ts";
import { action } from "../users.dependencies.ts";

const used = "The link was used, has expired, or never was one";

/** Sets a new password by the token from a mail. Whoever had got in with the old one is out. */
export const usePasswordReset = action("users.password-resets.use", async (context, dependencies) => {
  const { params, now, requestId, transaction, fail } = context;
  const { users, oneTimeTokens } = dependencies;
  demandUncommon(params.password);
  const tokenHash = hashOfSecret(params.token);
  // Asked before the hashing, which costs something.
  if ((await oneTimeTokens.find(tokenHash, now))?.purpose !== "password-reset") throw fail("not-found", used);
  const passwordHash = await hashPassword(params.password);

  await transaction(async (tx) => {
    const token = await oneTimeTokens.find(tokenHash, now, tx);
    if (token?.purpose !== "password-reset" || !(await oneTimeTokens.use(token, tx))) throw fail("not-found", used);
    const user = await users.lock(token.userId, tx);
    if (user?.status !== "active" || user.email !== token.email) throw fail("not-found", used);
    // The mail has reached its owner.
    const verified = { ...user, emailVerifiedAt: user.emailVerifiedAt ?? now };
    const origin = { actor: { kind: "user", id: user.id }, requestId } as const;
    await setPassword(verified, { passwordHash, by: "reset", now }, tx.as(origin), dependencies);
  });
  return null;
});
