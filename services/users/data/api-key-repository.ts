import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Permission } from "../../../mixins/contract/permissions.ts";
import { knownPermissions } from "../domain/roles.ts";

/** A machine's API key. Times are milliseconds since the Unix epoch. */
export interface ApiKey {
  readonly id: string;
  readonly keyHash: string;
  readonly name: string;
  readonly hint: string;
  readonly permissions: readonly Permission[];
  readonly createdBy: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

type ApiKeyRow = Omit<ApiKey, "permissions" | "createdAt"> & { permissions: string; created_at: number };

const columns = `k.id, k.key_hash AS keyHash, k.name, k.hint, k.permissions, k.created_by AS createdBy, k.created_at,
  k.expires_at AS expiresAt, k.revoked_at AS revokedAt, k.last_used_at AS lastUsedAt`;

export class ApiKeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(key: ApiKey, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO api_keys (id, key_hash, name, hint, permissions, created_by, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        key.id,
        key.keyHash,
        key.name,
        key.hint,
        JSON.stringify(key.permissions),
        key.createdBy,
        key.createdAt,
        key.expiresAt,
      ],
      tx,
    );
  }

  async byId(id: string): Promise<ApiKey | undefined> {
    const [row] = await this.#database.select<ApiKeyRow>(`SELECT ${columns} FROM api_keys k WHERE k.id = ?`, [
      id,
    ]);
    return row && fromRow(row);
  }

  async list(request: PageRequest): Promise<Page<ApiKey>> {
    return readKeysetPage<ApiKeyRow, ApiKey>(this.#database, {
      columns,
      from: "api_keys k",
      where: {},
      sortColumns: { createdAt: "k.created_at" },
      idColumn: "k.id",
      request,
      present: fromRow,
    });
  }

  /** A valid key with the role of its owner, whose account must be active. */
  async holder(
    keyHash: string,
    now: number,
  ): Promise<(ApiKey & { readonly makersRole: string | null }) | undefined> {
    const [row] = await this.#database.select<ApiKeyRow & { makersRole: string | null }>(
      `SELECT ${columns}, u.role AS makersRole FROM api_keys k LEFT JOIN users u ON u.id = k.created_by
       WHERE k.key_hash = ? AND k.revoked_at IS NULL AND k.expires_at > ?
         AND (k.created_by IS NULL OR u.status = 'active')`,
      [keyHash, now],
    );
    return row && { ...fromRow(row), makersRole: row.makersRole };
  }

  /**
   * Revokes a key.
   *
   * @returns false when it was revoked before
   */
  async revoke(id: string, now: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
    return (await this.#database.execute(sql, [now, id], tx)) === 1;
  }

  /**
   * Revokes all keys of a user.
   *
   * @returns the ids of newly revoked ones
   */
  async revokeAllOf(userId: string, now: number, tx: Tx): Promise<string[]> {
    const sql = "SELECT id FROM api_keys WHERE created_by = ? AND revoked_at IS NULL";
    const ids = (await this.#database.select<{ id: string }>(sql, [userId], tx)).map(({ id }) => id);
    for (const id of ids) await this.revoke(id, now, tx);
    return ids;
  }

  async noteUse(id: string, now: number, tx: Tx): Promise<void> {
    await this.#database.execute("UPDATE api_keys SET last_used_at = ? WHERE id = ?", [now, id], tx);
  }
}

function fromRow({ permissions, created_at, ...same }: ApiKeyRow): ApiKey {
  return {
    ...same,
    permissions: knownPermissions(JSON.parse(permissions) as string[]),
    createdAt: created_at,
  };
}
