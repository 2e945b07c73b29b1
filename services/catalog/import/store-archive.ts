import { join } from "node:path";
import type { Origin, Tx } from "../../../mixins/database/database.ts";
import type { Images } from "../../../mixins/media/images.ts";
import { receiveFile } from "../../../mixins/media/receive-file.ts";
import type { FileStore } from "../../../mixins/tasks/file-store.ts";
import type { ArchivedPicture } from "./import-images.ts";
import { pictureFault } from "./import-images.ts";
import type { ArchivedFile } from "./open-archive.ts";
import { openArchive } from "./open-archive.ts";
import type { MediaType } from "./read-rows.ts";
import { storeUpload } from "./store-upload.ts";

/** Lines per chunk of the list of pictures. */
const picturesPerChunk = 200;

export interface StoredArchive {
  readonly fileId: string;
  readonly mediaType: MediaType;
  /** A file with a line for each picture. */
  readonly picturesId: string;
}

/**
 * Stores an uploaded ZIP: its rows as a file of rows, its pictures as images that nothing has yet; of those,
 * the images part removes what no row names. A picture with a fault is kept as a fault.
 *
 * @throws ShopError `malformed-request`, `payload-too-large`
 */
export async function storeArchive(
  body: AsyncIterable<Uint8Array>,
  { origin, maxBytes }: { readonly origin: Origin; readonly maxBytes: number },
  { files, images }: { readonly files: FileStore; readonly images: Images },
  transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<StoredArchive> {
  await using directory = await images.parts.work.create();
  const { path } = await receiveFile(body, join(directory.path, "archive.zip"), maxBytes);
  using archive = await openArchive(path);
  const fileId = await storeUpload(archive.rows.read(), files, transaction);
  const stored: string[] = [fileId];
  try {
    const picturesId = await transaction((tx) => files.create("upload", null, Date.now(), tx));
    stored.push(picturesId);
    let lines = "";
    for (const [index, picture] of archive.pictures.entries()) {
      lines += `${JSON.stringify(await storePicture(picture, images, origin))}\n`;
      if ((index + 1) % picturesPerChunk !== 0 && index + 1 < archive.pictures.length) continue;
      const chunk = lines;
      await transaction((tx) => files.append(picturesId, chunk, Date.now(), tx));
      lines = "";
    }
    return { fileId, mediaType: archive.mediaType, picturesId };
  } catch (error) {
    await transaction(async (tx) => {
      for (const id of stored) await files.remove(id, tx);
    }).catch(() => undefined);
    throw error;
  }
}

async function storePicture(picture: ArchivedFile, images: Images, origin: Origin): Promise<ArchivedPicture> {
  const { name } = picture;
  try {
    return { name, file: await images.store(picture.read(), origin) };
  } catch (error) {
    const fault = pictureFault(error);
    if (!fault) throw error;
    return { name, fault };
  }
}
