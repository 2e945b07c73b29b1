import { newId } from "../../services/contract/ids.ts";
import { maxLagMs } from "../database/replicas.ts";
import { memorySizeOf } from "./memory-size.ts";
import type { SharedStore } from "./shared-store.ts";
import { ShortLived } from "./short-lived.ts";

/** What the answers may take up together that a node keeps in its own memory, in bytes: whoever asks, it does not grow beyond. */
const bytesKept = 8 * 1024 * 1024;
/** What keeping takes up besides key and value. */
const bytesAround = 300;
/** For so long after a change, answers are read from the primary: a replica may not have it yet. */
const distrustReplicasMs = 2 * maxLagMs;
/** Longer than any answer is kept. */
const changeRememberedMs = 60_000;

/** For the last part of its age an answer is given while a new one is fetched, so that nobody waits for it. */
const renewedInLast = 0.3;

/** From when on (ms since 1970) a new answer is fetched, beside giving one that expires then. */
export function renewedFrom(expiresAt: number, maxAgeMs: number): number {
  return expiresAt - maxAgeMs * renewedInLast;
}

/** An answer, and how long it may be given. */
export interface Kept {
  readonly value: unknown;
  /** Milliseconds since 1970; the same moment wherever the answer is kept. */
  readonly expiresAt: number;
}

/** A new answer; its own `expiresAt` when it was kept elsewhere before, else it is as old as the question. */
export interface Loaded {
  readonly value: unknown;
  readonly expiresAt?: number | undefined;
}

/** What is asked of the cache. */
export interface Question {
  /** The service whose data the answer is made of. */
  readonly scope: string;
  /** What was asked, in canonical form: equal questions have equal texts. */
  readonly question: string;
  readonly maxAgeMs: number;
  /** @param fresh whether there was a change a moment ago, which replicas may not have yet */
  readonly load: (fresh: boolean) => Promise<Loaded>;
  /**
   * What is done with the shared store. Where a question goes to another node, the asker `looks` there and the node with the
   * answer `keeps` it; without another node, `both`.
   */
  readonly shared?: "looks" | "keeps" | "both";
}

/** A change of what is cached, as nodes tell each other. */
export interface Change {
  /** The cache of the node that made it. */
  readonly by: string;
  /** Grows with each change of the same node. */
  readonly id: string;
}

/** All that a node knows of the changes in one scope. */
interface Generation {
  /** The last change of each node, and when this node heard of it: changes of several nodes have no order. */
  readonly changes: ReadonlyMap<string, { readonly id: string; readonly heardAt: number }>;
  /** Nodes that know of the same changes have the same name for it, and share what they keep. */
  readonly name: string;
  readonly since: number;
}

/** Where answers came from since the start. */
export interface CacheStatistics {
  /** From this node's memory, or from a load that was under way already. */
  own: number;
  /** From the store that all nodes share. */
  shared: number;
  loaded: number;
  /** Of `loaded` and `shared`, those for which nobody waited, because the kept answer still held. */
  renewed: number;
}

const never: Generation = { changes: new Map(), name: "", since: 0 };

/**
 * Answers that are the same for everybody, kept for a moment. An answer is never older than its `maxAgeMs`; after a
 * change it is given no more on nodes that have heard of the change, and none that was loaded before the change is
 * kept after it. When the shared store is slow or away, nodes do without it.
 */
export class Cache {
  readonly #own = new ShortLived<Kept>(bytesKept);
  readonly #name = newId();
  readonly #underWay = new Map<string, Promise<Kept>>();
  readonly #shared: SharedStore | undefined;
  readonly #generations = new Map<string, Generation>();
  readonly statistics: CacheStatistics = { own: 0, shared: 0, loaded: 0, renewed: 0 };

  constructor(shared?: SharedStore) {
    this.#shared = shared;
  }

  /** The kept answer, or a new one. Many askers of the same at once cause one load. */
  async through(asked: Question): Promise<Kept> {
    const generation = this.#generations.get(asked.scope) ?? never;
    const key = `${asked.scope}:${generation.name}:${asked.question}`;
    const now = Date.now();
    const kept = this.#own.get(key, now);
    if (kept) {
      this.statistics.own += 1;
      // Whoever renews it, a failure is for the one to tell who finds no answer any more.
      if (now >= renewedFrom(kept.expiresAt, asked.maxAgeMs) && !this.#underWay.has(key)) {
        this.statistics.renewed += 1;
        this.#fetch(key, generation, asked, kept.expiresAt).catch(() => undefined);
      }
      return kept;
    }
    const underWay = this.#underWay.get(key);
    if (underWay) {
      this.statistics.own += 1;
      return underWay;
    }
    return this.#fetch(key, generation, asked, now);
  }

  /** What names the changes in a scope that this node knows of: as long as it is the same, none was heard of. */
  generation(scope: string): string {
    return (this.#generations.get(scope) ?? never).name;
  }

  /** Begins a new generation: what was kept for the scope is given no more. @returns what other nodes should adopt */
  invalidate(scope: string): Change {
    const change = { by: this.#name, id: newId() };
    this.adopt(scope, change);
    return change;
  }

  /** Begins a new generation because of another node's change, unless a later one of that node is known. */
  adopt(scope: string, { by, id }: Change): void {
    const { changes } = this.#generations.get(scope) ?? never;
    if (id <= (changes.get(by)?.id ?? "")) return;
    const now = Date.now();
    const known = new Map(recent(changes)).set(by, { id, heardAt: now });
    const name = [...known.values()].map((change) => change.id).sort().join("+");
    this.#generations.set(scope, { changes: known, name, since: now });
  }

  /** The last change of each node, as far as this one has heard of it and it may not have reached all the others. */
  changes(scope: string): Change[] {
    const { changes } = this.#generations.get(scope) ?? never;
    return recent(changes).map(([by, { id }]) => ({ by, id }));
  }

  async close(): Promise<void> {
    await this.#shared?.close();
  }

  /** @param after an answer that expires no later is of no use */
  #fetch(key: string, generation: Generation, asked: Question, after: number): Promise<Kept> {
    const work = this.#find(key, generation, asked, after).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
    return work;
  }

  async #find(key: string, generation: Generation, { maxAgeMs, load, shared = "both" }: Question, after: number): Promise<Kept> {
    const found = shared === "keeps" ? undefined : await this.#shared?.get(key);
    if (found && found.expiresAt > after) {
      this.statistics.shared += 1;
      this.#keep(key, found);
      return found;
    }
    this.statistics.loaded += 1;
    // The age counts from before the load, and the key names the generation from before the load: a change that
    // comes in between makes the answer unreachable, whatever it contains.
    const loadedAt = Date.now();
    const { value, expiresAt } = await load(loadedAt - generation.since < distrustReplicasMs);
    const entry = { value, expiresAt: Math.min(loadedAt + maxAgeMs, expiresAt ?? Infinity) };
    this.#keep(key, entry);
    if (shared !== "looks") this.#shared?.set(key, entry);
    return entry;
  }

  #keep(key: string, entry: Kept): void {
    this.#own.set(key, entry, { size: bytesAround + key.length + memorySizeOf(entry.value), expiresAt: entry.expiresAt });
  }
}

function recent(changes: Generation["changes"]) {
  const now = Date.now();
  return [...changes].filter(([, { heardAt }]) => now - heardAt < changeRememberedMs);
}
