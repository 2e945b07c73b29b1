import { createHmac, timingSafeEqual } from "node:crypto";
import type { ChainEnd } from "./chain.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** Kind of the sealed end: the moving head, or a permanent anchor. */
export type Sealed = "head" | "anchor";

/** Seals ends of the chain with a key, so write access to the database alone cannot forge one. */
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

  isValid(kind: Sealed, end: ChainEnd, seal: string): boolean {
    return isSame(seal, this.seal(kind, end));
  }

  /** Seals all fields of a checkpoint. HMAC-SHA-256 in hexadecimal. */
  sealCheckpoint({ from, position, hash, oldest, newest }: Checkpoint): string {
    return this.#hmac(`checkpoint ${from} ${position} ${hash} ${oldest} ${newest}`);
  }

  isValidCheckpoint(checkpoint: Checkpoint, seal: string): boolean {
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
