import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { TaskState } from "../../../mixins/contract/tasks.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Day } from "../domain/day.ts";

/** A day with the task that closes it. */
export interface ClosedDay {
  readonly day: Day;
  readonly taskId: string;
  readonly state: TaskState;
  readonly figures: Readonly<Record<string, unknown>> | null;
  readonly closedAt: number | null;
}

interface Row {
  day: Day;
  task_id: string;
  state: TaskState;
  result: string | null;
  finished_at: number | null;
}

/** What has been counted, closed and removed so far. */
export interface Progress {
  /** What happened before may have been missed (ms). */
  readonly countedFrom: number;
  readonly sessionsFrom: Day;
  readonly entriesFrom: Day;
}

/** Days that are closed: each has one task, whoever finds first that it is over. */
export class ClosedDayRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(
    filter: { readonly from: Day; readonly to: Day },
    request: PageRequest,
  ): Promise<Page<ClosedDay>> {
    return readKeysetPage<Row, ClosedDay>(this.#database, {
      columns: "d.day, d.task_id, t.state, t.result, t.finished_at",
      from: "(closed_days d JOIN tasks t ON t.id = d.task_id)",
      where: { "d.day >= ?": filter.from, "d.day <= ?": filter.to },
      sortColumns: { day: "d.day" },
      idColumn: "d.task_id",
      request,
      present: ({ day, task_id: taskId, state, result, finished_at: closedAt }) => ({
        day,
        taskId,
        state,
        figures: result === null ? null : (JSON.parse(result) as Record<string, unknown>),
        closedAt,
      }),
    });
  }

  async last(): Promise<Day | undefined> {
    const [row] = await this.#database.select<{ day: Day | null }>("SELECT MAX(day) AS day FROM closed_days");
    return row?.day ?? undefined;
  }

  /** Notes which task closes a day. @returns false when another does */
  async claim(day: Day, taskId: string, tx: Tx): Promise<boolean> {
    return this.#database.insertIfAbsent("closed_days", { day, task_id: taskId, late: 0 }, tx);
  }

  /** Closed days to close again: something of them arrived late, or their task has failed. */
  async toCloseAgain(limit: number): Promise<{ day: Day; taskId: string }[]> {
    return this.#database.select<{ day: Day; taskId: string }>(
      `SELECT d.day, d.task_id AS taskId FROM closed_days d JOIN tasks t ON t.id = d.task_id
       WHERE (d.late = 1 AND t.state = 'succeeded') OR t.state IN ('failed', 'cancelled') ORDER BY d.day LIMIT ?`,
      [limit],
    );
  }

  /** Lets a day, if it is closed, be closed again; with `andLater` those after it as well. */
  async markLate(day: Day, tx: Tx, { andLater = false } = {}): Promise<void> {
    const sql = `UPDATE closed_days SET late = 1 WHERE day ${andLater ? ">=" : "="} ?`;
    await this.#database.execute(sql, [day], tx);
  }

  /** Replaces the task of a day. @returns false when another node has done so */
  async reclaim(day: Day, { before, taskId }: { before: string; taskId: string }, tx: Tx): Promise<boolean> {
    const sql = "UPDATE closed_days SET task_id = ?, late = 0 WHERE day = ? AND task_id = ?";
    return (await this.#database.execute(sql, [taskId, day, before], tx)) === 1;
  }

  /** Notes, at the first start, that counting begins. */
  async begin(now: number): Promise<void> {
    const nothing = { online: 0, sessions_from: "", entries_from: "" };
    await this.#database.insertIfAbsentWithAutocommit("progress", { id: 1, counted_from: now, ...nothing });
  }

  async progress(): Promise<Progress> {
    const [row] = await this.#database.select<Progress>(
      `SELECT counted_from AS countedFrom, sessions_from AS sessionsFrom, entries_from AS entriesFrom
       FROM progress WHERE id = 1`,
    );
    if (!row) throw new Error("the statistics' progress is gone");
    return row;
  }

  /** Notes that sales since an earlier moment have been recounted. */
  async countFrom(moment: number, tx: Tx): Promise<void> {
    const sql = "UPDATE progress SET counted_from = ? WHERE id = 1 AND counted_from > ?";
    await this.#database.execute(sql, [moment, moment], tx);
  }

  /** Notes, before it happens, which days' rows are being removed. */
  async removeFrom({ sessionsFrom, entriesFrom }: Omit<Progress, "countedFrom">, tx: Tx): Promise<void> {
    await this.#database.execute(
      `UPDATE progress SET sessions_from = CASE WHEN sessions_from < ? THEN ? ELSE sessions_from END,
         entries_from = CASE WHEN entries_from < ? THEN ? ELSE entries_from END WHERE id = 1`,
      [sessionsFrom, sessionsFrom, entriesFrom, entriesFrom],
      tx,
    );
  }
}
