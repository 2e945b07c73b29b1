import { setTimeout as sleep } from "node:timers/promises";
import type { Sequelize } from "sequelize";
import type { ReplicationPositions } from "./replication-position.ts";
import { replicationPositions } from "./replication-position.ts";

/** A replica that is further behind than this is not read from. */
export const maxLagMs = 1000;
const checkEveryMs = 500;
const answerWithinMs = 1000;

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** What a replica is at the moment, for people and metrics. */
export interface ReplicaStatus {
  readonly name: string;
  readonly good: boolean;
  /** How far behind at the last check; null when it did not answer. */
  readonly lagMs: number | null;
  readonly reads: number;
}

class Replica {
  readonly name: string;
  readonly #open: () => Sequelize;
  server: Sequelize;
  good = false;
  lagMs: number | null = null;
  reads = 0;

  constructor(name: string, open: () => Sequelize) {
    this.name = name;
    this.#open = open;
    this.server = open();
  }

  /** Leaves connections that may hang behind. */
  reconnect(): void {
    void this.server.close().catch(() => undefined);
    this.server = this.#open();
  }
}

/**
 * The replicas of one service's database. A replica is read from while it answers and is at most `maxLagMs` behind
 * the primary; otherwise it is left out until it is good again. It needs nobody's help for either.
 */
export class Replicas {
  readonly #primary: Sequelize;
  readonly #replicas: readonly Replica[];
  readonly #log: Log;
  /** Where the primary was and when, oldest first; a replica's lag is the age of the newest that it has reached. */
  #history: { readonly at: number; readonly position: string }[] = [];
  #positions: ReplicationPositions | undefined;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(primary: Sequelize, servers: readonly { name: string; open: () => Sequelize }[], log: Log) {
    this.#primary = primary;
    this.#replicas = servers.map(({ name, open }) => new Replica(name, open));
    this.#log = log;
  }

  /** Looks at the replicas once, then again and again by itself. */
  async start(): Promise<void> {
    if (this.#replicas.length === 0) return;
    await this.#check();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#replicas.map((replica) => replica.server.close().catch(() => undefined)));
  }

  status(): ReplicaStatus[] {
    return this.#replicas.map(({ name, good, lagMs, reads }) => ({ name, good, lagMs, reads }));
  }

  /**
   * Reads from a good replica, in turn. When it fails or does not answer in time, it is left out and the primary
   * answers; an error in the query itself is the query's, and thrown.
   */
  async read<T>(query: (server: Sequelize) => Promise<T>): Promise<T> {
    const replica = this.#choose();
    if (!replica) return query(this.#primary);
    try {
      replica.reads += 1;
      return await within(answerWithinMs, query(replica.server));
    } catch (error) {
      if (isQueryError(error)) throw error;
      this.#leaveOut(replica, error);
      return query(this.#primary);
    }
  }

  #choose(): Replica | undefined {
    const good = this.#replicas.filter((replica) => replica.good);
    this.#next = (this.#next + 1) % Math.max(1, good.length);
    return good[this.#next];
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      void this.#check().finally(() => this.#schedule());
    }, checkEveryMs).unref();
  }

  async #check(): Promise<void> {
    const at = Date.now();
    try {
      this.#positions ??= await within(answerWithinMs, replicationPositions(this.#primary));
      const position = await within(answerWithinMs, this.#positions.ofPrimary(this.#primary));
      this.#history = [...this.#history.filter((sample) => at - sample.at <= 2 * maxLagMs), { at, position }];
    } catch {
      // Without the primary nobody can tell who is behind; what was good before its loss stays good for a while.
    }
    const positions = this.#positions;
    if (positions) await Promise.all(this.#replicas.map((replica) => this.#checkOne(replica, positions)));
  }

  async #checkOne(replica: Replica, positions: ReplicationPositions): Promise<void> {
    try {
      replica.lagMs = await within(answerWithinMs, this.#lagOf(replica, positions));
    } catch (error) {
      this.#leaveOut(replica, error);
      return;
    }
    const good = replica.lagMs <= maxLagMs;
    if (good !== replica.good)
      this.#log.info(`replica ${replica.name} is ${good ? "read from" : `left out: ${replica.lagMs} ms behind`}`);
    replica.good = good;
  }

  async #lagOf(replica: Replica, positions: ReplicationPositions): Promise<number> {
    const now = Date.now();
    for (const sample of this.#history.toReversed())
      if (await positions.hasReached(replica.server, sample.position)) return now - sample.at;
    return Number.POSITIVE_INFINITY;
  }

  #leaveOut(replica: Replica, error: unknown): void {
    if (replica.good)
      this.#log.warn(`replica ${replica.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    replica.good = false;
    replica.lagMs = null;
    replica.reconnect();
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const timeout = new AbortController();
  work.catch(() => undefined);
  try {
    return await Promise.race([
      work,
      sleep(ms, undefined, { signal: timeout.signal, ref: false }).then(() => {
        throw new Error(`no answer within ${ms} ms`);
      }),
    ]);
  } finally {
    timeout.abort();
  }
}

/** Whether the server understood and refused, so that the primary would refuse as well. */
function isQueryError(error: unknown): boolean {
  if (!(error instanceof Error) || !("original" in error)) return false;
  const { original } = error;
  return original instanceof Error && "sqlState" in original && !("fatal" in original && original.fatal === true);
}
