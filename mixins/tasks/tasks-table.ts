import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../database/column-types.ts";

const id = DataTypes.CHAR(36);
const moment = { type: DataTypes.BIGINT, allowNull: false };
const momentOrNull = { type: DataTypes.BIGINT, allowNull: true };
const text = { type: mediumText, allowNull: false };
const textOrNull = { type: mediumText, allowNull: true };

const tables = ["schedules", "file_chunks", "files", "tasks"] as const;

/**
 * Tables for background tasks: tasks, their files, and scheduled jobs. Times are milliseconds since 1970
 * (UTC).
 */
export async function createTaskTables(query: QueryInterface): Promise<void> {
  await query.createTable("tasks", {
    id: { type: id, primaryKey: true },
    kind: { type: DataTypes.STRING(60), allowNull: false },
    params: text,
    /** The user who started it; null for other callers. */
    owner_id: { type: id, allowNull: true },
    /** Originator and request (JSON), on whose behalf the task acts. */
    origin: text,
    state: { type: DataTypes.STRING(10), allowNull: false },
    /** Attempts since the last committed batch. */
    attempt: { type: DataTypes.INTEGER, allowNull: false },
    /** While queued: earliest time of the next attempt. */
    run_after: moment,
    /** While running: the claim's unique id, and the end of its lease. */
    lease_owner: { type: id, allowNull: true },
    lease_until: moment,
    cancel_requested_at: momentOrNull,
    done: { type: DataTypes.INTEGER, allowNull: false },
    total: { type: DataTypes.INTEGER, allowNull: true },
    /** Where to continue; changes only in the transaction that made the progress. */
    checkpoint: textOrNull,
    result: textOrNull,
    error: textOrNull,
    version: { type: DataTypes.INTEGER, allowNull: false },
    created_at: moment,
    started_at: momentOrNull,
    updated_at: moment,
    finished_at: momentOrNull,
  });
  await query.addIndex("tasks", ["state", "run_after", "id"], { name: "tasks_waiting" });
  await query.addIndex("tasks", ["state", "lease_until", "id"], { name: "tasks_leased" });
  await query.addIndex("tasks", ["owner_id", "created_at", "id"], { name: "tasks_of_owner" });
  await query.addIndex("tasks", ["created_at", "id"], { name: "tasks_by_age" });

  await query.createTable("files", {
    id: { type: id, primaryKey: true },
    /** `upload`: a task's input, removed when it finishes. `result`: its output, removed with it. */
    purpose: { type: DataTypes.STRING(10), allowNull: false },
    /** Null until the upload is assigned. */
    task_id: { type: id, allowNull: true },
    chunks: { type: DataTypes.INTEGER, allowNull: false },
    touched_at: moment,
  });
  await query.addIndex("files", ["task_id"], { name: "files_of_task" });
  await query.createTable("file_chunks", {
    file_id: { type: id, primaryKey: true },
    position: { type: DataTypes.INTEGER, primaryKey: true },
    content: text,
  });

  await query.createTable("schedules", {
    name: { type: DataTypes.STRING(60), primaryKey: true },
    next_run_at: moment,
  });
}

export async function dropTaskTables(query: QueryInterface): Promise<void> {
  for (const table of tables) await query.dropTable(table);
}
