import { BackgroundThreads } from "../background-threads.ts";

/** In pages of 4 KiB. A checkpoint writes each page once that was changed until then. */
const longLog = 4000;
/** Asking how long the log is takes a tenth of the time of a small commit. */
const groupsBetween = 16;
const threads = new BackgroundThreads<string, void>(new URL("checkpoint-thread.js", import.meta.url), { maxThreads: 1 });

/**
 * Moves the log of a SQLite file into the file, now and then, by a thread of its own: it writes thousands of pages all over the
 * file and waits for the disk. Most of it is done while others write. They would lengthen the log all the time, so what
 * they have added meanwhile is moved while no group is under way, and the log begins anew.
 */
export class Checkpoints {
  readonly #file: string;
  #groups = 0;
  #state: "none" | "most" | "rest" = "none";

  constructor(file: string) {
    this.#file = file;
  }

  /** To be called between groups, and waited for by the next one. @param logLength in pages */
  async between(logLength: () => Promise<number>): Promise<void> {
    this.#groups += 1;
    if (this.#state === "rest") {
      await this.#checkpoint();
      this.#state = "none";
    } else if (this.#state === "none" && this.#groups % groupsBetween === 0 && (await logLength().catch(() => 0)) >= longLog) {
      this.#state = "most";
      void this.#checkpoint().then((done) => (this.#state = done ? "rest" : "none"));
    }
  }

  /** @returns whether it worked; if not, the log goes on, and SQLite itself makes one when it is very long */
  async #checkpoint(): Promise<boolean> {
    try {
      await threads.run(this.#file);
      return true;
    } catch {
      return false;
    }
  }
}
