import { configOf } from "../config-of.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { EventName } from "../../services/contract/calls.ts";
import type { Consumer } from "../events/consumer.ts";
import { jobContext } from "../jobs.ts";
import type { ScheduledJob } from "./schedule.ts";
import { startSchedules } from "./schedule.ts";
import type { Task } from "./task.ts";
import { TaskQueue } from "./task-queue.ts";
import { TaskRunner } from "./task-runner.ts";
import type { TaskStore } from "./task-store.ts";
import { noTaskStore, RedisTaskStore } from "./task-store.ts";

/** A node's part in the background tasks and scheduled jobs of a service. */
export class BackgroundWork<D> {
  readonly queue: TaskQueue;
  /** They take in the news that a task was queued. */
  readonly consumers: readonly Consumer<D>[];
  readonly #service: ServiceWithDatabase;
  readonly #tasks: readonly Task<D>[];
  readonly #store: TaskStore;
  #runner: TaskRunner<D> | undefined;
  #stopSchedules: () => Promise<void> = () => Promise.resolve();

  constructor(service: ServiceWithDatabase, tasks: readonly Task<D>[]) {
    const { redisUrl, namespace } = configOf(service.broker);
    this.#service = service;
    this.#tasks = tasks;
    this.#store = redisUrl && tasks.length > 0 ? new RedisTaskStore(redisUrl, namespace, service.logger) : noTaskStore;
    this.queue = new TaskQueue(service.name, service.database, this.#store);
    const queued = { events: [`${service.name}.task-queued` as EventName], handle: () => this.#wake() };
    this.consumers = tasks.length > 0 ? [queued] : [];
  }

  /** Lets this node do tasks, once all services of the process have started, and take turns. */
  start(dependencies: D, schedules: readonly ScheduledJob<D>[]): void {
    const { database, logger: log, broker } = this.#service;
    this.#stopSchedules = startSchedules(this.#service, schedules, dependencies);
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

  /** Waits for what is under way, as far as it cannot be handed to others. */
  async stop(): Promise<void> {
    await Promise.all([this.#runner?.stop(), this.#stopSchedules()]);
    this.#store.close();
  }

  /** Whatever comes of the event's transaction: the task was committed before the event could be sent. */
  #wake(): Promise<void> {
    this.#runner?.wake();
    return Promise.resolve();
  }
}
