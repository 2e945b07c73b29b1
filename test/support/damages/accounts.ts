import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, spoil } from "../damage.ts";

const users = (find: string, statement: string, also?: readonly string[]) =>
  spoil("users", find, statement, also);
const active = "SELECT id FROM users WHERE status = 'active' AND role = 'customer' ORDER BY id";
const deleted = "SELECT id FROM users WHERE status = 'deleted'";
const open = "SELECT id FROM sessions WHERE ended_at IS NULL ORDER BY id";
const hash = (letter: string) => letter.repeat(64);
const lost = newId();

/** Damages to accounts and credentials. */
export const damagesOfAccounts: Readonly<Record<string, Damage>> = {
  "users.accounts: no password hash": users(active, "UPDATE users SET password_hash = 'secret' WHERE id = ?"),
  "users.accounts: a password hash that is cut off": users(
    active,
    "UPDATE users SET password_hash = SUBSTR(password_hash, 1, 60) WHERE id = ?",
  ),
  "users.accounts: updated before it was created": users(
    active,
    "UPDATE users SET updated_at = 1 WHERE id = ?",
  ),
  "users.accounts: an unknown status": users(deleted, "UPDATE users SET status = 'lost' WHERE id = ?", [
    "audit.accounts",
    "customers.deleted",
  ]),
  "users.deleted: a name is back": users(deleted, "UPDATE users SET name = 'Ada' WHERE id = ?"),
  "users.deleted: a phone is back": users(
    deleted,
    "UPDATE users SET phone = '+8613800138000', phone_verified_at = updated_at WHERE id = ?",
  ),
  "users.profiles: a phone that was never verified": users(
    active,
    "UPDATE users SET phone = '+8613800138000' WHERE id = ?",
  ),
  "users.profiles: an unknown gender": users(active, "UPDATE users SET gender = 'none' WHERE id = ?"),
  "users.messages: of a removed user": insert(
    "users",
    "messages",
    {
      id: lost,
      kind: "phone-verification",
      recipient: "+8613800138000",
      user_id: lost,
      sealed_code: null,
      status: "sent",
      attempts: 1,
      due_at: 1,
      expires_at: 1,
      created_at: 1,
      last_error: null,
    },
    lost,
  ),
  "users.messages: sent, and its code is still there": insert(
    "users",
    "messages",
    {
      id: lost,
      kind: "login-code",
      recipient: "+8613800138000",
      user_id: null,
      sealed_code: "enc1:first:code",
      status: "sent",
      attempts: 1,
      due_at: 1,
      expires_at: 1,
      created_at: 1,
      last_error: null,
    },
    lost,
  ),
  "users.phone-codes: without a hash": insert(
    "users",
    "phone_codes",
    {
      id: hash("f"),
      purpose: "login",
      user_id: null,
      phone: "+8613800138000",
      code_hash: "123456",
      attempts: 0,
      expires_at: 1,
    },
    hash("f"),
  ),
  "users.phone-codes: tried too often": insert(
    "users",
    "phone_codes",
    {
      id: hash("f"),
      purpose: "login",
      user_id: null,
      phone: "+8613800138000",
      code_hash: hash("a"),
      attempts: 6,
      expires_at: 1,
    },
    hash("f"),
  ),
  "users.addresses: without a city": users(
    "SELECT id FROM addresses",
    `UPDATE addresses SET address = '{"name":"Ada","line1":"1","city":"","postalCode":"N1","country":"GB"}' WHERE id = ?`,
  ),
  "users.addresses: emptied": users(
    "SELECT id FROM addresses",
    "UPDATE addresses SET address = '' WHERE id = ?",
  ),
  "users.addresses: of nobody": users(
    "SELECT id FROM addresses",
    `UPDATE addresses SET user_id = '${lost}' WHERE id = ?`,
  ),
  "users.addresses: default of another user": users(
    "SELECT id FROM addresses",
    `UPDATE addresses SET default_of = '${lost}' WHERE id = ?`,
  ),
  "users.roles: permissions that cannot be read": users(
    "SELECT name AS id FROM roles",
    "UPDATE roles SET permissions = 'all' WHERE name = ?",
    ["audit.roles"],
  ),
  "users.roles: named as one that comes with the shop": insert(
    "users",
    "roles",
    { name: "support", summary: "x", permissions: "[]", version: 1, created_at: 1, updated_at: 1 },
    "support",
    ["audit.roles"],
  ),
  "users.api-keys: of a removed user": users(
    "SELECT id FROM api_keys ORDER BY id",
    `UPDATE api_keys SET created_by = '${lost}' WHERE id = ?`,
  ),
  "users.api-keys: without a hash": users(
    "SELECT id FROM api_keys ORDER BY id",
    "UPDATE api_keys SET key_hash = 'x' WHERE id = ?",
  ),
  "users.mails: of an unknown kind": users(
    "SELECT id FROM mails ORDER BY id",
    "UPDATE mails SET kind = 'advertisement' WHERE id = ?",
  ),
  "users.mails: to nobody": users(
    "SELECT id FROM mails ORDER BY id",
    "UPDATE mails SET recipient = '' WHERE id = ?",
  ),
  "users.mails: of a removed user": users(
    "SELECT id FROM mails WHERE user_id IS NOT NULL ORDER BY id",
    `UPDATE mails SET user_id = '${lost}' WHERE id = ?`,
  ),
  "sessions.accounts: still open though the account is disabled": users(
    "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.status = 'disabled'",
    "UPDATE sessions SET ended_at = NULL, created_at = 1, last_seen_at = 1, verified_at = 1 WHERE id = ?",
    ["audit.sessions"],
  ),
  "sessions.accounts: of a removed user": users(
    open,
    `UPDATE sessions SET user_id = '${lost}' WHERE id = ?`,
    ["audit.sessions"],
  ),
  "sessions.accounts: expired before it began": users(
    open,
    "UPDATE sessions SET expires_at = created_at WHERE id = ?",
  ),
  "sessions.tokens: all of its tokens are gone": users(
    open,
    "DELETE FROM refresh_tokens WHERE session_id = ?",
  ),
  "sessions.refresh-tokens: of no session": insert(
    "users",
    "refresh_tokens",
    { token_hash: hash("a"), session_id: lost, issued_at: 1, used_at: 2 },
    lost,
  ),
  "sessions.refresh-tokens: used before it was issued": insert(
    "users",
    "refresh_tokens",
    { token_hash: hash("b"), session_id: lost, issued_at: 1_000_000_000, used_at: 2 },
    lost,
  ),
  "sessions.sign-ins: of a removed user": users(
    "SELECT id FROM sign_ins WHERE user_id IS NOT NULL ORDER BY id",
    `UPDATE sign_ins SET user_id = '${lost}' WHERE id = ?`,
  ),
  "sessions.sign-ins: succeeded without a session": users(
    "SELECT id FROM sign_ins WHERE outcome = 'succeeded' ORDER BY id",
    "UPDATE sign_ins SET session_id = NULL WHERE id = ?",
  ),
  "sessions.signing-key: there is none": users(open, "DELETE FROM signing_keys WHERE '' <> ?"),
  "tokens.mailed: of a removed user": insert(
    "users",
    "one_time_tokens",
    { token_hash: hash("c"), user_id: lost, purpose: "password-reset", email: "a@b.c", expires_at: 1 },
    lost,
  ),
  "tokens.mailed: for an unknown purpose": users(
    "SELECT token_hash AS id, user_id AS named FROM one_time_tokens",
    "UPDATE one_time_tokens SET purpose = 'anything' WHERE token_hash = ?",
  ),
  "two-factor.accounts: recovery codes before it is on": users(
    "SELECT user_id AS id FROM two_factor WHERE confirmed_at IS NOT NULL",
    "UPDATE two_factor SET confirmed_at = NULL WHERE user_id = ?",
    ["audit.accounts"],
  ),
  "two-factor.recovery-codes: of nobody": insert(
    "users",
    "recovery_codes",
    { code_hash: hash("d"), user_id: lost },
    lost,
  ),
  "two-factor.challenges: of a removed user": insert(
    "users",
    "login_challenges",
    { challenge_hash: hash("e"), user_id: lost, attempts: 0, expires_at: 1 },
    lost,
  ),
  "secrets.second-factors: altered": users(
    "SELECT user_id AS id FROM two_factor ORDER BY user_id",
    "UPDATE two_factor SET secret = CONCAT(SUBSTR(secret, 1, LENGTH(secret) - 3), 'AAA') WHERE user_id = ?",
  ),
  "secrets.second-factors: somebody else's": users(
    "SELECT user_id AS id FROM two_factor WHERE confirmed_at IS NULL",
    "UPDATE two_factor SET secret = (SELECT t.secret FROM (SELECT secret FROM two_factor WHERE confirmed_at IS NOT NULL) t) WHERE user_id = ?",
  ),
  "secrets.signing-keys: no key any more": users(
    "SELECT kid AS id FROM signing_keys",
    "UPDATE signing_keys SET private_jwk = '{}' WHERE kid = ?",
  ),
  "secrets.signing-keys: of a key that is lost": users(
    "SELECT kid AS id FROM signing_keys",
    "UPDATE signing_keys SET private_jwk = CONCAT('enc1:gone', SUBSTR(private_jwk, 15)) WHERE kid = ?",
  ),
};
