import type { Database, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Actor } from "../../contract/caller.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import type { AuditEntity } from "../audit.contract.ts";

/** One entry of the trail. Times are milliseconds since 1970, UTC. */
export interface AuditEntry {
  readonly id: string;
  readonly type: string;
  readonly actor: Actor;
  readonly entity: AuditEntity;
  readonly entityId: string | null;
  readonly details: Record<string, unknown>;
  readonly requestId: string;
  readonly occurredAt: number;
  readonly recordedAt: number;
}

export interface AuditFilter {
  readonly type?: string | undefined;
  readonly actorId?: string | undefined;
  readonly entity?: AuditEntity | undefined;
  readonly entityId?: string | undefined;
  /** Inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly before?: number | undefined;
}

type AuditRow = {
  id: string;
  type: string;
  actor_kind: Actor["kind"];
  actor_id: string | null;
  entity: AuditEntity;
  entity_id: string | null;
  details: string;
  request_id: string;
  occurred_at: number;
  recorded_at: number;
};

const columns =
  "id, type, actor_kind, actor_id, entity, entity_id, details, request_id, occurred_at, recorded_at";

/** The trail can be added to and read; there is no way to change or remove what it says. */
export class AuditRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async append(entry: AuditEntry, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO audit_events (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        entry.id,
        entry.type,
        entry.actor.kind,
        entry.actor.id ?? null,
        entry.entity,
        entry.entityId,
        JSON.stringify(entry.details),
        entry.requestId,
        entry.occurredAt,
        entry.recordedAt,
      ],
      tx,
    );
  }

  async byId(id: string): Promise<AuditEntry | undefined> {
    const [row] = await this.#database.select<AuditRow>(`SELECT ${columns} FROM audit_events WHERE id = ?`, [id]);
    return row && fromRow(row);
  }

  async list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditEntry>> {
    return listPage<AuditRow, AuditEntry>(this.#database, {
      columns,
      from: "audit_events",
      where: {
        "type = ?": filter.type,
        "actor_id = ?": filter.actorId,
        "entity = ?": filter.entity,
        "entity_id = ?": filter.entityId,
        "occurred_at >= ?": filter.from,
        "occurred_at < ?": filter.before,
      },
      sortColumns: { occurredAt: "occurred_at" },
      request,
      present: fromRow,
    });
  }
}

function fromRow(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    type: row.type,
    actor: { kind: row.actor_kind, id: row.actor_id ?? undefined },
    entity: row.entity,
    entityId: row.entity_id,
    details: JSON.parse(row.details) as Record<string, unknown>,
    requestId: row.request_id,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
  };
}
