import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { SecretBox } from "../../../mixins/support/secret-box.ts";
import type { DisabledReason } from "../domain/outcome.ts";

/** Where events are sent. Times are milliseconds since the Unix epoch. */
export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly ordered: boolean;
  readonly disabledReason: DisabledReason | null;
  readonly failingSince: number | null;
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly previousUntil: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

interface EndpointRow {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: string;
  readonly enabled: number;
  readonly ordered: number;
  readonly disabled_reason: DisabledReason | null;
  readonly failing_since: number | null;
  readonly secret: string;
  readonly previous_secret: string | null;
  readonly previous_until: number | null;
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns =
  "id, url, description, events, enabled, ordered, disabled_reason, failing_since, secret, previous_secret, previous_until, version, created_at, updated_at";

/** What an endpoint's secret is encrypted for. */
export function secretPurpose(id: string): string {
  return `secret of the webhook ${id}`;
}

/** Endpoints, with their secrets encrypted in the database. */
export class EndpointRepository {
  readonly #database: Database;
  readonly #box: SecretBox;

  constructor(database: Database, box: SecretBox) {
    this.#database = database;
    this.#box = box;
  }

  async byId(id: string, tx?: Tx): Promise<Endpoint | undefined> {
    return this.#one(id, "", tx);
  }

  /** Reads an endpoint and locks it until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Endpoint | undefined> {
    return this.#one(id, this.#database.forUpdate, tx);
  }

  async list(request: PageRequest): Promise<Page<Endpoint>> {
    return readKeysetPage<EndpointRow, Endpoint>(this.#database, {
      columns,
      from: "endpoints",
      where: { "removed_at IS NULL": [] },
      sortColumns: { createdAt: "created_at" },
      request,
      present: (row) => this.#fromRow(row),
    });
  }

  /** Ids, filters and kinds of all endpoints, without their secrets. */
  async filters(tx: Tx): Promise<Pick<Endpoint, "id" | "events" | "enabled" | "ordered">[]> {
    const rows = await this.#database.select<Pick<EndpointRow, "id" | "events" | "enabled" | "ordered">>(
      "SELECT id, events, enabled, ordered FROM endpoints WHERE removed_at IS NULL ORDER BY id",
      [],
      tx,
    );
    return rows.map(({ id, events, enabled, ordered }) => ({
      id,
      events: JSON.parse(events) as string[],
      enabled: Boolean(enabled),
      ordered: Boolean(ordered),
    }));
  }

  async count(tx: Tx): Promise<number> {
    const sql = "SELECT COUNT(*) AS n FROM endpoints WHERE removed_at IS NULL";
    const [row] = await this.#database.select<{ n: number }>(sql, [], tx);
    return row?.n ?? 0;
  }

  async insert(endpoint: Endpoint, tx: Tx): Promise<void> {
    const { id, createdAt } = endpoint;
    const row = { ...this.#changedRow(endpoint), id, created_at: createdAt, last_position: 0 };
    await this.#database.insertIfAbsent("endpoints", row, tx);
  }

  /** Saves a change of a locked endpoint. */
  async update(endpoint: Endpoint, tx: Tx): Promise<void> {
    const row = this.#changedRow(endpoint);
    const assignments = Object.keys(row).map((column) => `${column} = ?`);
    const sql = `UPDATE endpoints SET ${assignments.join(", ")} WHERE id = ?`;
    await this.#database.execute(sql, [...Object.values(row), endpoint.id], tx);
  }

  async remove(id: string, now: number, tx: Tx): Promise<void> {
    const sql = "UPDATE endpoints SET enabled = 0, removed_at = ? WHERE id = ?";
    await this.#database.execute(sql, [now, id], tx);
  }

  /** Takes positions for further deliveries, under the endpoint's lock. @returns the last one before them */
  async takePositions(id: string, number: number, tx: Tx): Promise<number> {
    const sql = "UPDATE endpoints SET last_position = last_position + ? WHERE id = ?";
    await this.#database.execute(sql, [number, id], tx);
    const [row] = await this.#database.select<{ last: number }>(
      "SELECT last_position AS last FROM endpoints WHERE id = ?",
      [id],
      tx,
    );
    return (row?.last ?? number) - number;
  }

