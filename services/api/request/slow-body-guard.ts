import type { IncomingMessage } from "node:http";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { ConcurrencyLimiter } from "../limits/concurrency-limiter.ts";

/** After this a body counts as slow and no longer as a request in flight. */
const slowBodyMs = 250;
/** Bounds of slow bodies: how many per address, and their total size in bytes. */
const maxSlowBodiesPerAddress = 32;
const maxSlowBytes = 64 * 1024 * 1024;

/** Reads a body of at most `limit` bytes. */
export type ReadBody = (limit: number) => Promise<Buffer>;

/**
 * Receives request bodies. A slow one releases its request's slot in the concurrency limiter until it has
 * arrived, so slow clients cannot exhaust the limit. Slow bodies are bounded per address and in total size.
 */
export class SlowBodyGuard {
  readonly #limiter: ConcurrencyLimiter;
  readonly #timeoutMs: number;
  readonly #slowByAddress = new Map<string, number>();
  #slowBytes = 0;

  /** @param timeoutMs timeout of a body */
  constructor(limiter: ConcurrencyLimiter, timeoutMs: number) {
    this.#limiter = limiter;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @param address counter key of the client; undefined for exempt ones
   * @throws ShopError `payload-too-large`, `malformed-request` for an incomplete body, `too-many-requests`,
   *   or `unavailable` when the limiter has no free slot afterwards
   */
  receive(request: IncomingMessage, address: string | undefined, limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      let [isSlow, isOver] = [false, false];
      const becomeSlow = () => {
        isSlow = true;
        this.#slowBytes += size;
        this.#limiter.release(request);
        timer = setTimeout(() => end(bodyIncomplete()), this.#timeoutMs - slowBodyMs);
        if (!this.#count(address, 1))
          end(new ShopError("too-many-requests", "Too many slow request bodies", { retryAfter: 1 }));
      };
      let timer = setTimeout(becomeSlow, slowBodyMs);
      const read = (chunk: Buffer) => {
        size += chunk.length;
        if (isSlow) this.#slowBytes += chunk.length;
        if (size > limit) end(tooLarge(limit));
        else if (isSlow && this.#slowBytes > maxSlowBytes) end(new ShopError("unavailable"));
        else chunks.push(chunk);
      };
      const complete = () => {
        const isAdmitted = !isSlow || this.#limiter.acquire(request);
        end(isAdmitted ? undefined : new ShopError("unavailable", "Overloaded, retry later"));
      };
      const abort = () => end(bodyIncomplete());
      const end = (fault: ShopError | undefined) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        request.off("data", read).off("end", complete).off("close", abort);
        if (isSlow) {
          this.#slowBytes -= size;
          this.#count(address, -1);
        }
        if (fault) reject(fault);
        else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      };
      // Stays attached: a later disconnect must not become an uncaught error.
      request.on("error", abort);
      request.on("data", read).on("end", complete).on("close", abort);
      // A client that disconnected during authentication emits no further event.
      if (request.destroyed) abort();
    });
  }

  /** @returns false when the address has too many slow bodies */
  #count(address: string | undefined, change: 1 | -1): boolean {
    if (address === undefined) return true;
    const count = (this.#slowByAddress.get(address) ?? 0) + change;
    if (count > 0) this.#slowByAddress.set(address, count);
    else this.#slowByAddress.delete(address);
    return count <= maxSlowBodiesPerAddress;
  }
}

export function tooLarge(limit: number): ShopError {
  return new ShopError("payload-too-large", undefined, { limit });
}

function bodyIncomplete(): ShopError {
  return new ShopError("malformed-request", "The body did not arrive completely in time");
}
