import { ShopError } from "../contract/errors.ts";
import type { FilePart } from "../contract/file-part.ts";
import type { FileStore } from "./file-store.ts";
import type { TaskQueue } from "./task-queue.ts";

interface ExportPartRequest {
  /** Task id. */
  readonly id: string;
  /** Index from 0. */
  readonly part: number;
  /** When given, tasks of other users are not found. */
  readonly owner: string | undefined;
  /** Prefix of the file name. */
  readonly name: string;
}

const mediaTypes: Readonly<Record<string, string>> = { csv: "text/csv", xml: "application/xml" };

/**
 * One part of an exported CSV, XML or NDJSON file.
 *
 * @throws ShopError `not-found` when the task or its part does not exist (yet)
 */
export async function exportFilePart(
  { id, part, owner, name }: ExportPartRequest,
  { tasks, files }: { readonly tasks: TaskQueue; readonly files: FileStore },
): Promise<FilePart> {
  const task = await tasks.byId(id, owner);
  if (!task) throw new ShopError("not-found");
  const file = task.state === "succeeded" ? await files.resultOf(task.id) : undefined;
  const content = file && (await files.chunk(file.id, part));
  if (!file || content === undefined)
    throw new ShopError("not-found", "The task has no file to download (yet)");
  const format = String(task.result?.format);
  const mediaType = mediaTypes[format] ?? "application/x-ndjson";
  return {
    mediaType,
    fileName: `${name}-${task.createdAt.slice(0, 10)}.${format}`,
    content,
    parts: file.chunks,
  };
}
