import { consumersOf, togetherOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/jobs.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import { tasksOf } from "../../mixins/tasks/task.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-action.ts";
import { BatchRepository } from "./data/batch-repository.ts";
import { CategoryRepository } from "./data/category-repository.ts";
import { ProductRepository } from "./data/product-repository.ts";
import { ReservationRepository } from "./data/reservation-repository.ts";
import { StockRepository } from "./data/stock-repository.ts";
import { VariantRepository } from "./data/variant-repository.ts";
import { ReservationMailbox } from "./reservation-mailbox.ts";
import { UploadSlots } from "./import/upload-slots.ts";

const uploadsAtOnce = 4;

/** What a reservation is made of. */
export interface ReservationRepositories {
  readonly variants: VariantRepository;
  readonly stock: StockRepository;
  readonly reservations: ReservationRepository;
}

/** What the handlers of this service work with. */
export interface CatalogDependencies extends ReservationRepositories {
  readonly categories: CategoryRepository;
  readonly products: ProductRepository;
  readonly mailbox: ReservationMailbox;
  readonly batches: BatchRepository;
  readonly tasks: TaskQueue;
  /** What tasks read and make. */
  readonly files: FileStore;
  readonly uploads: UploadSlots;
  /** ISO 4217 code of every price. */
  readonly currency: string;
}

export function catalogDependencies({ config, database, tasks }: ServiceEnvironment): CatalogDependencies {
  const reserving = {
    variants: new VariantRepository(database),
    stock: new StockRepository(database),
    reservations: new ReservationRepository(database),
  };
  const leaseMs = config.checkout.reservationLeaseMs;
  return {
    ...reserving,
    categories: new CategoryRepository(database),
    products: new ProductRepository(database),
    mailbox: new ReservationMailbox(database, { ...reserving, leaseMs }),
    batches: new BatchRepository(database),
    tasks,
    files: new FileStore(database),
    uploads: new UploadSlots(uploadsAtOnce),
    currency: config.pricing.currency,
  };
}

export const action = actionsOf<CatalogDependencies>();
export const on = consumersOf<CatalogDependencies>();
export const together = togetherOf<CatalogDependencies>();
export const job = jobsOf<CatalogDependencies>();
export const task = tasksOf<CatalogDependencies>();
