import { configOf } from "../service/config-of.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { EventName } from "../contract/calls.ts";
import type { Consumer } from "../events/consumer.ts";
import { jobContext } from "../service/jobs.ts";
import type { Task } from "./task.ts";
import { TaskQueue } from "./task-queue.ts";
import { TaskRunner } from "./task-runner.ts";
import type { TaskStore } from "./task-store.ts";
import { noTaskStore, RedisTaskStore } from "./task-store.ts";

/** A node's share of a service's background tasks. */
export class BackgroundWork<D> {
  readonly queue: TaskQueue;
  /** Consumers of the `task-queued` event. */
  readonly consumers: readonly Consumer<D>[];
  readonly #service: ServiceWithDatabase;
  readonly #tasks: readonly Task<D>[];
  readonly #store: TaskStore;
  #runner: TaskRunner<D> | undefined;

  constructor(service: ServiceWithDatabase, tasks: readonly Task<D>[]) {
    const { redisUrl, namespace } = configOf(service.broker);
    this.#service = service;
    this.#tasks = tasks;
    this.#store =
      redisUrl && tasks.length > 0 ? new RedisTaskStore(redisUrl, namespace, service.logger) : noTaskStore;
    this.queue = new TaskQueue(service.name, service.database, this.#store);
    const queued = { events: [`${service.name}.task-queued` as EventName], handle: () => this.#wake() };
    this.consumers = tasks.length > 0 ? [queued] : [];
  }

  /** Starts task execution once all services of the process have started. */
  start(dependencies: D): void {
    const { database, logger: log, broker } = this.#service;
    if (this.#tasks.length === 0) return;
    const runner = new TaskRunner({
      database,
      tasks: this.#tasks,
      dependencies,
      call: jobContext(this.#service, "tasks").call,
      log,
      store: this.#store,
      sweepMs: configOf(broker).sweepIntervalMs,
    });
    this.#runner = runner;
    broker.localBus.once("$broker.started", () => runner.start());
  }

  /** Starts no more runs and awaits those that cannot be handed over to other nodes. */
  async stopRuns(): Promise<void> {
    await this.#runner?.stop();
  }

  async stop(): Promise<void> {
    await this.stopRuns();
    this.#store.close();
  }

  /** Independent of the event's transaction: the task was committed before the event was sent. */
  #wake(): Promise<void> {
    this.#runner?.wake();
    return Promise.resolve();
  }
}
