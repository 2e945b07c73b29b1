import { ShopError } from "../../services/contract/errors.ts";
import type { FilePart } from "../../services/contract/file-part.ts";
import type { FileStore } from "./file-store.ts";
import type { TaskQueue } from "./task-queue.ts";

interface Wanted {
  /** Of the task. */
  readonly id: string;
  /** From 0. */
  readonly part: number;
  /** When given, someone else's task is not found. */
  readonly owner: string | undefined;
  /** What the file's name begins with. */
  readonly name: string;
}

/**
 * One part of the file that an export to CSV or NDJSON made.
 *
 * @throws ShopError `not-found` when there is no such task, or it has no such part of a file, or not yet
 */
export async function exportFilePart(
  { id, part, owner, name }: Wanted,
  { tasks, files }: { readonly tasks: TaskQueue; readonly files: FileStore },
): Promise<FilePart> {
  const task = await tasks.byId(id, owner);
  if (!task) throw new ShopError("not-found");
  const file = task.state === "succeeded" ? await files.resultOf(task.id) : undefined;
  const content = file && (await files.chunk(file.id, part));
  if (!file || content === undefined) throw new ShopError("not-found", "The task has no file to download, or not yet");
  const format = String(task.result?.format);
  const mediaType = format === "csv" ? "text/csv" : "application/x-ndjson";
  return { mediaType, fileName: `${name}-${task.createdAt.slice(0, 10)}.${format}`, content, parts: file.chunks };
}