  /** Notes a success. */
  async succeeded(id: string, tx: Tx): Promise<void> {
    const sql = "UPDATE endpoints SET failing_since = NULL WHERE id = ? AND failing_since IS NOT NULL";
    await this.#database.execute(sql, [id], tx);
  }

  /** Notes a failure, unless one is known since the last success. */
  async failed(id: string, now: number, tx: Tx): Promise<void> {
    const sql = "UPDATE endpoints SET failing_since = ? WHERE id = ? AND failing_since IS NULL";
    await this.#database.execute(sql, [now, id], tx);
  }

  /** @returns whether it was enabled until now */
  async disable(id: string, reason: DisabledReason, now: number, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE endpoints SET enabled = 0, disabled_reason = ?, version = version + 1, updated_at = ? WHERE id = ? AND enabled = 1";
    return (await this.#database.execute(sql, [reason, now, id], tx)) === 1;
  }

  /** Encrypts secrets of an earlier key with the current one. @returns how many endpoints' */
  async encryptAll(tx: Tx): Promise<number> {
    const rows = await this.#database.select<EndpointRow>(
      `SELECT ${columns} FROM endpoints WHERE id > ? ORDER BY id${this.#database.forUpdate}`,
      [""],
      tx,
    );
    const outdated = rows.filter(
      ({ secret, previous_secret }) =>
        !this.#box.isCurrent(secret) || (previous_secret !== null && !this.#box.isCurrent(previous_secret)),
    );
    for (const row of outdated) await this.update(this.#fromRow(row), tx);
    return outdated.length;
  }

  /** Removed endpoints. */
  async removed(): Promise<{ readonly id: string; readonly removedAt: number }[]> {
    return this.#database.select(
      "SELECT id, removed_at AS removedAt FROM endpoints WHERE removed_at IS NOT NULL ORDER BY removed_at LIMIT 100",
    );
  }

  /** Removes the row of a removed endpoint without deliveries. */
  async purge(id: string, tx: Tx): Promise<void> {
    const sql =
      "DELETE FROM endpoints WHERE id = ? AND removed_at IS NOT NULL AND NOT EXISTS (SELECT d.id FROM deliveries d WHERE d.endpoint_id = endpoints.id)";
    await this.#database.execute(sql, [id], tx);
  }

  async #one(id: string, lock: string, tx?: Tx): Promise<Endpoint | undefined> {
    const [row] = await this.#database.select<EndpointRow>(
      `SELECT ${columns} FROM endpoints WHERE id = ? AND removed_at IS NULL${lock}`,
      [id],
      tx,
    );
    return row && this.#fromRow(row);
  }

  #changedRow(endpoint: Endpoint) {
    const { id, url, description, enabled, ordered, version, previousSecret } = endpoint;
    const about = secretPurpose(id);
    return {
      url,
      description,
      events: JSON.stringify(endpoint.events),
      enabled: Number(enabled),
      ordered: Number(ordered),
      disabled_reason: endpoint.disabledReason,
      failing_since: endpoint.failingSince,
      secret: this.#box.seal(endpoint.secret, about),
      previous_secret: previousSecret === null ? null : this.#box.seal(previousSecret, about),
      previous_until: endpoint.previousUntil,
      version,
      updated_at: endpoint.updatedAt,
    };
  }

  #fromRow(row: EndpointRow): Endpoint {
    const about = secretPurpose(row.id);
    return {
      id: row.id,
      url: row.url,
      description: row.description,
      events: JSON.parse(row.events) as string[],
      enabled: Boolean(row.enabled),
      ordered: Boolean(row.ordered),
      disabledReason: row.disabled_reason,
      failingSince: row.failing_since,
      secret: this.#box.open(row.secret, about),
      previousSecret: row.previous_secret === null ? null : this.#box.open(row.previous_secret, about),
      previousUntil: row.previous_until,
      version: row.version,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    };
  }
}
