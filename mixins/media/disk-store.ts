import { randomUUID } from "node:crypto";
import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { MediaStore, OpenedFile } from "./media-store.ts";

/** Files in a directory, which all nodes share. It is made when the first file is stored. */
export class DiskStore implements MediaStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(key: string, path: string): Promise<void> {
    const to = join(this.#directory, key);
    const folder = dirname(to);
    await mkdir(folder, { recursive: true });
    // Beside its destination, where a rename is atomic.
    const written = `${to}.${randomUUID()}.new`;
    try {
      await copyFile(path, written);
      await sync(written);
      await rename(written, to);
    } catch (error) {
      await rm(written, { force: true });
      throw error;
    }
    await sync(folder);
  }

  async open(key: string): Promise<OpenedFile | undefined> {
    try {
      const file = await open(join(this.#directory, key));
      const { size } = await file.stat();
      return { stream: file.createReadStream(), bytes: size };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.#directory, key), { force: true });
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
