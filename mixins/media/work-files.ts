import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MediaConfig } from "../../config/media.ts";

const prefix = "shop-media-";
/** Longer than an upload or the rendering of an image takes. */
const longestUseMs = 3_600_000;

/** Temporary directories for files on their way: beside the stored files, where there is room for them. */
export class WorkFiles {
  readonly #parent: string;

  constructor({ directory }: Pick<MediaConfig, "directory">) {
    this.#parent = directory === undefined ? tmpdir() : join(directory, "work");
  }

  /** Makes a directory, removed on disposal. */
  async create(): Promise<{ readonly path: string } & AsyncDisposable> {
    await mkdir(this.#parent, { recursive: true });
    const path = await mkdtemp(join(this.#parent, prefix));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }

  /** Removes directories that killed processes left behind. */
  async removeOld(now: number): Promise<void> {
    const names = await readdir(this.#parent).catch((): string[] => []);
    for (const name of names) {
      if (!name.startsWith(prefix)) continue;
      const path = join(this.#parent, name);
      const mtimeMs = await stat(path).then(
        (found) => found.mtimeMs,
        () => now,
      );
      if (now - mtimeMs > longestUseMs) await rm(path, { recursive: true, force: true });
    }
  }
}
