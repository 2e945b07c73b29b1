import type { Client } from "../../mixins/service/action-runtime.ts";
import type { Tx } from "../../mixins/database/database.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { claimGuest } from "./guests/claim-guest.ts";
import type { User } from "./data/user-repository.ts";
import { newSecret } from "./domain/secrets.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

/** The first sign-in to an account is none from a new device, until then. */
const newAccountMs = 24 * 3_600_000;

interface Opening {
  readonly client: Client;
  readonly now: number;
  readonly requestId: string;
  /** True when the user authenticated with a second factor. */
  readonly secondFactor: boolean;
  /** Of an earlier login, as far as the client sent one. */
  readonly deviceToken?: string | undefined;
}

/**
 * Starts a session for an authenticated user, who gets the orders placed with the verified address as a guest.
 *
 * @returns its id and first refresh token
 */
export async function openSession(
  user: User,
  { client, now, requestId, secondFactor, deviceToken }: Opening,
  tx: Tx,
  { sessions, signIns, tokens, deviceTokens, guests }: UsersDependencies,
): Promise<{ sessionId: string; refreshToken: string }> {
  const sessionId = newId();
  const userId = user.id;
  const { secret, hash } = newSecret();
  const expiresAt = now + tokens.refreshMs;
  const isNewDevice =
    !(deviceToken !== undefined && deviceTokens.isGood(deviceToken, user.email, now)) &&
    now - user.createdAt > newAccountMs &&
    !(await signIns.isKnown(userId, client, tx));
  await sessions.start({ id: sessionId, userId, createdAt: now, expiresAt, secondFactor, ...client }, tx);
  await sessions.addRefreshToken(hash, sessionId, now, tx);
  await signIns.add({ id: newId(), userId, outcome: "succeeded", sessionId, createdAt: now, ...client }, tx);
  if (user.emailVerifiedAt !== null)
    await claimGuest(user, now, tx.as({ actor: { kind: "user", id: userId }, requestId }), { guests });
  tx.as({ actor: { kind: "user", id: userId }, requestId }).publish("users.logged-in", {
    userId,
    sessionId,
    expiresAt: toTimestamp(expiresAt),
    isNewDevice,
    ...client,
  });
  return { sessionId, refreshToken: secret };
}
