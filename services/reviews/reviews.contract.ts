import { defineContract } from "../../mixins/contract/contract.ts";
import { taskCancelled, taskQueued } from "../../mixins/contract/tasks.ts";
import { reviewEvents } from "./contract/events.ts";
import { moderationActions } from "./contract/moderation.ts";
import { opinionActions } from "./contract/opinions.ts";
import { ownActions } from "./contract/own.ts";
import { publicActions } from "./contract/public.ts";

export const reviews = defineContract({
  name: "reviews",
  summary: "Reviews of products by those who bought them, with votes, replies and ratings",
  needs: ["users", "catalog"],
  consumes: [
    "orders.paid",
    "orders.delivered",
    "orders.received",
    "users.account-deleted",
    "users.guest-claimed",
    "users.guest-deleted",
    "reviews.task-queued",
  ],
  actions: { ...publicActions, ...ownActions, ...opinionActions, ...moderationActions },
  events: { ...reviewEvents, "task-queued": taskQueued, "task-cancelled": taskCancelled },
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    reviews: typeof reviews;
  }
}
