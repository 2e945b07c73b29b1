import { WorkerPool } from "../../support/worker-pool.ts";
import { retractMark } from "./wal-sync.ts";

/** In pages of 4 KiB. A checkpoint writes each changed page once. */
const checkpointAfterPages = 4000;
/** Querying the log's length takes a tenth of a small commit. */
const groupsPerLengthCheck = 16;
const workers = new WorkerPool<string, void>(new URL("checkpoint-worker.js", import.meta.url), {
  maxWorkers: 1,
});

/**
 * Checkpoints a SQLite file's log in a worker thread, because it writes thousands of pages and syncs. The
 * bulk runs beside commits; since those extend the log meanwhile, a second checkpoint runs between two
 * groups, after which SQLite restarts the log.
 */
export class Checkpointer {
  readonly #file: string;
  #groups = 0;
  #state: "idle" | "passive" | "final" = "idle";

  constructor(file: string) {
    this.#file = file;
  }

  /** Called between groups; the next group awaits it. @param walPages in pages */
  async afterGroup(walPages: () => Promise<number>): Promise<void> {
    this.#groups += 1;
    if (this.#state === "final") {
      await this.#checkpoint();
      this.#state = "idle";
    } else if (
      this.#state === "idle" &&
      this.#groups % groupsPerLengthCheck === 0 &&
      (await walPages().catch(() => 0)) >= checkpointAfterPages
    ) {
      this.#state = "passive";
      void this.#checkpoint().then((done) => (this.#state = done ? "final" : "idle"));
    }
  }

  /** @returns success; after a failure the log grows until SQLite itself checkpoints it */
  async #checkpoint(): Promise<boolean> {
    try {
      await retractMark(this.#file);
      await workers.run(this.#file);
      return true;
    } catch {
      return false;
    }
  }
}
