import { BackgroundThreads } from "../../mixins/background-threads.ts";
import { turnRules } from "../../mixins/turns/turn-rules.ts";

/** A message with the salt and what the hash of it may cost: memory in KiB, lengths in bytes. */
export interface Argon2idInput {
  readonly message: string;
  readonly nonce: Uint8Array;
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
}

/** As many as may hash at once. */
const threads = turnRules.hashing.concurrency;
/**
 * A hash gives way to whatever answers requests, so that a flood of logins slows logins and little else; the lowest priority
 * there is would let logins starve on a busy machine.
 */
const niceIncrement = 10;
const hashing = new BackgroundThreads<Argon2idInput, Uint8Array>(new URL("argon2id-thread.js", import.meta.url), { maxThreads: threads, niceIncrement });

/**
 * The Argon2id hash of a message, made by threads of low priority, few at a time; who comes later waits. Node's own
 * asynchronous function would make it at the priority of the requests, by the threads that also read files and
 * resolve names.
 */
export function argon2id(input: Argon2idInput): Promise<Uint8Array> {
  return hashing.run(input);
}
