import type { Tx } from "../database/database.ts";
import type { FileRepository } from "./file-repository.ts";
import type { ImageParts } from "./image-parts.ts";
import { originalKey, publicKey } from "./media-store.ts";
import { renditionPaths } from "./presets.ts";

type Transaction = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/**
 * Removes a file with its renditions, if the claim succeeds. From the claim to the end nothing can refer to it;
 * a removal that breaks off is continued by the next one.
 */
export async function removeFile(
  hash: string,
  claim: (files: FileRepository, tx: Tx) => Promise<boolean>,
  { service, files, store }: ImageParts,
  transaction: Transaction,
): Promise<void> {
  if (!(await transaction((tx) => claim(files, tx)))) return;
  const keys = [originalKey(service, hash), ...renditionPaths(service, hash).map(publicKey)];
  await Promise.all(keys.map((key) => store.remove(key)));
  await transaction((tx) => files.remove(hash, tx));
}
