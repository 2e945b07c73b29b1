interface Entry<V> {
  readonly value: V;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Entries that came at about the same time, and leave together. */
interface Batch<V> {
  readonly entries: Map<string, Entry<V>>;
  /** Of all entries. */
  bytes: number;
  /** When the last one has expired, in milliseconds since 1970. */
  expiredAt: number;
}

const empty = <V>(): Batch<V> => ({ entries: new Map(), bytes: 0, expiredAt: 0 });

/**
 * Values that are of use for a moment only. They are let go soon after that, whether anybody asks for them or not, so
 * that a quiet node holds none; and when they take up too much together, those go first that nobody has asked for.
 */
export class ShortLived<V> {
  readonly #bytesOfBatch: number;
  #newer = empty<V>();
  #older = empty<V>();
  #willTidy = false;

  /** @param bytes what all values may take up together, as their sizes say */
  constructor(bytes: number) {
    this.#bytesOfBatch = bytes / 2;
  }

  /** The value, unless it has expired or had to make room. */
  get(key: string, now: number): V | undefined {
    const entry = this.#newer.entries.get(key) ?? this.#again(key, now);
    return entry && entry.expiresAt > now ? entry.value : undefined;
  }

  /** Keeps a value until then; one that is larger than half of all that there is room for is not kept. */
  set(key: string, value: V, { size, expiresAt }: { size: number; expiresAt: number }): void {
    this.#add(key, { value, size, expiresAt });
    if (!this.#willTidy) this.#tidyAt(expiresAt);
  }

  /** How many values are held, expired ones among them. */
  get count(): number {
    return this.#newer.entries.size + this.#older.entries.size;
  }

  /** What they take up, as their sizes say. */
  get bytes(): number {
    return this.#newer.bytes + this.#older.bytes;
  }

  /** What is asked for again stays for as long as what came with it. */
  #again(key: string, now: number): Entry<V> | undefined {
    const entry = this.#older.entries.get(key);
    if (!entry || entry.expiresAt <= now) return undefined;
    this.#older.entries.delete(key);
    this.#older.bytes -= entry.size;
    this.#add(key, entry);
    return entry;
  }

  #add(key: string, entry: Entry<V>): void {
    this.#remove(this.#newer, key);
    this.#remove(this.#older, key);
    if (entry.size > this.#bytesOfBatch) return;
    if (this.#newer.bytes + entry.size > this.#bytesOfBatch) this.#turn();
    this.#newer.entries.set(key, entry);
    this.#newer.bytes += entry.size;
    this.#newer.expiredAt = Math.max(this.#newer.expiredAt, entry.expiresAt);
  }

  #remove(batch: Batch<V>, key: string): void {
    const entry = batch.entries.get(key);
    if (!entry) return;
    batch.entries.delete(key);
    batch.bytes -= entry.size;
  }

  #turn(): void {
    this.#older = this.#newer;
    this.#newer = empty();
  }

  /** Lets go what has expired as a whole, and goes on as long as there is anything. */
  #tidyAt(moment: number): void {
    this.#willTidy = true;
    const tidy = () => {
      this.#willTidy = false;
      if (this.#older.expiredAt <= Date.now()) this.#turn();
      if (this.count > 0) this.#tidyAt(this.#older.expiredAt);
    };
    setTimeout(tidy, Math.max(1, moment - Date.now())).unref();
  }
}
