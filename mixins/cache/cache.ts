import { newId } from "../contract/ids.ts";
import { maxLagMs } from "../database/mysql/replicas.ts";
import { memorySizeOf } from "./memory-size.ts";
import type { CacheEntry, CacheStore } from "./redis-store.ts";
import { TtlCache } from "./ttl-cache.ts";

/** Upper bound of the node's own memory for results, in bytes. */
const maxBytes = 8 * 1024 * 1024;
/** Overhead of an entry besides key and value, in bytes. */
const entryOverheadBytes = 300;
/** After an invalidation, loads read from the primary for this long: replicas may lag. */
const replicaLagWindowMs = 2 * maxLagMs;
/** Longer than the `maxAgeMs` of any action. */
const invalidationRetentionMs = 60_000;

/** Stale-while-revalidate: in the last part of its lifetime an entry is returned while it is refreshed. */
const revalidateInLast = 0.3;

/** When (ms since 1970) an entry starts to be refreshed in the background. */
export function revalidateFrom(expiresAt: number, maxAgeMs: number): number {
  return expiresAt - maxAgeMs * revalidateInLast;
}

/**
 * A loaded result. `expiresAt` is set when it came from another node's cache; else its age starts with the
 * load.
 */
export interface LoadResult {
  readonly value: unknown;
  readonly expiresAt?: number | undefined;
}

/** A cache lookup. */
export interface CacheRequest {
  /** The service whose data the result derives from; the unit of invalidation. */
  readonly scope: string;
  /** Canonical form of the call: equal calls have equal texts. */
  readonly key: string;
  readonly maxAgeMs: number;
  /** @param fresh whether replicas may lack a recent change: read from the primary */
  readonly load: (fresh: boolean) => Promise<LoadResult>;
  /**
   * Use of the shared store. For a call to another node, the caller reads and the node that runs the action
   * writes; a local call does both. `none` leaves it out.
   */
  readonly l2?: "read" | "write" | "readwrite" | "none";
}

/** An invalidation, as nodes send it to each other. */
export interface Invalidation {
  /** Id of the cache on the node that made the change. */
  readonly by: string;
  /** Increases with each change of that node. */
  readonly id: string;
}

/** The invalidations of one scope that this node knows. */
interface ScopeVersion {
  /** By node, its last change and when it arrived: changes of different nodes have no order. */
  readonly invalidations: ReadonlyMap<string, { readonly id: string; readonly receivedAt: number }>;
  /** Derived from the changes: nodes that know the same changes have the same version and share entries. */
  readonly name: string;
  readonly since: number;
}

/** Counters since the start, by source of the result. */
export interface CacheStatistics {
  /** This node's memory, or a load already in flight (single-flight). */
  own: number;
  /** The shared store. */
  shared: number;
  loaded: number;
  /** Background refreshes among `loaded` and `shared`. */
  renewed: number;
}

const initialVersion: ScopeVersion = { invalidations: new Map(), name: "", since: 0 };

/**
 * Cache of results that are the same for all callers. An entry is never older than its `maxAgeMs`. An
 * invalidation changes the key: nodes that know it return no older entry, and loads that started before it
 * are stored under the old key. The shared store is best effort.
 */
export class Cache {
  readonly #l1 = new TtlCache<CacheEntry>(maxBytes);
  readonly #name = newId();
  readonly #inFlight = new Map<string, Promise<CacheEntry>>();
  readonly #l2: CacheStore | undefined;
  readonly #versions = new Map<string, ScopeVersion>();
  readonly statistics: CacheStatistics = { own: 0, shared: 0, loaded: 0, renewed: 0 };

  constructor(l2?: CacheStore) {
    this.#l2 = l2;
  }

  /** The cached result, or a new one. Single-flight: concurrent lookups of one key cause one load. */
  async getOrLoad(request: CacheRequest): Promise<CacheEntry> {
    const version = this.#versions.get(request.scope) ?? initialVersion;
    const key = `${request.scope}:${version.name}:${request.key}`;
    const now = Date.now();
    const cached = this.#l1.get(key, now);
    if (cached) {
      this.statistics.own += 1;
      // A failed refresh is ignored: the lookup that finds no entry reports the failure.
      if (now >= revalidateFrom(cached.expiresAt, request.maxAgeMs) && !this.#inFlight.has(key)) {
        this.statistics.renewed += 1;
        this.#startLoad(key, version, request, cached.expiresAt).catch(() => undefined);
      }
      return cached;
    }
    const inFlight = this.#inFlight.get(key);
    if (inFlight) {
      this.statistics.own += 1;
      return inFlight;
    }
    return this.#startLoad(key, version, request, now);
  }

