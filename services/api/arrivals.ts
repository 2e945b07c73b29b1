import type { IncomingMessage } from "node:http";
import { ShopError } from "../contract/errors.ts";
import type { LoadGuard } from "./load-guard.ts";

/** A body that has not arrived by then waits for its sender, and is no work of the gateway's. */
const slowMs = 250;
/** Of slow bodies, one address may have so many at once, and all of them may hold so much, in bytes. */
const slowOfAddress = 32;
const slowBytes = 64 * 1024 * 1024;

/** Reads a body of at most so many bytes. */
export type Receive = (limit: number) => Promise<Buffer>;

/**
 * Takes bodies in. Senders who take long give up their request's place in the gateway meanwhile, so that they keep
 * nobody out however many they are; there are few of each address, and what they hold is bounded.
 */
export class Arrivals {
  readonly #load: LoadGuard;
  readonly #withinMs: number;
  readonly #slowOf = new Map<string, number>();
  #slowBytes = 0;

  /** @param withinMs a body that takes longer is given up */
  constructor(load: LoadGuard, withinMs: number) {
    this.#load = load;
    this.#withinMs = withinMs;
  }

  /**
   * @param address under which the sender is counted; undefined when it is not
   * @throws ShopError `payload-too-large`, `malformed-request` when the body does not come to its end,
   *   `too-many-requests`, or `unavailable` when there is no place for it any more
   */
  receive(request: IncomingMessage, address: string | undefined, limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      let [isSlow, isOver] = [false, false];
      const turnsSlow = () => {
        isSlow = true;
        this.#slowBytes += size;
        this.#load.leave(request);
        timer = setTimeout(() => end(cutOff()), this.#withinMs - slowMs);
        if (!this.#count(address, 1)) end(new ShopError("too-many-requests", "Too many bodies that arrive slowly", { retryAfter: 1 }));
      };
      let timer = setTimeout(turnsSlow, slowMs);
      const read = (chunk: Buffer) => {
        size += chunk.length;
        if (isSlow) this.#slowBytes += chunk.length;
        if (size > limit) end(tooLarge(limit));
        else if (isSlow && this.#slowBytes > slowBytes) end(new ShopError("unavailable"));
        else chunks.push(chunk);
      };
      const complete = () => {
        const isWelcome = !isSlow || this.#load.enter(request);
        end(isWelcome ? undefined : new ShopError("unavailable", "There is too much to do at the moment"));
      };
      const giveUp = () => end(cutOff());
      const end = (fault: ShopError | undefined) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        request.off("data", read).off("end", complete).off("close", giveUp);
        if (isSlow) {
          this.#slowBytes -= size;
          this.#count(address, -1);
        }
        if (fault) reject(fault);
        else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      };
      // Stays: whoever goes away later must not be an uncaught error.
      request.on("error", giveUp);
      request.on("data", read).on("end", complete).on("close", giveUp);
      // Who has gone already, while it was found out who they are, says so no more.
      if (request.destroyed) giveUp();
    });
  }

  /** @returns false when there are too many */
  #count(address: string | undefined, change: 1 | -1): boolean {
    if (address === undefined) return true;
    const count = (this.#slowOf.get(address) ?? 0) + change;
    if (count > 0) this.#slowOf.set(address, count);
    else this.#slowOf.delete(address);
    return count <= slowOfAddress;
  }
}

export function tooLarge(limit: number): ShopError {
  return new ShopError("payload-too-large", undefined, { limit });
}

function cutOff(): ShopError {
  return new ShopError("malformed-request", "The body did not arrive in time, or not to its end");
}
