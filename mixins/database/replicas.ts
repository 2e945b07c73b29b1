import type { Sequelize } from "sequelize";
import { inTime } from "../in-time.ts";
import type { ReplicationPositions } from "./replication-position.ts";
import { replicationPositions } from "./replication-position.ts";

/** What a replica answers is never older than this, in milliseconds, however it got behind. */
export const maxLagMs = 1000;
/** Often enough that a healthy replica, found one look behind, is still good at the next one. */
const lookEveryMs = 250;
/** While nobody reads: one that is up to date is still found good by whoever reads next. Many nodes that look often are much for the primary. */
const lookAtRestEveryMs = 750;
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
  /** It has all that the primary had at this moment, in milliseconds since 1970. */
  upToDateAt = Number.NEGATIVE_INFINITY;
  lagMs: number | null = null;
  reads = 0;
  /** What was last told about it. */
  announcedGood = false;
  look: Promise<void> | undefined;

  constructor(name: string, open: () => Sequelize) {
    this.name = name;
    this.#open = open;
    this.server = open();
  }

  /** Also without another look: one that nobody could look at for so long is good no more. */
  get good(): boolean {
    return Date.now() - this.upToDateAt <= maxLagMs;
  }

  /** Leaves connections that may hang behind. */
  reconnect(): void {
    void this.server.close().catch(() => undefined);
    this.server = this.#open();
  }
}

/**
 * The replicas of one service's database. A replica is read from while it answers and is known to have all that the
 * primary had `maxLagMs` ago; otherwise it is left out until it is good again. It needs nobody's help for either.
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
  /** Whether anybody has read since the last look. */
  #wasRead = false;
  /** The next look is a while off, because nobody had read. */
  #rests = false;
  #stopped = false;

  constructor(primary: Sequelize, servers: readonly { name: string; open: () => Sequelize }[], log: Log) {
    this.#primary = primary;
    this.#replicas = servers.map(({ name, open }) => new Replica(name, open));
    this.#log = log;
  }

  /** Looks at the replicas once, then again and again by itself. */
  async start(): Promise<void> {
    if (this.#replicas.length === 0) return;
    await this.#sample();
    await Promise.all(this.#replicas.map((replica) => this.#look(replica)));
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
   * Reads from a good replica, in turn. When it fails or does not answer in time, the primary answers; and unless that
   * fails as well, so that the fault is the query's, the replica is left out.
   */
  async read<T>(query: (server: Sequelize) => Promise<T>): Promise<T> {
    this.#wasRead = true;
    if (this.#rests) {
      this.#rests = false;
      this.#lookIn(0);
    }
    const replica = this.#choose();
    if (!replica) return query(this.#primary);
    const { server } = replica;
    try {
      replica.reads += 1;
      return await inTime(answerWithinMs, query(server));
    } catch (error) {
      const answer = await query(this.#primary);
      this.#leaveOut(replica, server, error);
      return answer;
    }
  }

  #choose(): Replica | undefined {
    const good = this.#replicas.filter((replica) => replica.good);
    this.#next = (this.#next + 1) % Math.max(1, good.length);
    return good[this.#next];
  }

  #schedule(): void {
    this.#rests = !this.#wasRead;
    this.#wasRead = false;
    this.#lookIn(this.#rests ? lookAtRestEveryMs : lookEveryMs);
  }

  /** No replica's silence delays the look at the others, or the samples by which all are judged. */
  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#rests = false;
      void this.#sample().finally(() => {
        for (const replica of this.#replicas) void this.#look(replica);
        this.#schedule();
      });
    }, ms).unref();
  }

  /** Notes where the primary is. */
  async #sample(): Promise<void> {
    const at = Date.now();
    try {
      this.#positions ??= await inTime(answerWithinMs, replicationPositions(this.#primary));
      const position = await inTime(answerWithinMs, this.#positions.ofPrimary(this.#primary));
      const others = this.#history.filter((sample) => at - sample.at <= 2 * maxLagMs && sample.position !== position);
      this.#history = [...others, { at, position }];
    } catch {
      // Without the primary nobody can tell who is behind; what was good before its loss stays good for a while.
    }
  }

  #look(replica: Replica): Promise<void> {
    return (replica.look ??= this.#judge(replica).finally(() => {
      replica.look = undefined;
    }));
  }

  async #judge(replica: Replica): Promise<void> {
    const { server } = replica;
    try {
      const upToDateAt = await inTime(answerWithinMs, this.#upToDateAt(server));
      replica.lagMs = upToDateAt === undefined ? Number.POSITIVE_INFINITY : Date.now() - upToDateAt;
      replica.upToDateAt = upToDateAt ?? replica.upToDateAt;
    } catch (error) {
      this.#leaveOut(replica, server, error);
      return;
    }
    if (replica.good === replica.announcedGood) return;
    replica.announcedGood = replica.good;
    const { name, lagMs } = replica;
    this.#log.info(`replica ${name} is ${replica.good ? "read from" : `left out: ${lagMs} ms behind`}`);
  }

  async #upToDateAt(server: Sequelize): Promise<number | undefined> {
    for (const { at, position } of this.#history.toReversed())
      if (await this.#positions?.hasReached(server, position)) return at;
    return undefined;
  }

  /** @param server through which it failed: what fails late, after a new start, says nothing about the replica now */
  #leaveOut(replica: Replica, server: Sequelize, error: unknown): void {
    if (replica.server !== server) return;
    if (replica.announcedGood)
      this.#log.warn(`replica ${replica.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    replica.announcedGood = false;
    replica.upToDateAt = Number.NEGATIVE_INFINITY;
    replica.lagMs = null;
    replica.reconnect();
  }
}
