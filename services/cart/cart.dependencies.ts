import { consumersOf, batchConsumersOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { CartRepository } from "./data/cart-repository.ts";
import { FilledCarts } from "./filled-carts.ts";

/** Dependencies of this service's handlers. */
export interface CartDependencies {
  readonly carts: CartRepository;
  /** What the statistics are told. */
  readonly filledCarts: FilledCarts;
  /** The shop's currency, for the subtotal of an empty cart. */
  readonly currency: string;
  /** Time after which an unused cart expires. */
  readonly lifetimeMs: number;
}

export function cartDependencies({ config, database }: ServiceEnvironment): CartDependencies {
  return {
    carts: new CartRepository(database),
    filledCarts: new FilledCarts(),
    currency: config.pricing.currency,
    lifetimeMs: config.cart.lifetimeMs,
  };
}

export const action = actionsOf<CartDependencies>();
export const on = consumersOf<CartDependencies>();
export const onBatch = batchConsumersOf<CartDependencies>();
export const job = jobsOf<CartDependencies>();
