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
 * What a service needs for background tasks: the tasks themselves, files that they read and make, and the turns of what
 * runs once per cluster. Times are milliseconds since 1970, UTC.
 */
export async function createTaskTables(query: QueryInterface): Promise<void> {
  await query.createTable("tasks", {
    id: { type: id, primaryKey: true },
    kind: { type: DataTypes.STRING(60), allowNull: false },
    params: text,
    /** The user who started it; null when it was no user. */
    owner_id: { type: id, allowNull: true },
    /** Who and which request started it (JSON): what the task does is done on their behalf. */
    origin: text,
    state: { type: DataTypes.STRING(10), allowNull: false },
    /** Attempts since the last committed batch. */
    attempt: { type: DataTypes.INTEGER, allowNull: false },
    /** While queued: not before. */
    run_after: moment,
    /** While running: who has claimed it, by an id that is new with each claim, and until when. */
    lease_owner: { type: id, allowNull: true },
    lease_until: moment,
    cancel_requested_at: momentOrNull,
    done: { type: DataTypes.INTEGER, allowNull: false },
    total: { type: DataTypes.INTEGER, allowNull: true },
    /** Where to go on; changes only in the transaction that made the progress. */
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
    /** `upload` is read by its task and goes when that has finished, `result` is made by it and goes with it. */
    purpose: { type: DataTypes.STRING(10), allowNull: false },
    /** Null while it arrives. */
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
