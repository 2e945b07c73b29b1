import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, spoil } from "../damage.ts";

const lost = newId();
const task = "SELECT id FROM tasks WHERE state = 'succeeded'";

/** Damages to events and background tasks. */
export const damagesOfWork: Readonly<Record<string, Damage>> = {
  "events.readable: cut off": insert(
    "users",
    "outbox",
    { id: lost, envelope: `{"id":"${lost}","na`, status: "waiting", attempts: 0, due_at: 1 },
    lost,
  ),
  "events.readable: without what it tells": insert(
    "orders",
    "outbox",
    { id: lost, envelope: `{"id":"${lost}"}`, status: "sent", attempts: 0, due_at: 1 },
    lost,
  ),
  "events.readable: under another id": insert(
    "orders",
    "outbox",
    {
      id: lost,
      envelope: JSON.stringify({ id: newId(), name: "orders.paid", occurredAt: 1, payload: {} }),
      status: "waiting",
      attempts: 0,
      due_at: 1,
    },
    lost,
  ),
  "tasks.states: at its end without an end": spoil(
    "catalog",
    task,
    "UPDATE tasks SET finished_at = NULL WHERE id = ?",
  ),
  "tasks.states: runs and nobody holds it": spoil(
    "catalog",
    task,
    "UPDATE tasks SET state = 'running', finished_at = NULL WHERE id = ?",
  ),
  "tasks.states: without a result": spoil("catalog", task, "UPDATE tasks SET result = NULL WHERE id = ?"),
  "tasks.files: a piece is lost": spoil(
    "catalog",
    "SELECT file_id AS id FROM file_chunks",
    "DELETE FROM file_chunks WHERE file_id = ? AND position = 0",
  ),
  "images.files: of none": insert(
    "catalog",
    "images",
    {
      id: lost,
      owner_kind: "product",
      owner_id: lost,
      hash: "0".repeat(64),
      state: "ready",
      fault: null,
      width: 1,
      height: 1,
      alt: "{}",
      focal_point: null,
      position: 0,
      version: 1,
      created_at: 1,
      updated_at: 1,
    },
    lost,
  ),
  "images.references: of nothing": insert(
    "users",
    "media_files",
    { hash: "1".repeat(64), state: "new", reference_count: 2, touched_at: 1 },
    "1".repeat(64),
  ),
  "tasks.file-pieces: of no file": insert(
    "audit",
    "file_chunks",
    { file_id: lost, position: 0, content: "x" },
    lost,
  ),
};
