import type { TypedCall } from "../../contract/calls.ts";
import { newId } from "../../contract/ids.ts";
import type { User } from "../data/user-repository.ts";
import { verifyPassword } from "../domain/passwords.ts";
import { newSecret } from "../domain/secrets.ts";
import { presentTokens } from "../present.ts";
import { action } from "../users.dependencies.ts";

/**
 * Starts a session. Success and failure are both published in the transaction that makes them so: this is the
 * pattern by which the audit trail learns of everything (see docs/guides/recording-events.md).
 */
export const login = action("users.login", async (context, { users, roles, sessions, signIns, tokens }) => {
  const { params, client, now, requestId, transaction, call, fail, log } = context;
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

  const session = { id: newId(), userId: user.id, createdAt: now, expiresAt: now + tokens.refreshMs, ...client };
  const refreshToken = newSecret();
  await transaction(async (tx) => {
    await sessions.start(session, tx);
    const { id: sessionId, userId } = session;
    await signIns.add({ id: newId(), userId, outcome: "succeeded", sessionId, createdAt: now, ...client }, tx);
    await sessions.addRefreshToken(refreshToken.hash, session.id, now, tx);
    tx.as({ actor: { kind: "user", id: user.id }, requestId }).publish("users.logged-in", {
      userId: user.id,
      sessionId: session.id,
      ...client,
    });
  });

  const accessToken = await tokens.accessToken(user.id, session.id, now);
  const cartId = params.guestCart ? await adoptCart(call, params.guestCart, user.id, log) : null;
  const permissions = await roles.permissionsOf(user.role);
  const { accessMs } = tokens;
  return presentTokens({ user, permissions, accessToken, accessMs, refreshToken: refreshToken.secret, cartId });
});

async function whyRefused(password: string, user: User | undefined) {
  const right = await verifyPassword(password, user?.passwordHash);
  if (!user) return "unknown-account";
  if (!right) return "wrong-password";
  return user.status === "active" ? undefined : "account-disabled";
}

/** A cart that cannot be merged is no reason to keep its owner out: it stays as it is and can be claimed later. */
async function adoptCart(
  call: TypedCall,
  guestCart: { id: string; token: string },
  userId: string,
  log: { warn(...args: unknown[]): void },
): Promise<string | null> {
  try {
    const { cartId } = await call("cart.adopt", { id: guestCart.id, cartToken: guestCart.token, userId });
    return cartId;
  } catch (error) {
    log.warn(`guest cart ${guestCart.id} was not merged at login`, error);
    return null;
  }
}
