import type { TaskState } from "../contract/tasks.ts";
import type { Page, PageRequest } from "../contract/paging.ts";
import type { Database, SqlValue, Tx } from "../database/database.ts";
import { readKeysetPage } from "../database/query/keyset-page.ts";
import type { Progress, TaskRow } from "./task.ts";

interface Row {
  id: string;
  kind: string;
  params: string;
  owner_id: string | null;
  origin: string;
  state: TaskState;
  attempt: number;
  cancel_requested_at: number | null;
  done: number;
  total: number | null;
  checkpoint: string | null;
  result: string | null;
  error: string | null;
  version: number;
  created_at: number;
  started_at: number | null;
  updated_at: number;
  finished_at: number | null;
}

const columns = `id, kind, params, owner_id, origin, state, attempt, cancel_requested_at, done, total, checkpoint, result,
  error, version, created_at, started_at, updated_at, finished_at`;

/** Outcome of an attempt. */
export interface AttemptOutcome {
  readonly state: TaskState;
  readonly result?: TaskRow["result"];
  readonly error?: TaskRow["error"];
  /** Backoff until the next attempt, while `queued`. */
  readonly waitMs?: number;
  /** An interrupted attempt does not count. */
  readonly uncounted?: boolean;
}

const due = "((state = 'queued' AND run_after <= ?) OR (state = 'running' AND lease_until <= ?))";
/** Fencing: only the lease holder may change a running task. */
const held = "id = ? AND state = 'running' AND lease_owner = ?";

