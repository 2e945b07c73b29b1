import { z } from "zod";
import type { Config } from "../../../config/index.ts";
import type { Database } from "../../../mixins/database/database.ts";
import type { ViolatingRow, Invariant, Scope } from "../../../mixins/database/invariant.ts";
import {
  addressParts,
  exhaustiveKeys,
  lacksText,
  notListed,
  scopeCondition,
} from "../../../mixins/database/invariant.ts";
import { imageInvariants } from "../../../mixins/media/image-invariants.ts";
import { taskInvariants } from "../../../mixins/tasks/task-invariants.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { challengeAttempts } from "../domain/second-factor.ts";
import { genders } from "../domain/genders.ts";
import { mailKinds } from "../domain/mail-kinds.ts";
import { builtIn } from "../domain/roles.ts";
import type { SecretBox } from "../../../mixins/support/secret-box.ts";
import type { SignInOutcome } from "../domain/sign-in-outcomes.ts";
import { knownSecretBox } from "../../../mixins/support/secrets-key.ts";
import { hasNoUser, noHash } from "./conditions.ts";
import type { MailEnding } from "./mail-repository.ts";
import type { TokenPurpose } from "./one-time-token-repository.ts";
import { guestInvariants } from "./guest-invariants.ts";
import { phoneInvariants } from "./phone-invariants.ts";
import type { User } from "./user-repository.ts";

const users = { table: "users", key: "id" } as const;
const sessions = { table: "sessions", key: "id" } as const;
const roleNames = [...builtIn.keys()];
const statuses = exhaustiveKeys<User["status"]>({ active: true, disabled: true, deleted: true });
const mailStates = exhaustiveKeys<MailEnding | "waiting">({
  waiting: true,
  sent: true,
  dropped: true,
  failed: true,
});
const outcomes = exhaustiveKeys<SignInOutcome>({
  succeeded: true,
  "wrong-password": true,
  "account-disabled": true,
  "wrong-code": true,
  "unknown-account": true,
});
const purposes = exhaustiveKeys<TokenPurpose>({
  "password-reset": true,
  "email-verification": true,
  "email-change": true,
});

/** As a `LIKE` pattern: 16 bytes of salt and 32 of hash in Base64. */
const passwordHash = `$argon2id$v=19$m=_%,t=_%,p=_%$${"_".repeat(22)}$${"_".repeat(43)}`;

