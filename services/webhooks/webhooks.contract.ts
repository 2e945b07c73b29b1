import { defineContract, publicEvents } from "../../mixins/contract/contract.ts";
import { deliveryActions } from "./contract/deliveries.ts";
import { webhookEvents } from "./contract/events.ts";
import { webhookActions } from "./contract/webhooks.ts";

export const webhooks = defineContract({
  name: "webhooks",
  summary: "Tells other systems what happens in the shop",
  consumes: [publicEvents],
  actions: { ...webhookActions, ...deliveryActions },
  events: webhookEvents,
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    webhooks: typeof webhooks;
  }
}
