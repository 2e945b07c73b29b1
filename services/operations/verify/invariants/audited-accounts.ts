import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { CrossServiceInvariant } from "../across-services.ts";
import type { AuditedChange, AuditedEntry } from "./audited-changes.ts";
import { entriesOf, isLedTo, strays } from "./audited-changes.ts";
import { removedUntil } from "./audit-trail.ts";

interface Account {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly status: string;
  readonly createdAt: number;
  readonly hasSecondFactor: number;
}

const ofAccounts = {
  entities: ["user"],
  types: [
    "users.registered",
    "users.account-changed",
    "users.email-changed",
    "users.account-deleted",
    "users.two-factor-changed",
  ],
} as const;

export const accountsAreAudited: CrossServiceInvariant = {
  code: "audit.accounts",
  says: "Every account was opened, and has the address, role, status and second factor, that the audit trail says, and none is lost",
  of: ["users", "audit"],
  about: "account",
  subjects: [{ service: "users", table: "users", key: "id" }],
  async disagreements({ users, audit }, scope) {
    const { sql, values } = scopeCondition("u.id", scope);
    const accounts = await users.select<Account>(
      `SELECT u.id, u.email, u.role, u.status, u.created_at AS createdAt,
         (SELECT COUNT(*) FROM two_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS hasSecondFactor
       FROM users u WHERE ${sql}`,
      values,
    );
    const since = await removedUntil(audit);
    const entries = await entriesOf(audit, ofAccounts, scope);
    const known = new Set(accounts.map(({ id }) => id));
    const lost = [...entries.keys()].filter((id) => !known.has(id));
    return [
      ...accounts.flatMap((account) => {
        const differs = whatDiffers(account, entries.get(account.id) ?? [], since);
        const { id: userId, email, role, status } = account;
        return differs.length > 0
          ? [{ key: userId, row: { userId, email, role, status, differs: differs.join(", ") } }]
          : [];
      }),
      ...lost.map((userId) => ({
        key: userId,
        row: { userId, email: null, role: null, status: null, differs: "the account" },
      })),
    ];
  },
};

function whatDiffers(account: Account, entries: readonly AuditedEntry[], since: number): string[] {
  const { id, email, role, status, createdAt } = account;
  const of = (type: string) =>
    entries.filter((entry) => entry.type === `users.${type}`).map(({ details }) => details);
  const opened = of("registered");
  const changes = of("account-changed") as AuditedChange[];
  if (opened.length === 0 && !changes.some(({ before }) => before === null) && createdAt > since)
    return ["that it was opened"];
  if (of("account-deleted").length > 0) {
    const left = { email: `${id}@deleted.invalid`, role: "customer", status: "deleted" };
    return strays([{ after: left }], { email, role, status });
  }
  // The latest change may be among removed entries.
  if (!entries.some(({ occurredAt }) => occurredAt > since)) return [];
  const standings: AuditedChange[] = [
    ...opened.map(() => ({ after: { role: "customer", status: "active" } })),
    ...changes,
  ];
  const addresses = [
    ...opened.map((details) => ({ after: details["email"] })),
    ...(of("email-changed") as AuditedChange[]),
  ];
  const factors = of("two-factor-changed").map(({ enabled }) => ({ before: !enabled, after: enabled }));
  return [
    ...strays(standings, { role, status }),
    ...(isLedTo(addresses, email) ? [] : ["email"]),
    ...(isLedTo([...opened.map(() => ({ after: false })), ...factors], account.hasSecondFactor === 1)
      ? []
      : ["second factor"]),
  ];
}

