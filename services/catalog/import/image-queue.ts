import type { Tx } from "../../../mixins/database/database.ts";
import type { FileStore } from "../../../mixins/tasks/file-store.ts";
import type { WantedImages } from "../domain/import-plan.ts";
import type { ImportProgress } from "./import-report.ts";
import type { ArchivedPicture } from "./import-images.ts";
import { inBatches } from "./in-batches.ts";
import { jsonLines } from "./json-elements.ts";

type Queue = NonNullable<ImportProgress["queue"]>;

/** Appends the images of imported rows to a file of the task, in the transaction of the rows. */
export async function queueImages(
  wanted: readonly WantedImages[],
  queue: Queue | undefined,
  taskId: string,
  files: FileStore,
  tx: Tx,
): Promise<Queue | undefined> {
  if (wanted.length === 0) return queue;
  const now = Date.now();
  const fileId = queue?.fileId ?? (await files.create("upload", taskId, now, tx));
  const lines = wanted.map((images) => `${JSON.stringify(images)}\n`);
  await files.append(fileId, lines.join(""), now, tx);
  return { fileId, rows: (queue?.rows ?? 0) + wanted.length, done: queue?.done ?? 0 };
}

/** The queued images that are not done, in batches. */
export async function* queuedImages(
  { fileId, done }: Queue,
  size: number,
  files: FileStore,
): AsyncGenerator<WantedImages[]> {
  for await (const lines of inBatches(jsonLines(files.read(fileId)), size, done))
    yield lines.map((line) => JSON.parse(line) as WantedImages);
}

/** The pictures that came with the rows, by name. */
export async function archivedPictures(
  fileId: string | undefined,
  files: FileStore,
): Promise<ReadonlyMap<string, ArchivedPicture>> {
  const pictures = new Map<string, ArchivedPicture>();
  if (fileId !== undefined)
    for await (const line of jsonLines(files.read(fileId))) {
      const picture = JSON.parse(line) as ArchivedPicture;
      pictures.set(picture.name, picture);
    }
  return pictures;
}
