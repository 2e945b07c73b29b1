import { hashOfSecret, newSecret } from "../domain/secrets.ts";
import { saltOfRetry, successorOf } from "../domain/refresh-retry.ts";
import { grantTokens } from "../grant-tokens.ts";
import { action } from "../users.dependencies.ts";

/**
 * Exchanges a single-use refresh token. Reuse means theft, so it ends the session (RFC 9700, 4.14). A retry
 * with the same Idempotency-Key within half a minute gets the same response, since the first may have been
 * lost.
 */
export const refresh = action("users.refresh", async (context, dependencies) => {
  const { params, now, transaction, markReplayed, fail } = context;
  const { users, sessions } = dependencies;
  const { refreshToken, idempotencyKey: key } = params;
  const presented = hashOfSecret(refreshToken);
  const { secret: salt } = newSecret();
  const next = key === undefined ? newSecret().secret : successorOf(refreshToken, key, salt);
  const retry = key === undefined ? undefined : { keyHash: hashOfSecret(key), salt };

  const exchanged = await transaction(async (tx) => {
    const known = await sessions.refreshToken(presented, now, tx);
    if (!known) return undefined;
    const { sessionId } = known;
    const user = await users.byId(known.userId, tx);
    if (user?.status !== "active") return undefined;
    if (await sessions.useRefreshToken(presented, retry, now, tx)) {
      await sessions.addRefreshToken(hashOfSecret(next), sessionId, now, tx);
      await sessions.touch(sessionId, now, tx);
      return { user, sessionId, refreshToken: next, again: false };
    }

    // It was used before, perhaps a moment ago; read how.
    const used = await sessions.refreshToken(presented, now, tx);
    const givenSalt = used && saltOfRetry(used, key, now);
    if (key !== undefined && givenSalt !== undefined) {
      const newToken = successorOf(refreshToken, key, givenSalt);
      const successor = await sessions.refreshToken(hashOfSecret(newToken), now, tx);
      if (successor?.usedAt === null) return { user, sessionId, refreshToken: newToken, again: true };
    }
    if (await sessions.end(sessionId, now, tx))
      tx.publish("users.session-revoked", { userId: user.id, sessionId, reason: "refresh-token-reused" });
    return undefined;
  });

  if (!exchanged) throw fail("invalid-refresh-token");
  if (exchanged.again) markReplayed();
  return grantTokens(exchanged.user, exchanged, null, now, dependencies);
});