interface Session {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

export const sessionsAreAudited: CrossServiceInvariant = {
  code: "audit.sessions",
  says: "Every session started with a login in the audit trail, and has ended exactly when the trail says so",
  of: ["users", "audit"],
  about: "account",
  subjects: [{ service: "users", table: "sessions", key: "user_id" }],
  async disagreements({ users, audit }, scope) {
    const { sql, values } = scopeCondition("user_id", scope);
    const sessions = await users.select<Session>(
      `SELECT id, user_id AS userId, created_at AS createdAt, ended_at AS endedAt FROM sessions WHERE ${sql}`,
      values,
    );
    if (sessions.length === 0) return [];
    const since = await removedUntil(audit);
    const inTrail = scopeCondition("entity_id", scope);
    // Selects one field of each; MySQL and MariaDB return it as JSON, SQLite as a plain value.
    const entries = await audit.select<{ userId: string; type: string; session: string | null }>(
      `SELECT entity_id AS userId, type, CASE WHEN JSON_VALID(details) THEN JSON_EXTRACT(details, '$.sessionId') END AS session
       FROM audit_events WHERE entity = 'user' AND type IN ('users.logged-in', 'users.logged-out', 'users.session-revoked') AND ${inTrail.sql}`,
      inTrail.values,
    );
    const logins = new Set<string>();
    const ends = new Set<string>();
    for (const { userId, type, session } of entries)
      (type === "users.logged-in" ? logins : ends).add(`${userId} ${session?.replaceAll('"', "")}`);
    return sessions
      .map(({ id: sessionId, userId, createdAt, endedAt }) => {
        const session = `${userId} ${sessionId}`;
        const lacks = createdAt > since && !logins.has(session) ? "its login" : null;
        const isWrong = endedAt === null ? ends.has(session) : endedAt > since && !ends.has(session);
        const over = endedAt === null ? "continues after its end" : "ended without an audit entry";
        return { key: userId, row: { sessionId, userId, lacks, end: isWrong ? over : null } };
      })
      .filter(({ row }) => row.lacks !== null || row.end !== null);
  },
};

interface RoleRow {
  readonly name: string;
  readonly summary: string;
  readonly permissions: string;
  readonly createdAt: number;
}

export const rolesAreAudited: CrossServiceInvariant = {
  code: "audit.roles",
  says: "Every role of the shop's own allows what the audit trail says, and none is lost",
  of: ["users", "audit"],
  about: "role",
  subjects: [{ service: "users", table: "roles", key: "name" }],
  async disagreements({ users, audit }, scope) {
    const { sql, values } = scopeCondition("name", scope);
    const roles = await users.select<RoleRow>(
      `SELECT name, summary, permissions, created_at AS createdAt FROM roles WHERE ${sql}`,
      values,
    );
    const since = await removedUntil(audit);
    const entries = await entriesOf(audit, { entities: ["role"], types: ["users.role-changed"] }, scope);
    const there = new Map(roles.map((role) => [role.name, role]));
    return [...new Set([...there.keys(), ...entries.keys()])].flatMap((name) => {
      const role = there.get(name);
      const changes = (entries.get(name) ?? [])
        .filter(({ occurredAt }) => occurredAt > since)
        .map(({ details }) => details);
      const isUnknown = changes.length === 0 && role !== undefined && role.createdAt > since;
      const present = role ? { summary: role.summary, permissions: parsed(role.permissions) } : null;
      if (!isUnknown && isLedTo(changes, present)) return [];
      return [{ key: name, row: { name, permissions: role?.permissions ?? null } }];
    });
  },
};

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly permissions: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
}

export const apiKeysAreAudited: CrossServiceInvariant = {
  code: "audit.api-keys",
  says: "Every API key allows what the audit trail says, for as long, and is revoked exactly when it says so; none is lost",
  of: ["users", "audit"],
  about: "api-key",
  subjects: [{ service: "users", table: "api_keys", key: "id" }],
  async disagreements({ users, audit }, scope) {
    const { sql, values } = scopeCondition("id", scope);
    const keys = await users.select<KeyRow>(
      `SELECT id, name, permissions, created_at AS createdAt, expires_at AS expiresAt, revoked_at AS revokedAt
       FROM api_keys WHERE ${sql}`,
      values,
    );
    const since = await removedUntil(audit);
    const entries = await entriesOf(
      audit,
      { entities: ["api-key"], types: ["users.api-key-created", "users.api-key-revoked"] },
      scope,
    );
    const there = new Map(keys.map((key) => [key.id, key]));
    return [...new Set([...there.keys(), ...entries.keys()])].flatMap((id) => {
      const key = there.get(id);
      const itsEntries = entries.get(id) ?? [];
      const differs = key ? keyDiffers(key, itsEntries, since) : "the key";
      if (differs === undefined) return [];
      return [
        {
          key: id,
          row: { keyId: id, name: key?.name ?? null, permissions: key?.permissions ?? null, differs },
        },
      ];
    });
  },
};

function keyDiffers(key: KeyRow, entries: readonly AuditedEntry[], since: number): string | undefined {
  const made = entries.find(({ type }) => type === "users.api-key-created")?.details;
  if (!made && key.createdAt > since) return "that it was made";
  if (made) {
    const permissions = JSON.stringify(made["permissions"]) === JSON.stringify(parsed(key.permissions));
    if (!permissions || made["name"] !== key.name) return "what it allows";
    if (Date.parse(String(made["expiresAt"])) !== key.expiresAt) return "how long";
  }
  const isRevoked = entries.some(({ type }) => type === "users.api-key-revoked");
  if (key.revokedAt === null) return isRevoked ? "that it was revoked" : undefined;
  return !isRevoked && key.revokedAt > since ? "that it was revoked" : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
