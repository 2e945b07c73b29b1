import type { Task } from "../contract/tasks.ts";
import { BestEffortRedis } from "../cache/best-effort-redis.ts";

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/**
 * Cache of task states, to spare the service's database. Best effort: it may lose entries; it never throws or
 * blocks. The tasks table is authoritative.
 */
export interface TaskStore {
  get(id: string): Promise<Task | undefined>;
  /** Stores a newer state; ignores an older one. */
  put(task: Task): Promise<void>;
  close(): void;
}

/** Finished tasks do not change. */
const finishedTtlMs = 7 * 24 * 3_600_000;
/** Short: a later update may have been lost or delayed. */
const unfinishedTtlMs = 2000;

interface StoredTask {
  readonly task: Task;
  readonly storedAt: number;
}

/** Compare-and-set by version: updates of two nodes may arrive out of order. */
const putIfNewer = `
  local known = redis.call('HGET', KEYS[1], 'version')
  if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'told', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 1`;

/** Task store in Redis, shared by all nodes. While Redis is down or slow, every key is a miss. */
export class RedisTaskStore implements TaskStore {
  readonly #redis: BestEffortRedis;
  readonly #prefix: string;

  constructor(url: string, namespace: string, log: Log) {
    this.#prefix = `${namespace}:task:`;
    this.#redis = new BestEffortRedis(url, "task store", log);
  }

  async get(id: string): Promise<Task | undefined> {
    const text = await this.#redis.tryCommand((redis) => redis.hget(this.#prefix + id, "told"));
    if (!text) return undefined;
    const { task, storedAt } = JSON.parse(text) as StoredTask;
    return task.finishedAt !== null || Date.now() - storedAt < unfinishedTtlMs ? task : undefined;
  }

  async put(task: Task): Promise<void> {
    const ttlMs = task.finishedAt === null ? unfinishedTtlMs : finishedTtlMs;
    const stored: StoredTask = { task, storedAt: Date.now() };
    await this.#redis.tryCommand((redis) =>
      redis.eval(putIfNewer, 1, this.#prefix + task.id, task.version, JSON.stringify(stored), ttlMs),
    );
  }

  close(): void {
    this.#redis.close();
  }
}

/** For the embedded shape, whose tasks table is in the same process. */
export const noTaskStore: TaskStore = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.resolve(),
  close: () => undefined,
};
