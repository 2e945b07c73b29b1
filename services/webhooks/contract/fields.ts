import { z } from "zod";
import { longText, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { filterPattern } from "../domain/event-filter.ts";
import { disabledReasons } from "../domain/outcome.ts";

/** Visible ASCII: names in other scripts are given in Punycode, as they are connected to. */
const urlPattern = /^https?:\/\/[A-Za-z0-9.[\]:-]+(?:[/?#][\x21-\x7e]*)?$/;

export const url = z
  .string()
  .max(1000)
  .regex(urlPattern, "must be an https URL without a user name, in ASCII")
  .refine((text) => URL.canParse(text), "must be a URL")
  .meta({
    description:
      "https, port 443, at a public address; `http` and others only where the shop's settings allow it",
    examples: ["https://hooks.example.com/shop"],
  });

export const eventFilter = z
  .array(
    z
      .string()
      .max(80)
      .regex(filterPattern, "must be an event's name, all of a service such as orders.*, or *"),
  )
  .min(1)
  .max(100)
  .meta({
    description: "Names of events, `orders.*` for all events of a service, `*` for all",
    examples: [["orders.*", "catalog.stock-changed"]],
  });

export const description = longText(500);

/** A webhook: where events are sent. */
export const webhook = z
  .strictObject({
    id,
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    enabled: z.boolean(),
    ordered: z
      .boolean()
      .describe(
        "One delivery at a time, in order: the next waits until the one before succeeded or was given up",
      ),
    disabledReason: z
      .enum(disabledReasons)
      .nullable()
      .describe("Why the shop disabled it: the receiver answered 410, or had no success for three days"),
    failingSince: timestamp.nullable().describe("First failed attempt since the last success"),
    previousSecretUntil: timestamp.nullable().describe("Until then the previous secret signs too"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Webhook" });

export const deliveryStatuses = ["waiting", "delivered", "failed"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export const deliveryStatus = z
  .enum(deliveryStatuses)
  .describe(
    "`waiting` for its next attempt; `failed`: given up after ten attempts, or the receiver answered 410",
  );

/** An event on its way to a webhook. */
export const delivery = z
  .strictObject({
    id,
    webhookId: id,
    eventId: id.describe("The header `webhook-id`, the same for each delivery of an event"),
    type: z.string().describe("The event's name"),
    status: deliveryStatus,
    attempts: z.int(),
    nextAttemptAt: timestamp.nullable(),
    createdAt: timestamp,
    endedAt: timestamp.nullable(),
  })
  .meta({ id: "WebhookDelivery" });

export const attempt = z
  .strictObject({
    at: timestamp,
    durationMs: z.int(),
    status: z.int().nullable().describe("Status of the response; null without one"),
    error: z.string().nullable().describe("Why there was no response"),
    response: z.string().nullable().describe("The response's body, up to 1 kB"),
  })
  .meta({ id: "WebhookAttempt" });
