import type { Task } from "../../services/contract/tasks.ts";
import { DispensableRedis } from "../redis/dispensable-redis.ts";

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
  readonly #redis: DispensableRedis;
  readonly #prefix: string;

  constructor(url: string, namespace: string, log: Log) {
    this.#prefix = `${namespace}:task:`;
    this.#redis = new DispensableRedis(url, "keeps the state of tasks", log);
  }

  async get(id: string): Promise<Task | undefined> {
    const text = await this.#redis.ask((redis) => redis.hget(this.#prefix + id, "told"));
    if (!text) return undefined;
    const { task, toldAt } = JSON.parse(text) as Told;
    return task.finishedAt !== null || Date.now() - toldAt < unfinishedMs ? task : undefined;
  }

  async put(task: Task): Promise<void> {
    const keep = task.finishedAt === null ? unfinishedMs : finishedMs;
    const told: Told = { task, toldAt: Date.now() };
    await this.#redis.ask((redis) =>
      redis.eval(putIfNewer, 1, this.#prefix + task.id, task.version, JSON.stringify(told), keep),
    );
  }

  close(): void {
    this.#redis.close();
  }
}

/** For the embedded shape, where the tasks table is in the same process anyway. */
export const noTaskStore: TaskStore = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.resolve(),
  close: () => undefined,
};
