import { randomUUID } from "node:crypto";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { insertRows } from "../../../mixins/database/query/insert-rows.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { DeliveryStatus } from "../contract/fields.ts";
import { filterCondition } from "../domain/event-filter.ts";
import type { Attempt } from "../domain/outcome.ts";
import type { Endpoint } from "./endpoint-repository.ts";

/** An event for an endpoint. Times are milliseconds since the Unix epoch. */
export interface Delivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly dueAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** What is to be sent. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: number;
  readonly body: string;
}

export interface NewDelivery {
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: string;
  readonly position: number;
}

interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined;
  readonly type?: string | undefined;
  /** Inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly before?: number | undefined;
}

/** Interval of an event's occurrence: the end is exclusive. */
interface Interval {
  readonly from: number;
  readonly before: number;
}

const columns =
  "id, endpoint_id AS endpointId, event_id AS eventId, type, status, attempts, due_at AS dueAt, created_at, created_at AS createdAt, ended_at AS endedAt";
/** Events of a statement: their bodies may be large. */
const eventsAtOnce = 100;
const attemptsShown = 100;

export class DeliveryRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(endpointId: string, id: string, tx?: Tx): Promise<Delivery | undefined> {
    const [row] = await this.#database.select<Delivery>(
      `SELECT ${columns} FROM deliveries WHERE id = ? AND endpoint_id = ?`,
      [id, endpointId],
      tx,
    );
    return row;
  }

  async list(endpointId: string, filter: DeliveryFilter, request: PageRequest): Promise<Page<Delivery>> {
    return readKeysetPage<Delivery, Delivery>(this.#database, {
      columns,
      from: "deliveries",
      where: {
        "endpoint_id = ?": endpointId,
        "status = ?": filter.status,
        "type = ?": filter.type,
        "created_at >= ?": filter.from,
        "created_at < ?": filter.before,
      },
      sortColumns: { createdAt: "created_at" },
      request,
      present: (row) => row,
    });
  }

  /** The last attempts, in order. */
  async attemptsOf(id: string): Promise<Attempt[]> {
    const rows = await this.#database.select<Attempt>(
      `SELECT at, duration_ms AS durationMs, status, error, response FROM attempts WHERE delivery_id = ?
       ORDER BY number DESC LIMIT ?`,
      [id, attemptsShown],
    );
    return rows.toReversed();
  }

  async addEvents(events: readonly StoredEvent[], now: number, tx: Tx): Promise<void> {
    await insertRows(
      this.#database,
      "events",
      events.map(({ id, type, occurredAt, body }) => ({
        id,
        type,
        occurred_at: occurredAt,
        received_at: now,
        body,
      })),
      tx,
      { rowsAtOnce: eventsAtOnce },
    );
  }

  async add(deliveries: readonly NewDelivery[], now: number, tx: Tx): Promise<void> {
    await insertRows(
      this.#database,
      "deliveries",
      deliveries.map(({ endpointId, eventId, type, position }) => ({
        id: newId(),
        endpoint_id: endpointId,
        event_id: eventId,
        type,
        status: "waiting",
        position,
        attempts: 0,
        failures: 0,
        due_at: now,
        created_at: now,
      })),
      tx,
    );
  }

  /** Events of an interval that pass a filter, counted up to a limit. */
  async countEvents(
    { from, before }: Interval,
    filter: readonly string[],
    limit: number,
    tx: Tx,
  ): Promise<number> {
    const { sql, values } = filterCondition("type", filter);
    const [row] = await this.#database.select<{ n: number }>(
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM events WHERE occurred_at >= ? AND occurred_at < ? AND ${sql} LIMIT ?) counted`,
      [from, before, ...values, limit],
      tx,
    );
    return row?.n ?? 0;
  }

  /**
   * Adds a delivery of each event of an interval that passes the endpoint's filter, in one statement. Their ids
   * are this call's, numbered in the order of the events.
   *
   * @param after position after which an ordered endpoint's are
   */
  async replay(
    { id, events, ordered }: Pick<Endpoint, "id" | "events" | "ordered">,
    { from, before }: Interval,
    after: number,
    now: number,
    tx: Tx,
  ): Promise<number> {
    const { sql, values } = filterCondition("e.type", events);
    const idPrefix = `${newId().slice(0, 15)}${randomUUID().slice(15, 24)}`;
    return this.#database.execute(
      `INSERT INTO deliveries (id, endpoint_id, event_id, type, status, position, attempts, failures, due_at, created_at)
       SELECT CONCAT(?, SUBSTR(CONCAT('000000000000', n), -12)), ?, event_id, type, 'waiting', CASE WHEN ? = 1 THEN ? + n ELSE 0 END, 0, 0, ?, ?
       FROM (SELECT e.id AS event_id, e.type AS type, ROW_NUMBER() OVER (ORDER BY e.occurred_at, e.id) AS n
             FROM events e WHERE e.occurred_at >= ? AND e.occurred_at < ? AND ${sql}) numbered`,
      [idPrefix, id, Number(ordered), after, now, now, from, before, ...values] as SqlValue[],
      tx,
    );
  }

  /**
   * Begins a new series of attempts, unless one is under way.
   *
   * @param position of the delivery among the others of an ordered endpoint
   * @returns whether it did
   */
  async retry(id: string, position: number, now: number, tx: Tx): Promise<boolean> {
    const retried = await this.#database.execute(
      `UPDATE deliveries SET position = CASE WHEN status = 'waiting' THEN position ELSE ? END, due_at = ?, claim = NULL,
         failures = CASE WHEN status = 'waiting' THEN failures ELSE 0 END, status = 'waiting', ended_at = NULL
       WHERE id = ? AND (claim IS NULL OR due_at <= ?)`,
      [position, now, id, now],
      tx,
    );
    return retried === 1;
  }
}
