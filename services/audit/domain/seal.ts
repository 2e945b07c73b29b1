import { createHmac, timingSafeEqual } from "node:crypto";
import type { ChainEnd } from "./chain.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** What a seal is put on: the end of the chain as it moves, or an end that is kept for ever. */
export type Sealed = "head" | "anchor";

/** Says that the shop itself saw the chain end so. Whoever can write the database but has no key cannot make one. */
export class Sealer {
  readonly #key: string;

  /** @param key the setting `AUDIT_KEY` */
  constructor(key: string) {
    this.#key = key;
  }

  /** HMAC-SHA-256 in hexadecimal. */
  seal(kind: Sealed, { position, hash }: ChainEnd): string {
    return this.#hmac(`${kind} ${position} ${hash}`);
  }

  isGood(kind: Sealed, end: ChainEnd, seal: string): boolean {
    return isSame(seal, this.seal(kind, end));
  }

  /** Over all that the checkpoint says of what was removed. HMAC-SHA-256 in hexadecimal. */
  sealCheckpoint({ from, position, hash, oldest, newest }: Checkpoint): string {
    return this.#hmac(`checkpoint ${from} ${position} ${hash} ${oldest} ${newest}`);
  }

  isGoodCheckpoint(checkpoint: Checkpoint, seal: string): boolean {
    return isSame(seal, this.sealCheckpoint(checkpoint));
  }

  #hmac(content: string): string {
    return createHmac("sha256", this.#key).update(content).digest("hex");
  }
}

function isSame(seal: string, right: string): boolean {
  const [one, other] = [Buffer.from(seal), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
