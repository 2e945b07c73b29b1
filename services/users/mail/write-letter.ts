import type { Tx } from "../../../mixins/database/database.ts";
import type { RequestedMail } from "../data/mail-repository.ts";
import type { TokenPurpose } from "../data/one-time-token-repository.ts";
import type { User } from "../data/user-repository.ts";
import type { GuestMailKind } from "./write-guest-letter.ts";
import { writeGuestLetter } from "./write-guest-letter.ts";
import type { Letter } from "../domain/letters.ts";
import { letterOf } from "../domain/letters.ts";
import type { MailKind } from "../domain/mail-kinds.ts";
import { isGuestMail } from "../domain/mail-kinds.ts";
import { hourMs, maxMailsPerHour } from "../domain/mail-schedule.ts";
import { newSecret } from "../domain/secrets.ts";
import type { UsersDependencies } from "../users.dependencies.ts";

const minute = 60_000;
const resetMs = 30 * minute;
const verificationMs = 2 * 24 * 60 * minute;

/** Rules of a mail kind: eligible accounts, and its token. */
interface Rule {
  readonly goesTo: (user: User, recipient: string) => boolean;
  readonly token?: { readonly purpose: TokenPurpose; readonly lifeMs: number };
}

const holdsAddress = (user: User, recipient: string) => user.status === "active" && user.email === recipient;

const rules: Readonly<Record<Exclude<MailKind, GuestMailKind>, Rule>> = {
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
  "phone-added": { goesTo: holdsAddress },
  "phone-removed": { goesTo: holdsAddress },
  "phone-moved": { goesTo: holdsAddress },
  "account-deleted": { goesTo: () => true },
  "merchant-invitation": { goesTo: holdsAddress },
  "payment-authentication": { goesTo: holdsAddress },
};

/**
 * Writes a mail with its token, of which the database stores the hash only. Each attempt gets its own token
 * and all stay valid, since any attempt may be the one that arrives.
 *
 * @returns undefined without an eligible account, or over the limit of this kind per address
 */
export async function writeLetter(
  mail: RequestedMail,
  now: number,
  tx: Tx,
  dependencies: UsersDependencies,
): Promise<{ letter: Letter; userId: string | null } | undefined> {
  const { kind, recipient } = mail;
  if (isGuestMail(kind)) return writeGuestLetter({ ...mail, kind }, now, tx, dependencies);
  const { users, oneTimeTokens, mails, mailSettings } = dependencies;
  const user = await (mail.userId === null ? users.byEmail(recipient, tx) : users.byId(mail.userId, tx));
  const rule = rules[kind];
  if (!user || !rule.goesTo(user, recipient)) return undefined;
  const earlier = await mails.countBefore(mail, hourMs, tx);
  if (earlier.all >= maxMailsPerHour) {
    // A token valid for over an hour is in an earlier mail, and waiting mails get theirs.
    if (!rule.token || rule.token.lifeMs >= hourMs || earlier.waiting > 0) return undefined;
    if (await oneTimeTokens.hasValid(user.id, rule.token.purpose, recipient, now, tx)) return undefined;
  }

  const { secret, hash } = newSecret();
  if (rule.token) {
    const { purpose, lifeMs } = rule.token;
    await oneTimeTokens.add(
      { tokenHash: hash, userId: user.id, purpose, email: recipient, expiresAt: now + lifeMs },
      tx,
    );
  }
  const context = { token: rule.token && secret, shopUrl: mailSettings.shopUrl };
  return { letter: letterOf(kind, context), userId: user.id };
}
