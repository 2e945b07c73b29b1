import type { Tx } from "../../../mixins/database/database.ts";
import type { FileStore } from "../../../mixins/tasks/file-store.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";

/** Characters per chunk; each chunk costs a commit. */
const chunkLength = 512 * 1024;

type Transaction = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/**
 * Stores a file as it arrives, one chunk in memory. A failed upload is deleted at once; the job
 * `remove-old-tasks` deletes remainders.
 *
 * @returns the file's id
 * @throws ShopError `malformed-request` when it is empty or not UTF-8
 */
export async function storeUpload(
  body: AsyncIterable<Uint8Array>,
  files: FileStore,
  transaction: Transaction,
): Promise<string> {
  const id = await transaction((tx) => files.create("upload", null, Date.now(), tx));
  try {
    let chunks = 0;
    for await (const chunk of inChunks(decoded(body))) {
      await transaction((tx) => files.append(id, chunk, Date.now(), tx));
      chunks += 1;
    }
    if (chunks === 0) throw new ShopError("malformed-request", "The body is empty");
    return id;
  } catch (error) {
    await transaction((tx) => files.remove(id, tx)).catch(() => undefined);
    throw error;
  }
}

async function* decoded(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new ShopError("malformed-request", "The body is not UTF-8");
    }
  };
  for await (const bytes of body) yield decode(bytes);
  yield decode();
}

async function* inChunks(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = "";
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
