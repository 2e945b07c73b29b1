import { hashOfSecret, newSecret } from "../domain/secrets.ts";
import { presentTokens } from "../present.ts";
import { action } from "../users.dependencies.ts";

/**
 * Exchanges a refresh token, once. A second use means that two hold the same token, one of them a thief, so it ends
 * the session for both (RFC 9700, 4.14).
 */
export const refresh = action("users.refresh", async (context, { users, sessions, tokens }) => {
  const { params, now, transaction, fail } = context;
  const presented = hashOfSecret(params.refreshToken);
  const next = newSecret();

  const exchanged = await transaction(async (tx) => {
    const known = await sessions.refreshToken(presented, now, tx);
    if (!known) return undefined;
    const user = await users.byId(known.userId, tx);
    if (user?.status !== "active") return undefined;
    if (!(await sessions.useRefreshToken(presented, now, tx))) {
      if (await sessions.end(known.sessionId, now, tx))
        tx.publish("users.session-revoked", {
          userId: user.id,
          sessionId: known.sessionId,
          reason: "refresh-token-reused",
        });
      return undefined;
    }
    await sessions.addRefreshToken(next.hash, known.sessionId, now, tx);
    return { user, sessionId: known.sessionId };
  });

  if (!exchanged) throw fail("invalid-refresh-token");
  const accessToken = await tokens.accessToken(exchanged.user.id, exchanged.sessionId, now);
  return presentTokens(exchanged.user, accessToken, tokens.accessMs, next.secret, null);
});
