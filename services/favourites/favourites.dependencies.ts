import { consumersOf } from "../../mixins/events/consumer.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import { CountRepository } from "./data/count-repository.ts";
import { FavouriteRepository } from "./data/favourite-repository.ts";

/** Dependencies of this service's handlers. */
export interface FavouritesDependencies {
  readonly favourites: FavouriteRepository;
  readonly counts: CountRepository;
  /** Of all prices. */
  readonly currency: string;
}

export function favouritesDependencies({ config, database }: ServiceEnvironment): FavouritesDependencies {
  return {
    favourites: new FavouriteRepository(database),
    counts: new CountRepository(database),
    currency: config.pricing.currency,
  };
}

export const action = actionsOf<FavouritesDependencies>();
export const on = consumersOf<FavouritesDependencies>();
export const job = jobsOf<FavouritesDependencies>();
