import type { Tx } from "../../../mixins/database/database.ts";
import type { RequestedMail } from "../data/mail-repository.ts";
import type { TokenPurpose } from "../data/one-time-token-repository.ts";
import type { User } from "../data/user-repository.ts";
import type { Letter } from "../domain/letters.ts";
import { letterOf } from "../domain/letters.ts";
import { newSecret } from "../domain/secrets.ts";
import type { UsersDependencies } from "../users.dependencies.ts";

const minute = 60_000;
const resetMs = 30 * minute;
const verificationMs = 2 * 24 * 60 * minute;

/** What a mail does: to which accounts it may go, and which token goes with it. */
interface Rule {
  readonly goesTo: (user: User, recipient: string) => boolean;
  readonly token?: { readonly purpose: TokenPurpose; readonly lifeMs: number };
}

const holdsAddress = (user: User, recipient: string) => user.status === "active" && user.email === recipient;

const rules: Readonly<Record<RequestedMail["kind"], Rule>> = {
  "verify-address": {
    goesTo: (user, recipient) => holdsAddress(user, recipient) && user.emailVerifiedAt === null,
    token: { purpose: "email-verification", lifeMs: verificationMs },
  },
  "account-exists": { goesTo: holdsAddress },
  "password-reset": { goesTo: holdsAddress, token: { purpose: "password-reset", lifeMs: resetMs } },
  "password-changed": { goesTo: holdsAddress },
  "two-factor-on": { goesTo: holdsAddress },
  "two-factor-off": { goesTo: holdsAddress },
  "confirm-new-address": {
    goesTo: ({ status }) => status === "active",
    token: { purpose: "email-change", lifeMs: verificationMs },
  },
  "address-changed": { goesTo: () => true },
  "account-deleted": { goesTo: () => true },
};

/**
 * Writes a mail, and makes the token that goes with it: it exists in the mail alone, the database keeps its hash. Each
 * attempt has a token of its own, and all of them are good, for any attempt may be the one that arrived.
 *
 * @returns undefined when there is nobody to write to (any more)
 */
export async function writeLetter(
  mail: RequestedMail,
  now: number,
  tx: Tx,
  { users, oneTimeTokens, mailSettings }: UsersDependencies,
): Promise<{ letter: Letter; userId: string } | undefined> {
  const { kind, recipient } = mail;
  const user = await (mail.userId === null ? users.byEmail(recipient, tx) : users.byId(mail.userId, tx));
  const rule = rules[kind];
  if (!user || !rule.goesTo(user, recipient)) return undefined;

  const { secret, hash } = newSecret();
  if (rule.token) {
    const { purpose, lifeMs } = rule.token;
    await oneTimeTokens.add({ tokenHash: hash, userId: user.id, purpose, email: recipient, expiresAt: now + lifeMs }, tx);
  }
  const occasion = { token: rule.token && secret, shopUrl: mailSettings.shopUrl };
  return { letter: letterOf(kind, occasion), userId: user.id };
}
