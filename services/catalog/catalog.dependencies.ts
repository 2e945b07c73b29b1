import { consumersOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-service.ts";
import { CategoryRepository } from "./data/category-repository.ts";
import { ProductRepository } from "./data/product-repository.ts";
import { ReservationRepository } from "./data/reservation-repository.ts";
import { StockRepository } from "./data/stock-repository.ts";
import { VariantRepository } from "./data/variant-repository.ts";

/** What the handlers of this service work with. */
export interface CatalogDependencies {
  readonly categories: CategoryRepository;
  readonly products: ProductRepository;
  readonly variants: VariantRepository;
  readonly stock: StockRepository;
  readonly reservations: ReservationRepository;
  /** ISO 4217 code of every price. */
  readonly currency: string;
  /** How long a checkout's stock is held before its order must exist, in milliseconds. */
  readonly leaseMs: number;
}

export function catalogDependencies({ config, database }: ServiceEnvironment): CatalogDependencies {
  return {
    categories: new CategoryRepository(database),
    products: new ProductRepository(database),
    variants: new VariantRepository(database),
    stock: new StockRepository(database),
    reservations: new ReservationRepository(database),
    currency: config.pricing.currency,
    leaseMs: config.checkout.reservationLeaseMs,
  };
}

export const action = actionsOf<CatalogDependencies>();
export const on = consumersOf<CatalogDependencies>();
export const job = jobsOf<CatalogDependencies>();
