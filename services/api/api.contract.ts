import { defineContract } from "../../mixins/contract/contract.ts";

/** The gateway has no actions or events. Without `users` every caller is a guest. */
export const api = defineContract({
  name: "api",
  summary: "HTTP gateway",
  consumes: [],
  uses: {
    "users.jwks": { keys: [] },
    "users.sessions.check": null,
    "users.api-keys.check": null,
    "users.order-tokens.check": null,
    "users.device-tokens.check": { isGood: false },
    "audit.security-events.report": null,
  },
  actions: {},
  events: {},
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    api: typeof api;
  }
}
