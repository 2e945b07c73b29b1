import type { Client } from "../../mixins/shop-action.ts";
import type { Tx } from "../../mixins/database/database.ts";
import { newId } from "../contract/ids.ts";
import type { User } from "./data/user-repository.ts";
import { newSecret } from "./domain/secrets.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

interface Opening {
  readonly client: Client;
  readonly now: number;
  readonly requestId: string;
  /** Whether the user has shown a second factor. */
  readonly secondFactor: boolean;
}

/** Starts a session for a user who has shown who they are. @returns its id and first refresh token */
export async function openSession(
  user: User,
  { client, now, requestId, secondFactor }: Opening,
  tx: Tx,
  { sessions, signIns, tokens }: UsersDependencies,
): Promise<{ sessionId: string; refreshToken: string }> {
  const sessionId = newId();
  const userId = user.id;
  const { secret, hash } = newSecret();
  const expiresAt = now + tokens.refreshMs;
  await sessions.start({ id: sessionId, userId, createdAt: now, expiresAt, secondFactor, ...client }, tx);
  await sessions.addRefreshToken(hash, sessionId, now, tx);
  await signIns.add({ id: newId(), userId, outcome: "succeeded", sessionId, createdAt: now, ...client }, tx);
  tx.as({ actor: { kind: "user", id: userId }, requestId }).publish("users.logged-in", { userId, sessionId, ...client });
  return { sessionId, refreshToken: secret };
}
