import { defineContract } from "../../mixins/contract/contract.ts";
import { taskActions, taskCancelled, taskQueued } from "../../mixins/contract/tasks.ts";
import { activityActions } from "./contract/activity.ts";
import { salesActions } from "./contract/sales.ts";

/** Sales and visitors by day. Figures follow from events; other services know nothing of them. */
export const statistics = defineContract({
  name: "statistics",
  summary: "Figures of sales, users and searches by day",
  consumes: [
    "users.logged-in",
    "users.logged-out",
    "users.session-revoked",
    "users.registered",
    "catalog.changed",
    "orders.placed",
    "orders.paid",
    "orders.cancelled",
    "orders.expired",
    "orders.refunded",
    "orders.refund-failed",
    "orders.returned",
    "statistics.task-queued",
  ],
  uses: { "orders.sales.list": { items: [] }, "catalog.products.names": [] },
  actions: {
    ...salesActions,
    ...activityActions,
    ...taskActions("/statistics/tasks", "statistics:read"),
  },
  events: { "task-queued": taskQueued, "task-cancelled": taskCancelled },
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    statistics: typeof statistics;
  }
}
