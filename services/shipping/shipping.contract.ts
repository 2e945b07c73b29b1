import { defineContract } from "../../mixins/contract/contract.ts";
import { methodActions } from "./contract/methods.ts";
import { shippingEvents, zoneActions } from "./contract/zones.ts";

export const shipping = defineContract({
  name: "shipping",
  summary: "Shipping zones, methods and their prices",
  consumes: [],
  actions: { ...zoneActions, ...methodActions },
  events: shippingEvents,
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    shipping: typeof shipping;
  }
}
