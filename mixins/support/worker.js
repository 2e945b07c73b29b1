import { constants, getPriority, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";

/**
 * Entry point of each thread or process of `WorkerPool`: loads the program and runs one job after the other.
 */

const { program, niceIncrement } = /** @type {import("./worker-pool.ts").WorkerSetup} */ (
  parentPort ? workerData : JSON.parse(process.argv[2] ?? "{}")
);
/** @param {unknown} message */
function post(message) {
  if (!parentPort) process.send?.(message);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
  else parentPort.postMessage(message);
}

// Priorities are per thread on Linux, per process elsewhere.
if (niceIncrement > 0 && process.platform === "linux")
  setPriority(Math.min(getPriority() + niceIncrement, constants.priority.PRIORITY_LOW));
if (!parentPort) {
  // Ctrl+C reaches the whole group; the parent decides when its workers end.
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => process.exit());
}

const { default: work } = /** @type {{ readonly default: (input: unknown) => unknown }} */ (
  await import(program)
);

/** @param {unknown} input */
async function handle(input) {
  try {
    post({ output: await work(input) });
  } catch (error) {
    post({ error });
  }
}

(parentPort ?? process).on("message", (input) => void handle(input));
post({ ready: true });
