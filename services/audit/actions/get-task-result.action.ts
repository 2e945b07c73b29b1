import { ownerFilter } from "../../contract/caller.ts";
import { action } from "../audit.dependencies.ts";

/** The file of an export, one chunk of it at a time. */
export const getTaskResult = action("audit.tasks.result", async (context, { tasks, files }) => {
  const { params, caller, fail } = context;
  const task = await tasks.byId(params.id, ownerFilter(caller, "audit:read"));
  if (!task) throw fail("not-found");
  const file = task.state === "succeeded" ? await files.resultOf(task.id) : undefined;
  const content = file && (await files.chunk(file.id, params.part));
  if (!file || content === undefined) throw fail("not-found", "The task has no file to download, or not yet");
  const format = String(task.result?.format);
  const mediaType = format === "csv" ? "text/csv" : "application/x-ndjson";
  return { mediaType, fileName: `audit-${task.createdAt.slice(0, 10)}.${format}`, content, parts: file.chunks };
});