  /** The scope's version: it changes with every invalidation that this node learns of. */
  version(scope: string): string {
    return (this.#versions.get(scope) ?? initialVersion).name;
  }

  /** The cached result in this node's memory. */
  peek(scope: string, key: string): CacheEntry | undefined {
    return this.#l1.get(this.#keyOf(scope, key), Date.now());
  }

  /** Caches a result in this node's memory. */
  put(scope: string, key: string, value: unknown, maxAgeMs: number): void {
    this.#store(this.#keyOf(scope, key), { value, expiresAt: Date.now() + maxAgeMs });
  }

  /** Keys of the valid entries in this node's memory. */
  keys(): string[] {
    return this.#l1.keys(Date.now()).flatMap((whole) => {
      const [scope = "", version, ...key] = whole.split(":");
      return version === this.version(scope) ? [key.join(":")] : [];
    });
  }

  #keyOf(scope: string, key: string): string {
    return `${scope}:${this.version(scope)}:${key}`;
  }

  /** Invalidates all entries of a scope. @returns the invalidation, for other nodes to adopt */
  invalidate(scope: string): Invalidation {
    const invalidation = { by: this.#name, id: newId() };
    this.applyInvalidation(scope, invalidation);
    return invalidation;
  }

  /** Applies another node's invalidation, unless a later one of that node is known. */
  applyInvalidation(scope: string, { by, id }: Invalidation): void {
    const { invalidations } = this.#versions.get(scope) ?? initialVersion;
    if (id <= (invalidations.get(by)?.id ?? "")) return;
    const now = Date.now();
    const known = new Map(recent(invalidations)).set(by, { id, receivedAt: now });
    const name = [...known.values()]
      .map((change) => change.id)
      .sort()
      .join("+");
    this.#versions.set(scope, { invalidations: known, name, since: now });
  }

  /** The last change of each node that may not have reached every other node yet. */
  invalidations(scope: string): Invalidation[] {
    const { invalidations } = this.#versions.get(scope) ?? initialVersion;
    return recent(invalidations).map(([by, { id }]) => ({ by, id }));
  }

  async close(): Promise<void> {
    await this.#l2?.close();
  }

  /** @param after ignore a shared entry that expires no later (ms since 1970) */
  #startLoad(key: string, version: ScopeVersion, request: CacheRequest, after: number): Promise<CacheEntry> {
    const work = this.#readOrLoad(key, version, request, after).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, work);
    return work;
  }

  async #readOrLoad(
    key: string,
    version: ScopeVersion,
    { maxAgeMs, load, l2 = "readwrite" }: CacheRequest,
    after: number,
  ): Promise<CacheEntry> {
    const found = l2 === "write" || l2 === "none" ? undefined : await this.#l2?.get(key);
    if (found && found.expiresAt > after) {
      this.statistics.shared += 1;
      this.#store(key, found);
      return found;
    }
    this.statistics.loaded += 1;
    // Age and version date from before the load: a change during the load leaves the result under the old
    // key.
    const loadedAt = Date.now();
    const { value, expiresAt } = await load(loadedAt - version.since < replicaLagWindowMs);
    const entry = { value, expiresAt: Math.min(loadedAt + maxAgeMs, expiresAt ?? Infinity) };
    this.#store(key, entry);
    if (l2 === "write" || l2 === "readwrite") this.#l2?.set(key, entry);
    return entry;
  }

  #store(key: string, entry: CacheEntry): void {
    this.#l1.set(key, entry, {
      size: entryOverheadBytes + key.length + memorySizeOf(entry.value),
      expiresAt: entry.expiresAt,
    });
  }
}

function recent(invalidations: ScopeVersion["invalidations"]) {
  const now = Date.now();
  return [...invalidations].filter(([, { receivedAt }]) => now - receivedAt < invalidationRetentionMs);
}
