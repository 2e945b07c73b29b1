import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";

const status = z
  .enum(["pending", "approved", "used"])
  .describe("`approved`: the requester can send the request again, once; then it is `used`");

const approval = z
  .strictObject({
    id,
    action: z.string().describe("The requested action: `orders.refunds.record`"),
    request: z.record(z.string(), z.unknown()).describe("The original params"),
    amount: money.nullable().describe("Its amount; null when unknown beforehand"),
    status,
    requestedBy: z.string().describe("`user:<id>` or `key:<id>`"),
    approvedBy: z.string().nullable(),
    requestedAt: timestamp,
    approvedAt: timestamp.nullable(),
  })
  .meta({ id: "Approval" });

/** Approval actions of the orders contract: four-eyes control of money movements. */
export const approvalActions = {
  "approvals.list": action({
    summary: "List staff requests that await a second person's approval",
    description: "Each is removed a week after the request.",
    access: { permission: "orders:read" },
    route: { method: "GET", path: "/approvals" },
    params: z.strictObject({ ...pageParams(["requestedAt"], "-requestedAt"), status: status.optional() }),
    result: page(approval),
    errors: [],
    idempotent: true,
  }),
  "approvals.approve": action({
    summary: "Approve another staff member's request",
    description:
      "This does not execute the request: the requester sends it again. Requesters cannot approve their own requests.",
    access: { permission: "orders:write" },
    stepUp: true,
    route: { method: "POST", path: "/approvals/{id}/approvals" },
    params: z.strictObject({ id }),
    result: approval,
    errors: ["not-found"],
    idempotent: true,
  }),
};

export const approvalEvents = {
  "approval-requested": event({
    summary: "A staff member made a request that needs approval",
    about: { entity: "approval", id: "approval.id" },
    payload: z.strictObject({ approval }),
    internal: true,
  }),
  "approval-given": event({
    summary: "A request was approved by another staff member",
    about: { entity: "approval", id: "approval.id" },
    payload: z.strictObject({ approval }),
    internal: true,
  }),
};
