import { z } from "zod";
import { event } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { taskCancelled, taskQueued } from "../../../mixins/contract/tasks.ts";
import { kind, reason } from "./shapes.ts";

const about = { entity: "after-sale", id: "afterSaleId" } as const;
const base = {
  afterSaleId: id,
  orderId: id,
  number: z.string().describe("The order's"),
  customerId: id,
  merchantId: id.nullable().describe("null for the shop itself"),
  kind,
};
const by = z.enum(["merchant", "staff", "deadline"]).describe("`deadline`: nobody answered in time");
const lines = z.array(z.strictObject({ lineId: id, variantId: id, quantity: z.int() }));
const remedy = z.enum(["refund", "replacement"]);

/** Texts are not told: the audit trail, which keeps events, could not erase them. */
export const afterSaleEvents = {
  requested: event({
    summary: "A buyer asked for after-sale service",
    about,
    payload: z.strictObject({ ...base, reason, lines, amount: money }),
  }),
  approved: event({
    summary: "An after-sale was approved, by an answer, a decision or in silence",
    about,
    payload: z.strictObject({ ...base, remedy, by, amount: money }),
  }),
  rejected: event({
    summary: "A merchant rejected a request, or the goods that were sent back",
    about,
    payload: z.strictObject(base),
  }),
  escalated: event({
    summary: "A buyer wants the mall's staff to decide about a rejection",
    about,
    payload: z.strictObject(base),
  }),
  overdue: event({
    summary: "The staff's decision of a dispute is overdue",
    about,
    payload: z.strictObject(base),
  }),
  withdrawn: event({
    summary: "A buyer withdrew a request",
    about,
    payload: z.strictObject(base),
  }),
  "sent-back": event({
    summary: "A buyer sent goods back",
    about,
    payload: z.strictObject(base),
  }),
  received: event({
    summary: "Goods came back, or are taken to have",
    about,
    payload: z.strictObject({ ...base, remedy, by, restocked: z.boolean() }),
  }),
  refunded: event({
    summary: "An after-sale ended with a refund, which is due",
    about,
    payload: z.strictObject({
      ...base,
      lines,
      refund: money,
      refundId: id.nullable(),
      returnId: id.nullable(),
    }),
  }),
  closed: event({
    summary: "An after-sale ended without a remedy",
    about,
    payload: z.strictObject({
      ...base,
      because: z
        .enum(["dismissed", "not-escalated", "not-sent-back", "sent-meanwhile"])
        .describe(
          "`sent-meanwhile`: a refund of unsent goods was asked for, and they were packed before the answer",
        ),
    }),
  }),
  "replacement-reserved": event({
    summary: "A replacement was promised; its stock stays reserved",
    about,
    payload: z.strictObject({ ...base, replacementId: id, lines }),
  }),
  "replacement-released": event({
    summary: "A promised replacement is not to be sent; its stock is free",
    about,
    payload: z.strictObject({ ...base, replacementId: id }),
  }),
  replaced: event({
    summary: "A replacement was sent; its stock is sold, and the goods that came back are stock again",
    about,
    payload: z.strictObject({
      ...base,
      replacementId: id,
      lines,
      restocked: z.boolean().describe("False when the goods that came back cannot be sold again"),
      reason: z.string(),
    }),
  }),
  "message-added": event({
    summary: "A side of an after-sale wrote to the other, or added a picture",
    about,
    payload: z.strictObject({
      ...base,
      messageId: id.nullable().describe("null for a picture of the request"),
      author: z.enum(["buyer", "merchant", "staff"]),
    }),
  }),
  "task-queued": taskQueued,
  "task-cancelled": taskCancelled,
};
