import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { attempt, delivery, deliveryStatus } from "./fields.ts";
import { manage, read } from "./webhooks.ts";

/** How staff see what was sent, and send it again. */
export const deliveryActions = {
  "deliveries.list": action({
    summary: "List deliveries of a webhook",
    access: read,
    route: { method: "GET", path: "/webhooks/{id}/deliveries" },
    params: z.strictObject({
      id,
      ...pageParams(["createdAt"], "-createdAt"),
      status: deliveryStatus.optional(),
      type: z.string().max(80).optional().describe("An event's name"),
      from: timestamp.optional(),
      before: timestamp.optional(),
    }),
    result: page(delivery),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "deliveries.get": action({
    summary: "One delivery, with its attempts",
    access: read,
    route: { method: "GET", path: "/webhooks/{id}/deliveries/{deliveryId}" },
    params: z.strictObject({ id, deliveryId: id }),
    result: delivery
      .extend({ log: z.array(attempt).describe("The last 100 attempts, in order") })
      .meta({ id: "WebhookDeliveryWithLog" }),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "deliveries.retry": action({
    summary: "Send a delivery again",
    description:
      "Now, and with all further attempts should it fail. An ordered webhook gets it after what waits already. One that waits for its next attempt need not wait any longer.",
    access: manage,
    route: { method: "POST", path: "/webhooks/{id}/deliveries/{deliveryId}/retry", status: 202 },
    params: z.strictObject({ id, deliveryId: id }),
    result: delivery,
    errors: ["not-found"],
    idempotent: true,
  }),
  replay: action({
    summary: "Send past events to a webhook",
    description:
      "Those of the interval that its filter lets through, in order, as new deliveries with the same `webhook-id`. Events are kept for `WEBHOOK_RETENTION_DAYS`, while a webhook wants them. At most 10,000 at a time: choose a shorter interval after `limit-reached`.",
    access: manage,
    route: { method: "POST", path: "/webhooks/{id}/replay", status: 202, limit: "expensive" },
    params: z.strictObject({ id, from: timestamp, before: timestamp }),
    result: z.strictObject({ deliveries: z.int().describe("Their number") }),
    errors: ["not-found", "limit-reached"],
    idempotent: false,
  }),
};