const accountInvariants: readonly Invariant[] = [
  {
    code: "users.accounts",
    says: "Every account has an address in its normal form, an Argon2id hash of its password, a role that exists and a known status",
    subject: users,
    // Binary comparison, since MySQL and MariaDB compare case-insensitively.
    broken: `SELECT u.id AS userId, u.email, u.role, u.status, u.version, u.created_at AS createdAt, u.updated_at AS updatedAt
             FROM users u
             WHERE {page u.id} AND (HEX(u.email) <> HEX(LOWER(u.email)) OR u.email NOT LIKE '_%@_%' OR u.email LIKE '% %'
               OR u.password_hash NOT LIKE '${passwordHash}'
               OR ${notListed("u.status", statuses)}
               OR (${notListed("u.role", roleNames)} AND NOT EXISTS (SELECT r.name FROM roles r WHERE r.name = u.role))
               OR u.version < 1 OR u.updated_at + {graceMs} < u.created_at
               OR u.email_verified_at + {graceMs} < u.created_at)`,
  },
  {
    code: "users.deleted",
    says: "A deleted account contains no personal data and no credentials",
    subject: users,
    broken: `SELECT u.id AS userId, u.email, u.name, u.role FROM users u
             WHERE {page u.id} AND u.status = 'deleted' AND (u.email <> CONCAT(u.id, '@deleted.invalid')
               OR u.name <> 'Deleted account' OR u.role <> 'customer' OR u.email_verified_at IS NOT NULL
               OR COALESCE(u.nickname, u.gender, u.birthday, u.locale, u.phone) IS NOT NULL
               OR EXISTS (SELECT m.id FROM messages m WHERE m.user_id = u.id) OR EXISTS (SELECT f.user_id FROM two_factor f WHERE f.user_id = u.id))`,
  },
  {
    code: "users.profiles",
    says: "Every profile has a known gender and a day of birth, if any, and a phone number in E.164 exactly when one was verified",
    subject: users,
    broken: `SELECT u.id AS userId, u.gender, u.birthday, u.phone_verified_at AS phoneVerifiedAt FROM users u
             WHERE {page u.id} AND (${notListed("u.gender", genders)} OR u.birthday NOT LIKE '____-__-__'
               OR (u.phone IS NULL) <> (u.phone_verified_at IS NULL) OR u.phone NOT LIKE '+_______%'
               OR u.phone_verified_at + {graceMs} < u.created_at)`,
  },
  {
    code: "users.addresses",
    says: "Every address in an address book is complete, its owner exists, and it is no other user's default",
    subject: { table: "addresses", key: "id" },
    broken: `SELECT a.id AS addressId, a.user_id AS userId FROM addresses a
             WHERE {page a.id} AND (${hasNoUser("a.user_id")} OR ${lacksText("a.address", addressParts)}
               OR a.default_of <> a.user_id OR a.updated_at + {graceMs} < a.created_at)`,
  },
  {
    code: "users.roles",
    says: "Every custom role has a name that no built-in role has, and lists permissions",
    subject: { table: "roles", key: "name" },
    broken: `SELECT r.name, r.permissions FROM roles r
             WHERE {page r.name} AND (NOT (${notListed("r.name", roleNames)}) OR HEX(r.name) <> HEX(LOWER(r.name)) OR r.name = ''
               OR NOT JSON_VALID(r.permissions) OR r.permissions NOT LIKE '[%]' OR r.version < 1
               OR r.updated_at + {graceMs} < r.created_at)`,
  },
  {
    code: "users.api-keys",
    says: "Every API key is stored as a hash, lists permissions, expires, and its owner exists",
    subject: { table: "api_keys", key: "id" },
    broken: `SELECT k.id AS keyId, k.name, k.created_by AS createdBy, k.created_at AS createdAt, k.expires_at AS expiresAt,
               k.revoked_at AS revokedAt
             FROM api_keys k
             WHERE {page k.id} AND (${noHash("k.key_hash")} OR (k.created_by IS NOT NULL AND ${hasNoUser("k.created_by")})
               OR NOT JSON_VALID(k.permissions) OR k.permissions NOT LIKE '[%]' OR k.expires_at <= k.created_at
               OR k.revoked_at + {graceMs} < k.created_at OR k.last_used_at + {graceMs} < k.created_at)`,
  },
  {
    code: "users.mails",
    says: "Every mail is of a known kind and status, has a recipient, and its account exists",
    subject: { table: "mails", key: "id" },
    broken: `SELECT m.id AS mailId, m.kind, m.recipient, m.user_id AS userId, m.status, m.attempts FROM mails m
             WHERE {page m.id} AND (${notListed("m.kind", mailKinds)} OR ${notListed("m.status", mailStates)}
               OR m.recipient NOT LIKE '_%@_%' OR (m.user_id IS NOT NULL AND ${hasNoUser("m.user_id")})
               OR m.attempts < 0 OR (m.status <> 'waiting' AND m.attempts = 0))`,
  },
];

