import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { ShopError } from "../contract/errors.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Idle threads end after this, to release their memory. */
const idleTimeoutMs = 10_000;
const bootstrap = fileURLToPath(new URL("worker.js", import.meta.url));

/** A thread's `workerData`, and the first argument of a process. */
export interface WorkerSetup {
  /** URL of the module whose default export does the work. */
  readonly program: string;
  readonly niceIncrement: number;
}

interface Job<I, O> {
  readonly input: I;
  readonly resolve: (output: O) => void;
  readonly reject: (reason: unknown) => void;
}

interface PoolOptions {
  readonly maxWorkers: number;
  /** Lowers the priority of its threads relative to the process (Linux). */
  readonly niceIncrement?: number;
  /**
   * `process`: for native code with hostile input. A crash ends the job alone, memory is returned when the
   * worker ends, and the worker has none of the shop's settings. Default: `thread`.
   */
  readonly isolation?: "thread" | "process";
  /** A worker that takes longer for a job is ended, and the job fails with `unavailable`. Default: none. */
  readonly jobTimeoutMs?: number;
}

interface PoolWorker<I, O> {
  readonly worker: Worker | WorkerProcess;
  /** Whether it has loaded its program. */
  isReady: boolean;
  job?: Job<I, O> | undefined;
  idleTimer?: NodeJS.Timeout;
  jobTimer?: NodeJS.Timeout | undefined;
}

/** A thread's message: ready, or the outcome of its job. */
type Message<O> = { readonly ready: true } | { readonly output: O } | { readonly error: unknown };

/**
 * Worker pool for CPU-heavy or blocking work. Threads, or processes, start on demand and end when idle. One
 * that fails to start (EMFILE, TasksMax) or dies does not end the shop's process: its job, or all waiting jobs
 * when none is left, fail with `unavailable`.
 */
export class WorkerPool<I, O> {
  readonly #maxWorkers: number;
  readonly #isolation: "thread" | "process";
  readonly #jobTimeoutMs: number | undefined;
  readonly #workerData: WorkerSetup;
  readonly #workers = new Set<PoolWorker<I, O>>();
  readonly #waiting: Job<I, O>[] = [];
  #warmHolds = 0;
  #hasWarned = false;

  /**
   * @param program module whose default export does the work; JavaScript, because the TypeScript loader takes
   *   12 MB per thread
   */
  constructor(
    program: URL,
    { maxWorkers, niceIncrement = 0, isolation = "thread", jobTimeoutMs }: PoolOptions,
  ) {
    this.#maxWorkers = maxWorkers;
    this.#isolation = isolation;
    this.#jobTimeoutMs = jobTimeoutMs;
    this.#workerData = { program: program.href, niceIncrement };
  }

  /**
   * Runs the program on an input; queues it while all threads are busy.
   *
   * @throws ShopError `unavailable` when no thread is available, and what the program throws
   */
  run(input: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      this.#assign();
    });
  }

  /** Keeps the last started thread alive until the returned function is called. */
  keepWarm(): () => void {
    this.#warmHolds += 1;
    return () => {
      this.#warmHolds -= 1;
      for (const thread of this.#workers) if (thread.isReady && !thread.job) this.#endUnlessWarm(thread);
    };
  }

  #assign(): void {
    for (const thread of this.#workers) if (thread.isReady && !thread.job) this.#assignNext(thread);
    const starting = [...this.#workers].filter(({ isReady }) => !isReady).length;
    if (this.#waiting.length > starting && this.#workers.size < this.#maxWorkers) this.#start();
  }

  #assignNext(thread: PoolWorker<I, O>): void {
    const job = this.#waiting.shift();
    if (!job) return;
    clearTimeout(thread.idleTimer);
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
      thread.worker.postMessage(job.input);
      thread.worker.ref();
      thread.job = job;
      if (this.#jobTimeoutMs !== undefined)
        thread.jobTimer = setTimeout(() => void thread.worker.terminate(), this.#jobTimeoutMs).unref();
    } catch (error) {
      job.reject(error);
    }
  }

  #start(): void {
    let worker: Worker | WorkerProcess;
    try {
      worker =
        this.#isolation === "process"
          ? new WorkerProcess(bootstrap, this.#workerData)
          : new Worker(bootstrap, { workerData: this.#workerData });
    } catch (error) {
      this.#warn(error);
      this.#rejectWithoutWorkers();
      return;
    }
    const thread: PoolWorker<I, O> = { worker, isReady: false };
    this.#workers.add(thread);
    worker.on("message", (message: Message<O>) => this.#onMessage(thread, message));
    // The exit event follows.
    worker.on("error", (error) => this.#warn(error));
    worker.on("exit", () => {
      clearTimeout(thread.jobTimer);
      this.#workers.delete(thread);
      thread.job?.reject(noWorker());
      this.#rejectWithoutWorkers();
      // Do not restart a thread that failed to start: other threads take its jobs.
      if (thread.isReady) this.#assign();
    });
  }

  #onMessage(thread: PoolWorker<I, O>, message: Message<O>): void {
    const { job } = thread;
    clearTimeout(thread.jobTimer);
    thread.job = undefined;
    if ("ready" in message) {
      thread.isReady = true;
      this.#hasWarned = false;
    } else if ("error" in message) job?.reject(message.error);
    else job?.resolve(message.output);
    this.#assign();
    if (thread.job) return;
    thread.worker.unref();
    thread.idleTimer = setTimeout(() => this.#endUnlessWarm(thread), idleTimeoutMs).unref();
  }

  #endUnlessWarm(thread: PoolWorker<I, O>): void {
    if (this.#warmHolds > 0 && this.#workers.size === 1) return;
    clearTimeout(thread.idleTimer);
    this.#workers.delete(thread);
    void thread.worker.terminate();
  }

  #rejectWithoutWorkers(): void {
    if (this.#workers.size > 0) return;
    for (const job of this.#waiting.splice(0)) job.reject(noWorker());
  }

  /** Warns once until a thread has started again. */
  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(
      `worker thread for ${this.#workerData.program} failed to start or died: ${String(error)}`,
    );
  }
}

function noWorker(): ShopError {
  return new ShopError("unavailable", "No worker thread is available, retry later", { retryAfter: 1 });
}
