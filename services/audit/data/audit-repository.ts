import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Actor } from "../../../mixins/contract/caller.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { AuditRow } from "../domain/chain.ts";
import { chainOnto } from "../domain/chain.ts";
import type { Sealer } from "../domain/seal.ts";
import { ChainRepository } from "./chain-repository.ts";

/** One entry of the trail. Times are milliseconds since the Unix epoch. */
export interface AuditEntry {
  readonly id: string;
  readonly type: string;
  readonly actor: Actor;
  readonly entity: string;
  readonly entityId: string | null;
  readonly details: Record<string, unknown>;
  readonly requestId: string;
  readonly occurredAt: number;
  readonly recordedAt: number;
}

/** An entry with its position in the chain. */
export interface PlacedEntry extends AuditEntry {
  readonly position: number;
  readonly hash: string;
}

export interface AuditFilter {
  readonly type?: string | undefined;
  readonly actorId?: string | undefined;
  readonly entity?: string | undefined;
  readonly entityId?: string | undefined;
  /** Inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly before?: number | undefined;
}

const rowsAtOnce = 100;
const columns =
  "id, type, actor_kind, actor_id, entity, entity_id, details, request_id, occurred_at, recorded_at";

/** Append-only: entries can be added and read; the interface offers neither change nor removal. */
export class AuditRepository {
  readonly #database: Database;
  readonly #chain: ChainRepository;
  readonly #sealer: Sealer;

  constructor(database: Database, sealer: Sealer) {
    this.#database = database;
    this.#chain = new ChainRepository(database);
    this.#sealer = sealer;
  }

  /** Appends entries to the chain in their order. Holds the head's lock until the transaction ends. */
  async append(entries: readonly AuditEntry[], tx: Tx): Promise<void> {
    const head = await this.#chain.lockHead(tx);
    const rows = chainOnto(head, entries.map(toRow));
    for (let from = 0; from < rows.length; from += rowsAtOnce)
      await this.#chain.append(rows.slice(from, from + rowsAtOnce), tx);
    await this.#chain.moveHead(rows.at(-1) ?? head, this.#sealer, tx);
  }

  async byId(id: string): Promise<AuditEntry | undefined> {
    const [row] = await this.#database.select<AuditRow>(`SELECT ${columns} FROM audit_events WHERE id = ?`, [
      id,
    ]);
    return row && fromRow(row);
  }

  async list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditEntry>> {
    return readKeysetPage<AuditRow, AuditEntry>(this.#database, {
      columns,
      from: "audit_events",
      where: conditionsOf(filter),
      sortColumns: { occurredAt: "occurred_at" },
      request,
      present: fromRow,
    });
  }

  /** Matching entries after a position, in chain order. */
  async after(position: number, upTo: number, filter: AuditFilter, limit: number): Promise<PlacedEntry[]> {
    const given = Object.entries(conditionsOf(filter)).filter(
      (entry): entry is [string, string | number] => entry[1] !== undefined,
    );
    const where = ["position > ?", "position <= ?", ...given.map(([condition]) => condition)].join(" AND ");
    const rows = await this.#database.select<AuditRow & { position: number; hash: string }>(
      `SELECT ${columns}, position, hash FROM audit_events WHERE ${where} ORDER BY position LIMIT ?`,
      [position, upTo, ...given.map(([, value]) => value), limit],
    );
    return rows.map((row) => ({ ...fromRow(row), position: row.position, hash: row.hash }));
  }
}

function conditionsOf(filter: AuditFilter): Record<string, string | number | undefined> {
  return {
    "type = ?": filter.type,
    "actor_id = ?": filter.actorId,
    "entity = ?": filter.entity,
    "entity_id = ?": filter.entityId,
    "occurred_at >= ?": filter.from,
    "occurred_at < ?": filter.before,
  };
}

function toRow(entry: AuditEntry): AuditRow {
  return {
    id: entry.id,
    type: entry.type,
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id ?? null,
    entity: entry.entity,
    entity_id: entry.entityId,
    details: JSON.stringify(entry.details),
    request_id: entry.requestId,
    occurred_at: entry.occurredAt,
    recorded_at: entry.recordedAt,
  };
}

function fromRow(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    type: row.type,
    actor: { kind: row.actor_kind as Actor["kind"], id: row.actor_id ?? undefined },
    entity: row.entity,
    entityId: row.entity_id,
    details: JSON.parse(row.details) as Record<string, unknown>,
    requestId: row.request_id,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
  };
}
