import { consumersOf, togetherOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-action.ts";
import { CartRepository } from "./data/cart-repository.ts";

/** What the handlers of this service work with. */
export interface CartDependencies {
  readonly carts: CartRepository;
  /** The shop's, for the subtotal of a cart with nothing in it. */
  readonly currency: string;
  /** For how long a cart lives that nobody uses. */
  readonly lifetimeMs: number;
}

export function cartDependencies({ config, database }: ServiceEnvironment): CartDependencies {
  return {
    carts: new CartRepository(database),
    currency: config.pricing.currency,
    lifetimeMs: config.cart.lifetimeMs,
  };
}

export const action = actionsOf<CartDependencies>();
export const on = consumersOf<CartDependencies>();
export const together = togetherOf<CartDependencies>();
export const job = jobsOf<CartDependencies>();
