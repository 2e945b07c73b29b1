import type { Tx } from "../../mixins/database/database.ts";
import type { User } from "./data/user-repository.ts";
import { requestMail } from "./mail/request-mail.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

interface NewPassword {
  readonly passwordHash: string;
  readonly by: "its-owner" | "reset";
  readonly now: number;
  /** A session to keep, if any. */
  readonly keepSession?: string;
}

/**
 * Sets a locked account's password, ends its sessions, withdraws its mailed tokens, and notifies its owner by
 * mail.
 */
export async function setPassword(
  user: User,
  { passwordHash, by, now, keepSession }: NewPassword,
  tx: Tx,
  { users, sessions, oneTimeTokens, twoFactor, mails }: UsersDependencies,
): Promise<void> {
  await users.update({ ...user, passwordHash, version: user.version + 1, updatedAt: now }, tx);
  await oneTimeTokens.withdraw(user.id, ["password-reset", "email-change"], tx);
  await twoFactor.endChallengesOf(user.id, tx);
  tx.publish("users.password-changed", { userId: user.id, by });
  for (const sessionId of await sessions.endAllOf(user.id, now, tx, keepSession))
    tx.publish("users.session-revoked", { userId: user.id, sessionId, reason: "password-changed" });
  await requestMail(mails, { kind: "password-changed", recipient: user.email, userId: user.id }, now, tx);
}