const sessionInvariants: readonly Invariant[] = [
  {
    code: "sessions.accounts",
    says: "Every session belongs to an existing account, expires, and ended when the account was disabled or deleted",
    subject: sessions,
    // A session started at that very moment may be missed; it cannot be used.
    broken: `SELECT s.id AS sessionId, s.user_id AS userId, u.status, s.created_at AS createdAt, s.expires_at AS expiresAt,
               s.ended_at AS endedAt
             FROM sessions s LEFT JOIN users u ON u.id = s.user_id
             WHERE {page s.id} AND (u.id IS NULL OR s.expires_at <= s.created_at OR s.ended_at + {graceMs} < s.created_at
               OR s.last_seen_at + {graceMs} < s.created_at OR s.verified_at + {graceMs} < s.created_at
               OR (s.ended_at IS NULL AND u.status <> 'active' AND s.created_at + {graceMs} < u.updated_at))`,
  },
  {
    code: "sessions.tokens",
    says: "Every session has one unused refresh token",
    subject: sessions,
    broken: `SELECT t.* FROM (
               SELECT s.id AS sessionId, s.user_id AS userId,
                 (SELECT COUNT(*) FROM refresh_tokens r WHERE r.session_id = s.id AND r.used_at IS NULL) AS unused
               FROM sessions s WHERE {page s.id}
             ) t WHERE t.unused <> 1`,
  },
  {
    code: "sessions.refresh-tokens",
    says: "Every refresh token is stored as a hash and belongs to a session; none was used before it was issued",
    subject: { table: "refresh_tokens", key: "token_hash" },
    broken: `SELECT t.session_id AS sessionId, t.issued_at AS issuedAt, t.used_at AS usedAt
             FROM refresh_tokens t LEFT JOIN sessions s ON s.id = t.session_id
             WHERE {page t.token_hash} AND (s.id IS NULL OR ${noHash("t.token_hash")} OR t.used_at + {graceMs} < t.issued_at
               OR (t.used_at IS NULL AND t.retry_key_hash IS NOT NULL) OR (t.retry_key_hash IS NULL) <> (t.retry_salt IS NULL))`,
  },
  {
    code: "sessions.sign-ins",
    says: "Every login attempt has a known outcome, a session exactly when it succeeded, and its account exists",
    subject: { table: "sign_ins", key: "id" },
    broken: `SELECT i.id AS signInId, i.user_id AS userId, i.outcome, i.session_id AS sessionId FROM sign_ins i
             WHERE {page i.id} AND (${notListed("i.outcome", outcomes)}
               OR (i.outcome = 'succeeded') = (i.session_id IS NULL) OR (i.outcome = 'unknown-account') <> (i.user_id IS NULL)
               OR (i.user_id IS NOT NULL AND ${hasNoUser("i.user_id")}))`,
  },
  {
    code: "sessions.signing-key",
    says: "While there are sessions, a key exists that signs their access tokens",
    subject: { table: "signing_keys", key: "kid" },
    broken: `SELECT s.id AS sessionId FROM sessions s
             WHERE s.ended_at IS NULL AND NOT EXISTS (SELECT k.kid FROM signing_keys k) LIMIT 1`,
  },
  {
    code: "tokens.mailed",
    says: "Every mailed token is stored as a hash, has a known purpose, and its account exists",
    subject: { table: "one_time_tokens", key: "token_hash" },
    broken: `SELECT t.user_id AS userId, t.purpose, t.email FROM one_time_tokens t
             WHERE {page t.token_hash} AND (${hasNoUser("t.user_id")} OR ${noHash("t.token_hash")} OR t.email NOT LIKE '_%@_%'
               OR ${notListed("t.purpose", purposes)})`,
  },
];

