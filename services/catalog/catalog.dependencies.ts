import { consumersOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/jobs.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import { tasksOf } from "../../mixins/tasks/task.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-service.ts";
import { BatchRepository } from "./data/batch-repository.ts";
import { CategoryRepository } from "./data/category-repository.ts";
import { ProductRepository } from "./data/product-repository.ts";
import { ReservationRepository } from "./data/reservation-repository.ts";
import { StockRepository } from "./data/stock-repository.ts";
import { VariantRepository } from "./data/variant-repository.ts";
import { UploadSlots } from "./import/upload-slots.ts";

const uploadsAtOnce = 4;

/** What the handlers of this service work with. */
export interface CatalogDependencies {
  readonly categories: CategoryRepository;
  readonly products: ProductRepository;
  readonly variants: VariantRepository;
  readonly stock: StockRepository;
  readonly reservations: ReservationRepository;
  readonly batches: BatchRepository;
  readonly tasks: TaskQueue;
  /** What tasks read and make. */
  readonly files: FileStore;
  readonly uploads: UploadSlots;
  /** ISO 4217 code of every price. */
  readonly currency: string;
  /** How long a checkout's stock is held before its order must exist, in milliseconds. */
  readonly leaseMs: number;
}

export function catalogDependencies({ config, database, tasks }: ServiceEnvironment): CatalogDependencies {
  return {
    categories: new CategoryRepository(database),
    products: new ProductRepository(database),
    variants: new VariantRepository(database),
    stock: new StockRepository(database),
    reservations: new ReservationRepository(database),
    batches: new BatchRepository(database),
    tasks,
    files: new FileStore(database),
    uploads: new UploadSlots(uploadsAtOnce),
    currency: config.pricing.currency,
    leaseMs: config.checkout.reservationLeaseMs,
  };
}

export const action = actionsOf<CatalogDependencies>();
export const on = consumersOf<CatalogDependencies>();
export const job = jobsOf<CatalogDependencies>();
export const task = tasksOf<CatalogDependencies>();
