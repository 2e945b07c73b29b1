import { Redis } from "ioredis";
import type { Task } from "../../services/contract/tasks.ts";

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/**
 * Where those who wait for a task can look without asking the service's database. It may lose anything, and it never
 * fails or holds up its user: the truth is in the tasks table.
 */
export interface TaskStore {
  get(id: string): Promise<Task | undefined>;
  /** Keeps a task's newest state; an older one is passed over. */
  put(task: Task): Promise<void>;
  close(): void;
}

/** A finished task changes no more. */
const finishedMs = 7 * 24 * 3_600_000;
/** One that goes on is believed for a moment only: later news of it may have been lost, or held up on their way. */
const unfinishedMs = 2000;
const answerWithinMs = 100;
/** After a failure, Redis is left alone for so long. */
const restMs = 1000;

interface Told {
  readonly task: Task;
  readonly toldAt: number;
}

/** Two nodes may tell of the same task, and their words may overtake each other: the higher version stays. */
const putIfNewer = `
  local known = redis.call('HGET', KEYS[1], 'version')
  if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'told', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1`;

/** The store in Redis, shared by all nodes. While Redis is stopped, slow or away, it knows nothing. */
export class RedisTaskStore implements TaskStore {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #log: Log;
  #restUntil = 0;

  constructor(url: string, namespace: string, log: Log) {
    this.#prefix = `${namespace}:task:`;
    this.#log = log;
    this.#redis = new Redis(url, {
      commandTimeout: answerWithinMs,
      connectTimeout: restMs,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => restMs,
    });
    this.#redis.on("ready", () => log.info("Redis keeps the state of tasks"));
    // Each failing command says it as well; without a listener the process would end.
    this.#redis.on("error", (error: Error) => this.#rest(error));
  }

  async get(id: string): Promise<Task | undefined> {
    const text = await this.#ask((redis) => redis.hget(this.#prefix + id, "told"));
    if (!text) return undefined;
    const { task, toldAt } = JSON.parse(text) as Told;
    return task.finishedAt !== null || Date.now() - toldAt < unfinishedMs ? task : undefined;
  }

  async put(task: Task): Promise<void> {
    const keep = task.finishedAt === null ? unfinishedMs : finishedMs;
    const told: Told = { task, toldAt: Date.now() };
    await this.#ask((redis) =>
      redis.eval(putIfNewer, 1, this.#prefix + task.id, task.version, JSON.stringify(told), keep),
    );
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #ask<T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (this.#redis.status !== "ready" || Date.now() < this.#restUntil) return undefined;
    try {
      return await command(this.#redis);
    } catch (error) {
      this.#rest(error);
      return undefined;
    }
  }

  #rest(error: unknown): void {
    const now = Date.now();
    if (now >= this.#restUntil)
      this.#log.warn(`Redis is left alone for a moment: ${error instanceof Error ? error.message : String(error)}`);
    this.#restUntil = now + restMs;
  }
}

/** For the embedded shape, where the tasks table is in the same process anyway. */
export const noTaskStore: TaskStore = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.resolve(),
  close: () => undefined,
};
