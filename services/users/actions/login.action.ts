import { newId } from "../../contract/ids.ts";
import { adoptCart } from "../adopt-cart.ts";
import type { User } from "../data/user-repository.ts";
import { verifyPassword } from "../domain/passwords.ts";
import { challengeMs } from "../domain/second-factor.ts";
import { newSecret } from "../domain/secrets.ts";
import { grantTokens } from "../grant-tokens.ts";
import { openSession } from "../open-session.ts";
import { action } from "../users.dependencies.ts";

/**
 * Starts a session, or asks for the second factor first. Success and failure are both published in the transaction that
 * makes them so: this is the pattern by which the audit trail learns of everything (see docs/guides/recording-events.md).
 */
export const login = action("users.login", async (context, dependencies) => {
  const { params, client, now, requestId, transaction, fail } = context;
  const { users, signIns, twoFactor } = dependencies;
  const user = await users.byEmail(params.email);
  const refusal = await whyRefused(params.password, user);
  if (!user || refusal) {
    const reason = refusal ?? "unknown-account";
    const userId = user?.id ?? null;
    await transaction(async (tx) => {
      await signIns.add({ id: newId(), userId, outcome: reason, sessionId: null, createdAt: now, ...client }, tx);
      tx.publish("users.login-failed", { email: params.email, userId, reason, ...client });
    });
    throw fail("invalid-credentials");
  }

  if (await twoFactor.isOn(user.id)) {
    const { secret: challenge, hash } = newSecret();
    await transaction((tx) => twoFactor.addChallenge(hash, user.id, now + challengeMs, tx));
    throw fail("second-factor-required", undefined, { challenge, expiresIn: challengeMs / 1000 });
  }

  const opening = { client, now, requestId, secondFactor: false };
  const opened = await transaction((tx) => openSession(user, opening, tx, dependencies));
  return grantTokens(user, opened, await adoptCart(params.guestCart, user.id, context), now, dependencies);
});

async function whyRefused(password: string, user: User | undefined) {
  const right = await verifyPassword(password, user?.passwordHash);
  if (!user) return "unknown-account";
  if (!right) return "wrong-password";
  return user.status === "active" ? undefined : "account-disabled";
}
