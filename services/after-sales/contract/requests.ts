import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { idempotencyKey, longText, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { openStatuses } from "../domain/transitions.ts";
import { afterSale, kind, reason, status, summary, timelineEntry } from "./shapes.ts";

const counts = z
  .strictObject({
    items: z
      .array(z.strictObject({ status: z.enum(openStatuses), count: z.int() }))
      .describe("Of each status in which something is still to happen"),
  })
  .meta({ id: "AfterSaleCounts" });

const filters = {
  ...pageParams(["createdAt", "dueAt"], "-createdAt"),
  status: status.optional(),
  kind: kind.optional(),
  orderId: id.optional(),
  dueBefore: timestamp.optional().describe("Whose status ends by itself before then"),
};

/** What buyers do, and what both sides read. */
export const requestActions = {
  "requests.create": action({
    summary: "Ask for after-sale service for goods of your order",
    description:
      "For goods of one merchant, at most what was bought and is neither given back nor claimed by another open request. The merchant answers before `dueAt`; silence approves. Pictures are added afterwards.",
    access: "signed-in",
    route: {
      method: "POST",
      path: "/orders/{orderId}/after-sales",
      status: 201,
      location: "/after-sales/{id}",
      headers: { idempotencyKey: "Idempotency-Key" },
    },
    params: z.strictObject({
      orderId: id,
      idempotencyKey,
      kind,
      lines: z
        .array(z.strictObject({ lineId: id, quantity: z.int().min(1).max(1_000_000) }))
        .min(1)
        .max(100),
      reason,
      text: longText(2000).optional(),
      amount: money
        .optional()
        .describe("Only for `refund-only` of goods that you keep: at most what was paid, the default"),
    }),
    result: afterSale,
    errors: ["not-found", "illegal-transition", "limit-reached", "idempotency-mismatch"],
    idempotent: true,
    reads: "primary",
  }),
  "requests.of-order": action({
    summary: "After-sale requests for your order",
    access: "signed-in",
    route: { method: "GET", path: "/orders/{orderId}/after-sales" },
    params: z.strictObject({ orderId: id, ...pageParams(["createdAt"], "-createdAt") }),
    result: page(summary),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "requests.mine": action({
    summary: "Your after-sale requests",
    access: "signed-in",
    route: { method: "GET", path: "/me/after-sales" },
    params: z.strictObject(filters),
    result: page(summary),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "requests.my-counts": action({
    summary: "How many of your after-sale requests are in which status",
    access: "signed-in",
    route: { method: "GET", path: "/me/after-sales/counts" },
    params: z.strictObject({}),
    result: counts,
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "requests.list": action({
    summary: "After-sale requests: those of your merchants, or all for staff",
    access: { merchantOr: "after-sales:write" },
    route: { method: "GET", path: "/after-sales" },
    params: z.strictObject({
      ...filters,
      merchantId: id.optional(),
      customerId: id.optional(),
    }),
    result: page(summary),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "requests.counts": action({
    summary: "How many after-sale requests are in which status",
    access: { merchantOr: "after-sales:write" },
    route: { method: "GET", path: "/after-sales/counts" },
    params: z.strictObject({ merchantId: id.optional() }),
    result: counts,
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "requests.get": action({
    summary: "An after-sale request: your own, or one to your merchant",
    access: { ownerOr: "after-sales:write" },
    route: { method: "GET", path: "/after-sales/{id}" },
    params: z.strictObject({ id }),
    result: afterSale,
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "requests.timeline": action({
    summary: "The steps of an after-sale request, with their times",
    access: { ownerOr: "after-sales:write" },
    route: { method: "GET", path: "/after-sales/{id}/timeline" },
    params: z.strictObject({ id }),
    result: z.strictObject({ items: z.array(timelineEntry) }),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "requests.withdraw": action({
    summary: "Withdraw your after-sale request",
    description: "Until the goods are on their way back, or the refund is.",
    access: "signed-in",
    route: { method: "POST", path: "/after-sales/{id}/withdrawals" },
    params: z.strictObject({ id }),
    result: afterSale,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "requests.escalate": action({
    summary: "Have the mall's staff decide about a rejected request",
    access: "signed-in",
    route: { method: "POST", path: "/after-sales/{id}/escalations" },
    params: z.strictObject({ id, reason: text(500) }),
    result: afterSale,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "requests.send-back": action({
    summary: "Tell how you sent the goods back",
    access: "signed-in",
    route: { method: "POST", path: "/after-sales/{id}/return-parcels" },
    params: z.strictObject({ id, carrier: text(60).describe("`DHL`"), trackingNumber: text(100) }),
    result: afterSale,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
};
