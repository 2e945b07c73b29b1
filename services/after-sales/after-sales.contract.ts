import { defineContract } from "../../mixins/contract/contract.ts";
import { answerActions } from "./contract/answers.ts";
import { conversationActions } from "./contract/conversation.ts";
import { afterSaleEvents } from "./contract/events.ts";
import { requestActions } from "./contract/requests.ts";

export const afterSales = defineContract({
  name: "after-sales",
  summary: "After-sale service: refunds, returns and exchanges that buyers ask for",
  needs: ["orders", "catalog"],
  consumes: ["users.account-deleted", "after-sales.task-queued"],
  actions: { ...requestActions, ...answerActions, ...conversationActions },
  events: afterSaleEvents,
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    "after-sales": typeof afterSales;
  }
}
