import type { Readable } from "node:stream";

/** A stored file, opened. The reader consumes or destroys the stream. */
export interface OpenedFile {
  readonly stream: Readable;
  readonly bytes: number;
}

/**
 * Where uploaded files and renditions are stored. Keys are paths of known characters; below `public/` is what
 * anybody may read. Every operation may be repeated, also by several nodes at once.
 */
export interface MediaStore {
  /**
   * Stores a local file under a key, replacing what is there. Returns when it is durable; readers see all of
   * it or nothing.
   *
   * @param mediaType sent with it by stores that serve files themselves
   */
  put(key: string, path: string, mediaType: string): Promise<void>;
  /** @returns undefined when there is no such file */
  open(key: string): Promise<OpenedFile | undefined>;
  /** Removes a file, if it is there. */
  remove(key: string): Promise<void>;
}

/** Key of a rendition, by its path below `/media/`. */
export function publicKey(path: string): string {
  return `public/${path}`;
}

/** Key of an uploaded file until its renditions are made. It has all its metadata and is never served. */
export function originalKey(service: string, hash: string): string {
  return `originals/${service}/${hash}`;
}

/** Caching of what never changes: the path contains the hash of the content. */
export const immutable = "public, max-age=31536000, immutable";
