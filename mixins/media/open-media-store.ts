import type { MediaConfig } from "../../config/media.ts";
import { isShopError, ShopError } from "../contract/errors.ts";
import { DiskStore } from "./disk-store.ts";
import type { MediaStore } from "./media-store.ts";

interface Log {
  error(...args: unknown[]): void;
}

/**
 * The store that the settings name. A fault of it is logged and becomes the retryable error `unavailable`. The
 * client of S3 is loaded on first use, and only where it is used.
 */
export function openMediaStore(media: Pick<MediaConfig, "s3" | "directory">, log: Log): MediaStore {
  let opened: Promise<MediaStore> | undefined;
  const work = async <T>(use: (store: MediaStore) => Promise<T>): Promise<T> => {
    try {
      return await use(await (opened ??= open(media)));
    } catch (error) {
      if (isShopError(error)) throw error;
      log.error("the store of images failed", error);
      throw new ShopError("unavailable", undefined, { cause: "media" });
    }
  };
  return {
    put: (key, path, mediaType) => work((store) => store.put(key, path, mediaType)),
    open: (key) => work((store) => store.open(key)),
    remove: (key) => work((store) => store.remove(key)),
  };
}

async function open({ s3, directory }: Pick<MediaConfig, "s3" | "directory">): Promise<MediaStore> {
  if (s3) return new (await import("./s3-store.ts")).S3Store(s3);
  if (directory === undefined) throw new ShopError("unavailable", "This shop has no store for images");
  return new DiskStore(directory);
}
