import { posix } from "node:path";
import type { Entry, ZipFile } from "yauzl";
import { openPromise } from "yauzl";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { MediaType } from "./read-rows.ts";

const maxEntries = 10_000;
/** Of all entries together, unpacked: a ZIP bomb is refused before anything is unpacked. */
const maxUnpackedBytes = 1024 * 1024 * 1024;

const rowsTypes: Readonly<Record<string, MediaType>> = {
  ".csv": "text/csv",
  ".json": "application/json",
  ".ndjson": "application/x-ndjson",
  ".jsonl": "application/x-ndjson",
};
const pictureEndings = new Set([".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"]);

/** A file in an archive. */
export interface ArchivedFile {
  /** As rows refer to it: seen from the folder of the rows. */
  readonly name: string;
  /** @throws ShopError `malformed-request` when it is damaged, or longer than the archive says */
  read(): AsyncGenerator<Uint8Array>;
}

/** An uploaded ZIP: one file with rows, and pictures. Whatever else is in it is left alone. */
export interface Archive extends Disposable {
  readonly mediaType: MediaType;
  readonly rows: ArchivedFile;
  readonly pictures: readonly ArchivedFile[];
}

/**
 * Opens an uploaded ZIP and checks its directory. Nothing is unpacked to a path from it, and an archive in it
 * is not opened.
 *
 * @throws ShopError `malformed-request` for what is not a ZIP, names a file twice, has an encrypted file, a
 *   path that leads out of it, too many or too long files, or not exactly one file with rows
 */
export async function openArchive(path: string): Promise<Archive> {
  const zip = await openPromise(path, { autoClose: false, lazyEntries: true, strictFileNames: true }).catch(
    refused,
  );
  try {
    const entries = await entriesOf(zip);
    const [found, ...others] = entries.filter((entry) => rowsTypes[endingOf(entry)] !== undefined);
    const mediaType = found && rowsTypes[endingOf(found)];
    if (!found || !mediaType || others.length > 0)
      throw malformed("It must have one file with rows: .csv, .json or .ndjson");
    const folder = posix.dirname(found.fileName);
    const file = (entry: Entry): ArchivedFile => ({
      name: pictureName(posix.relative(folder, entry.fileName)),
      read: () => unpacked(zip, entry),
    });
    const pictures = entries.filter((entry) => pictureEndings.has(endingOf(entry))).map(file);
    return { mediaType, rows: file(found), pictures, [Symbol.dispose]: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** A picture's name in a form that can be compared: file systems spell the same letters differently. */
export function pictureName(name: string): string {
  return posix.normalize(name).normalize("NFC");
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > maxEntries) throw malformed(`It has more than ${maxEntries} files`);
  const entries = new Map<string, Entry>();
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (isLeftAlone(entry.fileName)) continue;
      const key = entry.fileName.normalize("NFC");
      if (entries.has(key)) throw malformed("It names a file twice");
      if (entry.isEncrypted()) throw malformed("It is encrypted");
      bytes += entry.uncompressedSize;
      if (bytes > maxUnpackedBytes) throw malformed(`Unpacked it has more than ${maxUnpackedBytes} bytes`);
      entries.set(key, entry);
    }
  } catch (error) {
    return refused(error);
  }
  return [...entries.values()];
}

/** Folders, and what systems add by themselves. */
function isLeftAlone(name: string): boolean {
  return name.endsWith("/") || name.startsWith("__MACOSX/") || posix.basename(name).startsWith(".");
}

function endingOf({ fileName }: Entry): string {
  return posix.extname(fileName).toLowerCase();
}

/** The reader ends with an error as soon as there are more bytes than the directory says. */
async function* unpacked(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of await zip.openReadStreamPromise(entry)) yield bytes as Uint8Array;
  } catch (error) {
    refused(error);
  }
}

function refused(error: unknown): never {
  if (error instanceof ShopError) throw error;
  throw malformed("It is damaged or no ZIP");
}

function malformed(message: string): ShopError {
  return new ShopError("malformed-request", message);
}
