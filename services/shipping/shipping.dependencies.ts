import { Locales } from "../../mixins/locales/locales.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { MethodRepository } from "./data/method-repository.ts";
import { ZoneRepository } from "./data/zone-repository.ts";

/** Dependencies of this service's handlers. */
export interface ShippingDependencies {
  readonly zones: ZoneRepository;
  readonly methods: MethodRepository;
  readonly locales: Locales;
}

export function shippingDependencies({ config, database }: ServiceEnvironment): ShippingDependencies {
  return {
    zones: new ZoneRepository(database),
    methods: new MethodRepository(database),
    locales: new Locales(config.locales),
  };
}

export const action = actionsOf<ShippingDependencies>();