/** A service's background tasks. States change by conditional updates: of concurrent nodes, one wins. */
export class TaskRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string, tx?: Tx): Promise<TaskRow | undefined> {
    const sql = `SELECT ${columns} FROM tasks WHERE id = ?`;
    const [row] = await this.#database.select<Row>(sql, [id], tx);
    return row && fromRow(row);
  }

  async list(
    filter: {
      readonly ownerId: string | undefined;
      readonly state?: TaskState | undefined;
      readonly kind?: string | undefined;
    },
    request: PageRequest,
  ): Promise<Page<TaskRow>> {
    return readKeysetPage<Row, TaskRow>(this.#database, {
      columns,
      from: "tasks",
      where: { "owner_id = ?": filter.ownerId, "state = ?": filter.state, "kind = ?": filter.kind },
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  async insert(task: TaskRow, tx: Tx): Promise<void> {
    const row: Record<string, SqlValue> = {
      id: task.id,
      kind: task.kind,
      params: JSON.stringify(task.params),
      owner_id: task.ownerId,
      origin: JSON.stringify(task.origin),
      state: task.state,
      attempt: task.attempt,
      run_after: task.createdAt,
      lease_until: 0,
      done: task.done,
      total: task.total,
      version: task.version,
      created_at: task.createdAt,
      updated_at: task.updatedAt,
    };
    await this.#database.insertIfAbsent("tasks", row, tx);
  }

  /** Ids of due tasks, longest waiting first. */
  async due(kinds: readonly string[], now: number, limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ id: string }>(
      `SELECT id FROM tasks WHERE ${due} AND kind IN (?) ORDER BY run_after, id LIMIT ?`,
      [now, now, kinds, limit],
    );
    return rows.map((row) => row.id);
  }

  /** Claims a due task under a lease. @returns undefined when another node claimed it first */
  async claim(
    id: string,
    leaseOwner: string,
    now: number,
    leaseUntil: number,
    tx: Tx,
  ): Promise<TaskRow | undefined> {
    const claimed = await this.#database.execute(
      `UPDATE tasks SET state = 'running', lease_owner = ?, lease_until = ?, attempt = attempt + 1,
         started_at = COALESCE(started_at, ?), updated_at = ?, version = version + 1
       WHERE id = ? AND ${due}`,
      [leaseOwner, leaseUntil, now, now, id, now, now],
      tx,
    );
    return claimed === 1 ? this.byId(id, tx) : undefined;
  }

  /** Renews a lease. @returns false when it is lost */
  async renew(id: string, leaseOwner: string, leaseUntil: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE tasks SET lease_until = ? WHERE ${held}`;
    return (await this.#database.execute(sql, [leaseUntil, id, leaseOwner], tx)) === 1;
  }

  /**
   * Checks that the lease is held, and locks the task until the transaction ends.
   *
   * @returns whether cancellation was requested; undefined when the lease is lost
   */
  async lockHeld(id: string, leaseOwner: string, tx: Tx): Promise<{ cancelled: boolean } | undefined> {
    const [row] = await this.#database.select<{ cancel_requested_at: number | null }>(
      `SELECT cancel_requested_at FROM tasks WHERE ${held}${this.#database.forUpdate}`,
      [id, leaseOwner],
      tx,
    );
    return row && { cancelled: row.cancel_requested_at !== null };
  }

  /**
   * Records a completed batch and resets the attempts. Requires `lockHeld` earlier in the same transaction.
   */
  async advance(
    id: string,
    { done, total, checkpoint }: Progress<unknown>,
    now: number,
    leaseUntil: number,
    tx: Tx,
  ) {
    await this.#database.execute(
      `UPDATE tasks SET done = ?, total = COALESCE(?, total), checkpoint = ?, attempt = 1, lease_until = ?, updated_at = ?,
         version = version + 1
       WHERE id = ?`,
      [done, total ?? null, JSON.stringify(checkpoint), leaseUntil, now, id],
      tx,
    );
  }

  /**
   * Ends an attempt and, with a final state, the task. @returns false when the lease was lost: nothing
   * changes
   */
  async end(id: string, leaseOwner: string, outcome: AttemptOutcome, now: number, tx: Tx): Promise<boolean> {
    const { state, result = null, error = null, waitMs = 0, uncounted = false } = outcome;
    const ended = await this.#database.execute(
      `UPDATE tasks SET state = ?, result = ?, error = ?, run_after = ?, finished_at = ?, lease_owner = NULL,
         attempt = attempt - ?, updated_at = ?, version = version + 1
       WHERE ${held}`,
      [
        state,
        jsonOrNull(result),
        jsonOrNull(error),
        now + waitMs,
        state === "queued" ? null : now,
        uncounted ? 1 : 0,
        now,
        id,
        leaseOwner,
      ],
      tx,
    );
    return ended === 1;
  }

  /** Cancels a queued task, or requests cancellation of a running one. @returns whether there was one */
  async cancel(id: string, now: number, tx: Tx): Promise<boolean> {
    const cancelled = await this.#database.execute(
      `UPDATE tasks SET state = 'cancelled', cancel_requested_at = ?, finished_at = ?, updated_at = ?, version = version + 1
       WHERE id = ? AND state = 'queued'`,
      [now, now, now, id],
      tx,
    );
    const requested = await this.#database.execute(
      `UPDATE tasks SET cancel_requested_at = ?, updated_at = ?, version = version + 1
       WHERE id = ? AND state = 'running' AND cancel_requested_at IS NULL`,
      [now, now, id],
      tx,
    );
    return cancelled + requested > 0;
  }

  /** Removes up to `limit` tasks that finished before a time. @returns their number */
  async removeFinished(before: number, limit: number, tx: Tx, kept: readonly string[]): Promise<number> {
    const keeping = kept.length > 0 ? "AND NOT (state = 'succeeded' AND kind IN (?))" : "";
    const rows = await this.#database.select<{ id: string }>(
      `SELECT id FROM tasks WHERE state IN ('succeeded', 'failed', 'cancelled') AND finished_at < ? ${keeping}
       ORDER BY created_at, id LIMIT ?`,
      [before, ...(kept.length > 0 ? [kept] : []), limit],
      tx,
    );
    if (rows.length === 0) return 0;
    return this.#database.execute("DELETE FROM tasks WHERE id IN (?)", [rows.map((row) => row.id)], tx);
  }
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

function fromRow(row: Row): TaskRow {
  return {
    id: row.id,
    kind: row.kind,
    params: JSON.parse(row.params),
    ownerId: row.owner_id,
    origin: JSON.parse(row.origin) as TaskRow["origin"],
    state: row.state,
    attempt: row.attempt,
    cancelRequestedAt: row.cancel_requested_at,
    done: row.done,
    total: row.total,
    checkpoint: fromJson(row.checkpoint),
    result: fromJson(row.result) as TaskRow["result"],
    error: fromJson(row.error) as TaskRow["error"],
    version: row.version,
    createdAt: row.created_at,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  };
}
