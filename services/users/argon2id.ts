import { WorkerPool } from "../../mixins/support/worker-pool.ts";
import { fairQueueRules } from "../../mixins/transport/fair-queue-rules.ts";

/** Message, salt and cost of a hash: memory in KiB, lengths in bytes. */
export interface Argon2idInput {
  readonly message: string;
  readonly nonce: Uint8Array;
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
}

/** Maximum number of concurrent hashes. */
const threads = fairQueueRules.hashing.concurrency;
/**
 * Hashing has a lower CPU priority than requests, so a login flood slows logins only; the lowest priority
 * would starve them on a busy machine.
 */
const niceIncrement = 10;
const hashing = new WorkerPool<Argon2idInput, Uint8Array>(new URL("argon2id-thread.js", import.meta.url), {
  maxWorkers: threads,
  niceIncrement,
});

/**
 * Argon2id in a small pool of low-priority threads; further hashes queue. Node's own async function would run
 * at normal priority in the libuv pool, which also serves files and DNS.
 */
export function argon2id(input: Argon2idInput): Promise<Uint8Array> {
  return hashing.run(input);
}

/**
 * Keeps one hashing thread alive, once started, until the returned function is called: later thread starts
 * may fail.
 */
export function keepHashingThread(): () => void {
  return hashing.keepWarm();
}
