import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { text } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { afterSale } from "./shapes.ts";

const merchant = { merchantOr: "after-sales:write" } as const;
const money = ["limit-reached", "approval-required"] as const;

/** What merchants' members do, and the mall's staff in their place; and what only staff decide. */
export const answerActions = {
  "answers.approve": action({
    summary: "Approve an after-sale request",
    description:
      "Goods that do not come back are refunded at once. For an exchange, the replacement is reserved; without stock it fails with `stock-shortage`.",
    access: merchant,
    movesMoney: true,
    route: { method: "POST", path: "/after-sales/{id}/approvals" },
    params: z.strictObject({ id }),
    result: afterSale,
    errors: ["not-found", "illegal-transition", "stock-shortage", ...money],
    idempotent: true,
    reads: "primary",
  }),
  "answers.reject": action({
    summary: "Reject an after-sale request, or the goods that were sent back",
    description: "The buyer can have the mall's staff decide.",
    access: merchant,
    route: { method: "POST", path: "/after-sales/{id}/rejections" },
    params: z.strictObject({ id, reason: text(500) }),
    result: afterSale,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "answers.receive": action({
    summary: "Confirm that the goods have come back",
    description: "What is to be refunded is refunded at once.",
    access: merchant,
    movesMoney: true,
    route: { method: "POST", path: "/after-sales/{id}/receipts" },
    params: z.strictObject({
      id,
      restock: z.boolean().default(true).describe("True when the goods can be sold again"),
    }),
    result: afterSale,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "answers.replace": action({
    summary: "Tell how the replacement was sent",
    access: merchant,
    route: { method: "POST", path: "/after-sales/{id}/replacement-parcels" },
    params: z.strictObject({ id, carrier: text(60).describe("`DHL`"), trackingNumber: text(100) }),
    result: afterSale,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "answers.decide": action({
    summary: "Decide a dispute",
    description:
      "`uphold` approves the request, `dismiss` closes it; both are final. Nobody decides about their own request.",
    access: { permission: "after-sales:write" },
    movesMoney: true,
    route: { method: "POST", path: "/after-sales/{id}/decisions" },
    params: z.strictObject({ id, decision: z.enum(["uphold", "dismiss"]), reason: text(500) }),
    result: afterSale,
    errors: ["not-found", "illegal-transition", "stock-shortage", ...money],
    idempotent: true,
    reads: "primary",
  }),
  "replacements.settle": action({
    summary: "Settle replacements: one that is not promised by now never will be",
    description: "Called by catalog for reservations whose lease has expired. The result is final.",
    access: "internal",
    params: z.strictObject({ ids: z.array(id).min(1).max(100) }),
    result: z.array(z.strictObject({ id, outcome: z.enum(["placed", "abandoned"]) })),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
