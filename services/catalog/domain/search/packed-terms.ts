/** A term takes its code and its weight. */
const bytesPerTerm = 5;
/** What a text column of 64 KiB holds. */
const scratch = Buffer.alloc(49_152);

/** 32 bits of a term, by FNV-1a: two terms of a search and of a product are confused once in millions. */
export function termCode(term: string): number {
  let code = 0x811c9dc5;
  for (let at = 0; at < term.length; at += 1) code = Math.imul(code ^ term.charCodeAt(at), 0x01000193);
  return code >>> 0;
}

/** Packs weights of 1 to 255 by term. As text, since repositories store no bytes. */
export function packTerms(weights: ReadonlyMap<string, number>): string {
  const bytes = Buffer.alloc(weights.size * bytesPerTerm);
  let at = 0;
  for (const [term, weight] of weights) {
    bytes.writeUInt32LE(termCode(term), at);
    bytes[at + 4] = weight;
    at += bytesPerTerm;
  }
  return bytes.toString("base64");
}

/** What a product belongs to, as a term: no term of a text has a `=`. */
export function belongingTerm(to: string, value: string): string {
  return `=${to} ${value}`;
}

/** Finds terms among packed ones, a thousand products in a millisecond: most terms fail by their last bits. */
export class TermFinder<T> {
  readonly #byCode = new Map<number, T>();
  readonly #lastBits = new Uint8Array(0x1000);

  get(term: string): T | undefined {
    return this.#byCode.get(termCode(term));
  }

  set(term: string, value: T): void {
    const code = termCode(term);
    this.#byCode.set(code, value);
    this.#lastBits[code & 0xfff] = 1;
  }

  /** Calls `visit` for each of the packed terms that is known here. */
  visit(packed: string, visit: (value: T, weight: number) => void): void {
    const size = scratch.write(packed, "base64");
    for (let at = 0; at < size; at += bytesPerTerm) {
      const low = (scratch[at] ?? 0) | ((scratch[at + 1] ?? 0) << 8);
      if (this.#lastBits[low & 0xfff] === 0) continue;
      const value = this.#byCode.get(
        (low | ((scratch[at + 2] ?? 0) << 16) | ((scratch[at + 3] ?? 0) << 24)) >>> 0,
      );
      if (value !== undefined) visit(value, scratch[at + 4] ?? 0);
    }
  }
}
