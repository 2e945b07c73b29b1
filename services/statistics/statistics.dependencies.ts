import { batchConsumersOf } from "../../mixins/events/consumer.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import { tasksOf } from "../../mixins/tasks/task.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import { ClosedDayRepository } from "./data/closed-day-repository.ts";
import { FigureRepository } from "./data/figure-repository.ts";
import { PresenceRepository } from "./data/presence-repository.ts";
import { ProductRepository } from "./data/product-repository.ts";
import { SalesRepository } from "./data/sales-repository.ts";
import { SearchRepository } from "./data/search-repository.ts";
import { Calendar } from "./domain/day.ts";

/** Dependencies of this service's handlers. */
export interface StatisticsDependencies {
  readonly calendar: Calendar;
  readonly sales: SalesRepository;
  readonly figures: FigureRepository;
  readonly products: ProductRepository;
  readonly presence: PresenceRepository;
  readonly searches: SearchRepository;
  readonly closedDays: ClosedDayRepository;
  readonly tasks: TaskQueue;
  readonly files: FileStore;
  /** ISO 4217 code of every amount. */
  readonly currency: string;
  /** Lifetime of a session whose login does not tell it. */
  readonly sessionMs: number;
  /** Days for which the ledger of sales is kept. */
  readonly ledgerDays: number;
}

export async function statisticsDependencies({
  config,
  database,
  tasks,
}: ServiceEnvironment): Promise<StatisticsDependencies> {
  const closedDays = new ClosedDayRepository(database);
  await closedDays.begin(Date.now());
  return {
    calendar: new Calendar(config.statistics.timeZone),
    sales: new SalesRepository(database),
    figures: new FigureRepository(database),
    products: new ProductRepository(database),
    presence: new PresenceRepository(database),
    searches: new SearchRepository(database),
    closedDays,
    tasks,
    files: new FileStore(database),
    currency: config.pricing.currency,
    sessionMs: config.tokens.refreshMs,
    ledgerDays: config.statistics.ledgerDays,
  };
}

export const action = actionsOf<StatisticsDependencies>();
export const onBatch = batchConsumersOf<StatisticsDependencies>();
export const job = jobsOf<StatisticsDependencies>();
export const task = tasksOf<StatisticsDependencies>();
