import { LRUCache } from "lru-cache";
import { newId } from "../../services/contract/ids.ts";
import { maxLagMs } from "../database/replicas.ts";
import type { SharedStore } from "./shared-store.ts";

/** How many answers a node keeps in its own memory. */
const entriesKept = 5000;
/** For so long after a change, answers are read from the primary: a replica may not have it yet. */
const distrustReplicasMs = 2 * maxLagMs;
/** Longer than any answer is kept. */
const changeRememberedMs = 60_000;

interface Entry {
  readonly value: unknown;
  /** Milliseconds since 1970; the same moment wherever the entry is kept. */
  readonly expiresAt: number;
}

/** What is asked of the cache. */
export interface Question {
  /** The service whose data the answer is made of. */
  readonly scope: string;
  /** What was asked, in canonical form: equal questions have equal texts. */
  readonly question: string;
  readonly maxAgeMs: number;
  /** @param fresh whether there was a change a moment ago, which replicas may not have yet */
  readonly load: (fresh: boolean) => Promise<unknown>;
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
}

const never: Generation = { changes: new Map(), name: "", since: 0 };

/**
 * Answers that are the same for everybody, kept for a moment. An answer is never older than its `maxAgeMs`; after a
 * change it is given no more on nodes that have heard of the change, and none that was loaded before the change is
 * kept after it. When the shared store is slow or away, nodes do without it.
 */
export class Cache {
  readonly #own = new LRUCache<string, Entry>({ max: entriesKept });
  readonly #name = newId();
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #shared: SharedStore | undefined;
  readonly #generations = new Map<string, Generation>();
  readonly statistics: CacheStatistics = { own: 0, shared: 0, loaded: 0 };

  constructor(shared?: SharedStore) {
    this.#shared = shared;
  }

  /** The kept answer, or a new one. Many askers of the same at once cause one load. */
  async through({ scope, question, maxAgeMs, load }: Question): Promise<unknown> {
    const generation = this.#generations.get(scope) ?? never;
    const key = `${scope}:${generation.name}:${question}`;
    const kept = this.#own.get(key);
    if (kept && kept.expiresAt > Date.now()) {
      this.statistics.own += 1;
      return kept.value;
    }
    const underWay = this.#underWay.get(key);
    if (underWay) {
      this.statistics.own += 1;
      return underWay;
    }
    const work = this.#fetch(key, generation, maxAgeMs, load).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
    return work;
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
    const recent = [...changes].filter(([, { heardAt }]) => now - heardAt < changeRememberedMs);
    const known = new Map(recent).set(by, { id, heardAt: now });
    const name = [...known.values()].map((change) => change.id).sort().join("+");
    this.#generations.set(scope, { changes: known, name, since: now });
  }

  async close(): Promise<void> {
    await this.#shared?.close();
  }

  async #fetch(key: string, generation: Generation, maxAgeMs: number, load: Question["load"]): Promise<unknown> {
    const found = await this.#shared?.get(key);
    if (found && found.expiresAt > Date.now()) {
      this.statistics.shared += 1;
      this.#own.set(key, found);
      return found.value;
    }
    this.statistics.loaded += 1;
    // The age counts from before the load, and the key names the generation from before the load: a change that
    // comes in between makes the answer unreachable, whatever it contains.
    const loadedAt = Date.now();
    const value = await load(loadedAt - generation.since < distrustReplicasMs);
    const entry = { value, expiresAt: loadedAt + maxAgeMs };
    this.#own.set(key, entry);
    this.#shared?.set(key, entry);
    return value;
  }
}
