import { taskStates } from "../contract/tasks.ts";
import type { Invariant } from "../database/invariant.ts";
import { notListed } from "../database/invariant.ts";

/** Invariants of background tasks and their files. */
export const taskInvariants: readonly Invariant[] = [
  {
    code: "tasks.states",
    says: "Every task has a lease exactly while it runs, an end time exactly when it has ended, and then an outcome",
    subject: { table: "tasks", key: "id" },
    broken: `SELECT id AS taskId, kind, state, done, total, started_at AS startedAt, finished_at AS finishedAt FROM tasks
             WHERE {page id} AND (${notListed("state", taskStates)} OR (state = 'running') = (lease_owner IS NULL)
               OR (state IN ('queued', 'running')) = (finished_at IS NOT NULL)
               OR (state = 'succeeded' AND result IS NULL) OR (state = 'failed' AND error IS NULL)
               OR NOT JSON_VALID(params) OR NOT JSON_VALID(origin) OR NOT JSON_VALID(COALESCE(checkpoint, '{}'))
               OR done < 0 OR done > total OR attempt < 0 OR version < 1 OR updated_at + {graceMs} < created_at)`,
  },
  {
    code: "tasks.files",
    says: "Every file has as many chunks as it counts, in order",
    subject: { table: "files", key: "id" },
    broken: `SELECT t.* FROM (
               SELECT f.id AS fileId, f.purpose, f.chunks,
                 (SELECT COUNT(*) FROM file_chunks c WHERE c.file_id = f.id) AS pieces,
                 (SELECT COUNT(*) FROM file_chunks c WHERE c.file_id = f.id AND c.position >= 0 AND c.position < f.chunks) AS inOrder
               FROM files f WHERE {page f.id}
             ) t WHERE t.pieces <> t.chunks OR t.inOrder <> t.chunks OR ${notListed("t.purpose", ["upload", "result"])}`,
  },
  {
    code: "tasks.file-pieces",
    says: "Every chunk belongs to an existing file",
    subject: { table: "file_chunks", key: "file_id" },
    broken: `SELECT c.file_id AS fileId, c.position FROM file_chunks c LEFT JOIN files f ON f.id = c.file_id
             WHERE {page c.file_id} AND f.id IS NULL`,
  },
];