const secondFactorInvariants: readonly Invariant[] = [
  {
    code: "two-factor.accounts",
    says: "Every second factor belongs to an existing account; it has no recovery codes until it is confirmed, and at most ten",
    subject: { table: "two_factor", key: "user_id" },
    broken: `SELECT t.* FROM (
               SELECT f.user_id AS userId, f.confirmed_at AS confirmedAt, f.failures, f.last_step AS lastStep,
                 (SELECT COUNT(*) FROM recovery_codes c WHERE c.user_id = f.user_id) AS recoveryCodes
               FROM two_factor f WHERE {page f.user_id}
             ) t WHERE ${hasNoUser("t.userId")} OR t.failures < 0 OR t.lastStep < 0
               OR t.recoveryCodes > CASE WHEN t.confirmedAt IS NULL THEN 0 ELSE 10 END`,
  },
  {
    code: "two-factor.recovery-codes",
    says: "Every recovery code is stored as a hash and belongs to an account with a second factor",
    subject: { table: "recovery_codes", key: "code_hash" },
    broken: `SELECT c.user_id AS userId FROM recovery_codes c LEFT JOIN two_factor f ON f.user_id = c.user_id
             WHERE {page c.code_hash} AND (f.user_id IS NULL OR ${noHash("c.code_hash")})`,
  },
  {
    code: "two-factor.challenges",
    says: "Every login that awaits a second factor belongs to an existing account, and is within its number of attempts",
    subject: { table: "login_challenges", key: "challenge_hash" },
    broken: `SELECT c.user_id AS userId, c.attempts FROM login_challenges c
             WHERE {page c.challenge_hash} AND (${hasNoUser("c.user_id")} OR ${noHash("c.challenge_hash")}
               OR c.attempts < 0 OR c.attempts > ${challengeAttempts})`,
  },
  {
    code: "secrets.second-factors",
    says: "Every secret of a second factor decrypts with its key, and is Base32",
    subject: { table: "two_factor", key: "user_id" },
    broken: {
      inPage: async (database, scope, { config }) =>
        unreadable(database, scope, config, {
          table: "two_factor",
          key: "user_id",
          secret: "secret",
          about: (userId) => `second factor of ${userId}`,
          isWhole: (secret) => /^[A-Z2-7]{32}$/.test(secret),
        }),
    },
  },
  {
    code: "secrets.signing-keys",
    says: "Every key that signs access tokens decrypts with its key, and is a private Ed25519 key",
    subject: { table: "signing_keys", key: "kid" },
    broken: {
      inPage: async (database, scope, { config }) =>
        unreadable(database, scope, config, {
          table: "signing_keys",
          key: "kid",
          secret: "private_jwk",
          about: (kid) => `signing key ${kid}`,
          isWhole: isPrivateKey,
        }),
    },
  },
];

const keyPart = z.string().regex(/^[\w-]{43}$/);
const privateKey = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: keyPart, d: keyPart });

function isPrivateKey(text: string): boolean {
  try {
    return privateKey.safeParse(JSON.parse(text)).success;
  } catch {
    // Its errors would quote the secret.
    return false;
  }
}

interface Kept {
  readonly table: string;
  readonly key: string;
  readonly secret: string;
  /** Associated data of the encryption, from the row's key. */
  readonly about: (key: string) => string;
  readonly isWhole: (secret: string) => boolean;
}

/** Encrypted secrets that fail to decrypt or to parse. Skipped without the keys. */
async function unreadable(
  database: Database,
  scope: Scope,
  config: Config,
  kept: Kept,
): Promise<ViolatingRow[]> {
  const box = await knownSecretBox(config);
  const { sql, values } = scopeCondition(kept.key, scope);
  const rows = await database.select<{ id: string; secret: string }>(
    `SELECT ${kept.key} AS id, ${kept.secret} AS secret FROM ${kept.table} WHERE ${sql}`,
    values,
  );
  return rows.flatMap(({ id, secret }) => {
    const why = faultOf(secret, kept.about(id), box, kept.isWhole);
    return why === undefined ? [] : [{ [kept.key === "kid" ? "kid" : "userId"]: id, why }];
  });
}

function faultOf(
  stored: string,
  about: string,
  box: SecretBox | undefined,
  isWhole: Kept["isWhole"],
): string | undefined {
  const isEncrypted = stored.startsWith("enc1:");
  if (isEncrypted && !box) return undefined;
  try {
    const secret = isEncrypted && box ? box.open(stored, about) : stored;
    return isWhole(secret) ? undefined : "is not what it should be";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  ...accountInvariants,
  ...phoneInvariants,
  ...guestInvariants,
  ...sessionInvariants,
  ...secondFactorInvariants,
  ...outboxInvariants,
  ...taskInvariants,
  ...imageInvariants,
];
