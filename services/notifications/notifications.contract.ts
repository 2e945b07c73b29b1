import { defineContract } from "../../mixins/contract/contract.ts";
import { inboxActions } from "./contract/inbox.ts";
import { preferenceActions } from "./contract/preferences.ts";
import { notificationEvents, templateActions } from "./contract/templates.ts";

/** Tells customers what happens to their orders, accounts and favourites. No other service depends on it. */
export const notifications = defineContract({
  name: "notifications",
  summary: "Mail, SMS and inbox of customers, by templates and preferences",
  needs: ["users"],
  uses: {
    "favourites.owners.list": { items: [], last: null },
    "catalog.products.lookup": [],
  },
  consumes: [
    "orders.placed",
    "orders.paid",
    "orders.shipped",
    "orders.delivered",
    "orders.refunded",
    "after-sales.approved",
    "after-sales.rejected",
    "after-sales.received",
    "after-sales.refunded",
    "after-sales.replaced",
    "after-sales.closed",
    "after-sales.message-added",
    "users.logged-in",
    "users.api-key-created",
    "users.account-deleted",
    "catalog.changed",
    "catalog.stock-changed",
  ],
  actions: { ...inboxActions, ...preferenceActions, ...templateActions },
  events: notificationEvents,
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    notifications: typeof notifications;
  }
}
