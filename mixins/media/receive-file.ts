import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { ShopError } from "../contract/errors.ts";
import { signatureBytes } from "./image-type.ts";

/** A received file. */
export interface ReceivedFile {
  readonly path: string;
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string;
  /** Its first bytes. */
  readonly head: Uint8Array;
}

/**
 * Writes a body to a file as it arrives and hashes it, one chunk in memory.
 *
 * @throws ShopError `payload-too-large`, or `malformed-request` for an empty body
 */
export async function receiveFile(
  body: AsyncIterable<Uint8Array>,
  path: string,
  maxBytes: number,
): Promise<ReceivedFile> {
  const hash = createHash("sha256");
  const file = await open(path, "wx");
  let head = Buffer.alloc(0);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new ShopError("payload-too-large", undefined, { limit: maxBytes });
      if (head.length < signatureBytes)
        head = Buffer.concat([head, chunk.subarray(0, signatureBytes - head.length)]);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  if (bytes === 0) throw new ShopError("malformed-request", "The body is empty");
  return { path, hash: hash.digest("hex"), head };
}
