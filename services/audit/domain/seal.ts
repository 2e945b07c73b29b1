import { createHmac, timingSafeEqual } from "node:crypto";
import type { ChainEnd } from "./chain.ts";

/** What a seal is put on: the end of the chain as it moves, an end that is kept for ever, or what was removed up to it. */
export type Sealed = "head" | "anchor" | "checkpoint";

/** Says that the shop itself saw the chain end so. Whoever can write the database but has no key cannot make one. */
export class Sealer {
  readonly #key: string;

  /** @param key the setting `AUDIT_KEY` */
  constructor(key: string) {
    this.#key = key;
  }

  /** HMAC-SHA-256 in hexadecimal. */
  seal(kind: Sealed, { position, hash }: ChainEnd): string {
    return createHmac("sha256", this.#key).update(`${kind} ${position} ${hash}`).digest("hex");
  }

  isGood(kind: Sealed, end: ChainEnd, seal: string): boolean {
    const [given, right] = [Buffer.from(seal), Buffer.from(this.seal(kind, end))];
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
