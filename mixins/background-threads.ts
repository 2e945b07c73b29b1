import { fileURLToPath } from "node:url";
import type { Piscina } from "piscina";

/** Threads without work end, and give back their memory. */
const idleTimeout = 10_000;

/** Threads for work that would hold up the process, started when there is some. */
export class BackgroundThreads<I, O> {
  readonly #options: { readonly maxThreads: number; readonly niceIncrement?: number };
  readonly #program: URL;
  #pool: Promise<Piscina<I, O>> | undefined;

  /**
   * @param program whose default export does the work. It is JavaScript: what makes that of TypeScript takes up 12 MB in each thread
   * @param options how many at once, and by how much their priority is lower than the process's
   */
  constructor(program: URL, options: { readonly maxThreads: number; readonly niceIncrement?: number }) {
    this.#program = program;
    this.#options = options;
  }

  /** Has it done; who comes when all threads have work waits. */
  async run(input: I): Promise<O> {
    this.#pool ??= this.#start().catch((error: unknown) => {
      this.#pool = undefined;
      throw error;
    });
    return (await this.#pool).run(input);
  }

  async #start(): Promise<Piscina<I, O>> {
    const { Piscina: Pool } = await import("piscina");
    return new Pool<I, O>({ filename: fileURLToPath(this.#program), minThreads: 0, idleTimeout, ...this.#options });
  }
}
