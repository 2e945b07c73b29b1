import type { Sequelize } from "sequelize";
import { withTimeout } from "../../support/with-timeout.ts";
import type { GtidReader } from "./gtid.ts";
import { gtidReader } from "./gtid.ts";

/** Upper bound on the staleness of a replica read, in milliseconds. */
export const maxLagMs = 1000;
/** Often enough that a healthy replica one check behind stays within `maxLagMs`. */
const healthCheckIntervalMs = 250;
/**
 * Interval while idle, still within `maxLagMs`; limits the load on the primary in a cluster of many nodes.
 */
const idleHealthCheckIntervalMs = 750;
const replicaTimeoutMs = 1000;

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** State of a replica, for operators and metrics. */
export interface ReplicaStatus {
  readonly name: string;
  readonly healthy: boolean;
  /** Lag at the last check; null when it did not answer. */
  readonly lagMs: number | null;
  readonly reads: number;
}

class Replica {
  readonly name: string;
  readonly #open: () => Sequelize;
  server: Sequelize;
  /** The replica has applied all that the primary had at this time (ms since 1970). */
  upToDateAt = Number.NEGATIVE_INFINITY;
  lagMs: number | null = null;
  reads = 0;
  /** Last state that was logged. */
  loggedHealthy = false;
  healthCheck: Promise<void> | undefined;

  constructor(name: string, open: () => Sequelize) {
    this.name = name;
    this.#open = open;
    this.server = open();
  }

  /** Expires without a check, so that a replica that cannot be checked is not used. */
  get healthy(): boolean {
    return Date.now() - this.upToDateAt <= maxLagMs;
  }

  /** Discards connections that may hang. */
  reconnect(): void {
    void this.server.close().catch(() => undefined);
    this.server = this.#open();
  }
}

/**
 * The replicas of one service's database. Reads use a replica while it answers and lags at most `maxLagMs`;
 * otherwise it is ejected until a health check finds it current again.
 */
export class Replicas {
  readonly #primary: Sequelize;
  readonly #replicas: readonly Replica[];
  readonly #log: Log;
  /**
   * Samples of the primary's position, oldest first. A replica's lag is the age of the newest one it has
   * reached.
   */
  #history: { readonly at: number; readonly position: string }[] = [];
  #gtids: GtidReader | undefined;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Whether there was a read since the last check. */
  #wasRead = false;
  /** The long interval is running, because there were no reads. */
  #isIdle = false;
  #stopped = false;

  constructor(primary: Sequelize, servers: readonly { name: string; open: () => Sequelize }[], log: Log) {
    this.#primary = primary;
    this.#replicas = servers.map(({ name, open }) => new Replica(name, open));
    this.#log = log;
  }

  /** Checks the replicas once, then periodically. */
  async start(): Promise<void> {
    if (this.#replicas.length === 0) return;
    await this.#sample();
    await Promise.all(this.#replicas.map((replica) => this.#healthCheck(replica)));
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#replicas.map((replica) => replica.server.close().catch(() => undefined)));
  }

  status(): ReplicaStatus[] {
    return this.#replicas.map(({ name, healthy, lagMs, reads }) => ({ name, healthy, lagMs, reads }));
  }

  /**
   * Reads from a healthy replica, round robin. When it fails or times out, the primary answers and the
   * replica is ejected; if the primary fails too, the query is at fault and the replica stays.
   */
  async read<T>(query: (server: Sequelize) => Promise<T>): Promise<T> {
    this.#wasRead = true;
    if (this.#isIdle) {
      this.#isIdle = false;
      this.#scheduleIn(0);
    }
    const replica = this.#pickHealthy();
    if (!replica) return query(this.#primary);
    const { server } = replica;
    try {
      replica.reads += 1;
      return await withTimeout(replicaTimeoutMs, query(server));
    } catch (error) {
      const result = await query(this.#primary);
      this.#eject(replica, server, error);
      return result;
    }
  }

  #pickHealthy(): Replica | undefined {
    const healthy = this.#replicas.filter((replica) => replica.healthy);
    this.#next = (this.#next + 1) % Math.max(1, healthy.length);
    return healthy[this.#next];
  }

  #schedule(): void {
    this.#isIdle = !this.#wasRead;
    this.#wasRead = false;
    this.#scheduleIn(this.#isIdle ? idleHealthCheckIntervalMs : healthCheckIntervalMs);
  }

  /** Checks run independently: a silent replica delays neither the others nor the samples. */
  #scheduleIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#isIdle = false;
      void this.#sample().finally(() => {
        for (const replica of this.#replicas) void this.#healthCheck(replica);
        this.#schedule();
      });
    }, ms).unref();
  }

  /** Samples the primary's position. */
  async #sample(): Promise<void> {
    const at = Date.now();
    try {
      this.#gtids ??= await withTimeout(replicaTimeoutMs, gtidReader(this.#primary));
      const position = await withTimeout(replicaTimeoutMs, this.#gtids.primaryPosition(this.#primary));
      const others = this.#history.filter(
        (sample) => at - sample.at <= 2 * maxLagMs && sample.position !== position,
      );
      this.#history = [...others, { at, position }];
    } catch {
      // Without the primary the lag is unknown; healthy replicas stay so for `maxLagMs`.
    }
  }

  #healthCheck(replica: Replica): Promise<void> {
    return (replica.healthCheck ??= this.#probe(replica).finally(() => {
      replica.healthCheck = undefined;
    }));
  }

  async #probe(replica: Replica): Promise<void> {
    const { server } = replica;
    try {
      const upToDateAt = await withTimeout(replicaTimeoutMs, this.#upToDateAt(server));
      replica.lagMs = upToDateAt === undefined ? Number.POSITIVE_INFINITY : Date.now() - upToDateAt;
      replica.upToDateAt = upToDateAt ?? replica.upToDateAt;
    } catch (error) {
      this.#eject(replica, server, error);
      return;
    }
    if (replica.healthy === replica.loggedHealthy) return;
    replica.loggedHealthy = replica.healthy;
    const { name, lagMs } = replica;
    this.#log.info(`replica ${name} ${replica.healthy ? "healthy" : `ejected: ${lagMs} ms behind`}`);
  }

  async #upToDateAt(server: Sequelize): Promise<number | undefined> {
    for (const { at, position } of this.#history.toReversed())
      if (await this.#gtids?.hasReached(server, position)) return at;
    return undefined;
  }

  /** @param server connection that failed; a late failure of a replaced one is ignored */
  #eject(replica: Replica, server: Sequelize, error: unknown): void {
    if (replica.server !== server) return;
    if (replica.loggedHealthy)
      this.#log.warn(
        `replica ${replica.name} ejected: ${error instanceof Error ? error.message : String(error)}`,
      );
    replica.loggedHealthy = false;
    replica.upToDateAt = Number.NEGATIVE_INFINITY;
    replica.lagMs = null;
    replica.reconnect();
  }
}
