import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { expectedVersion, idempotencyKey, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";

const quantity = z.int().min(1).max(1_000_000);
const carrier = text(60).describe("`DHL`");
const trackingNumber = text(100);
const reason = text(200).optional().describe("For the order's timeline");

export const shipment = z
  .strictObject({
    id,
    orderId: id,
    status: z.enum(["packed", "shipped", "delivered", "cancelled"]).describe("`cancelled`: it was unpacked"),
    carrier: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    lines: z.array(z.strictObject({ lineId: id, quantity: z.int() })),
    version: z.int(),
    packedAt: timestamp,
    shippedAt: timestamp.nullable(),
    deliveredAt: timestamp.nullable(),
    updatedAt: timestamp,
  })
  .meta({ id: "Shipment" });

const own = { ownerOr: "orders:read", orderToken: "id" } as const;
const sellers = { merchantOr: "orders:write" } as const;

/** Shipment actions of the orders contract. */
export const shipmentActions = {
  "shipments.create": action({
    summary: "Pack goods of a paid order, or pack and ship them",
    description:
      "An order can be sent in several shipments, each with some of its goods. The last one makes the order `packed` or `shipped`; goods returned before shipping need not be sent. Members of a merchant send its goods only.",
    access: sellers,
    route: {
      method: "POST",
      path: "/orders/{id}/shipments",
      status: 201,
      location: "/orders/{orderId}/shipments/{id}",
      headers: { idempotencyKey: "Idempotency-Key" },
    },
    params: z.strictObject({
      id,
      idempotencyKey,
      status: z.enum(["packed", "shipped"]).default("shipped"),
      lines: z
        .array(z.strictObject({ lineId: id, quantity }))
        .min(1)
        .max(100)
        .optional()
        .describe("Default: all unpacked goods"),
      carrier: carrier.optional(),
      trackingNumber: trackingNumber.optional(),
      reason,
    }),
    result: shipment,
    errors: ["not-found", "illegal-transition", "limit-reached", "idempotency-mismatch"],
    idempotent: true,
  }),
  "shipments.list": action({
    summary: "An order's shipments",
    access: own,
    route: { method: "GET", path: "/orders/{id}/shipments" },
    params: z.strictObject({ id }),
    result: z.strictObject({ items: z.array(shipment) }),
    errors: ["not-found"],
    idempotent: true,
  }),
  "shipments.get": action({
    summary: "Get a shipment of an order",
    access: own,
    route: { method: "GET", path: "/orders/{id}/shipments/{shipmentId}" },
    params: z.strictObject({ id, shipmentId: id }),
    result: shipment,
    errors: ["not-found"],
    idempotent: true,
  }),
  "shipments.update": action({
    summary: "Advance a shipment, or correct its carrier and tracking number",
    description:
      "A `packed` shipment can be `shipped`, or `cancelled`, which unpacks its goods. A `shipped` one can be `delivered`; when all goods are, the order is `delivered`. Members of a merchant advance shipments of its goods only.",
    access: sellers,
    route: {
      method: "PATCH",
      path: "/orders/{id}/shipments/{shipmentId}",
      headers: { expectedVersion: "If-Match" },
    },
    params: z.strictObject({
      id,
      shipmentId: id,
      expectedVersion,
      status: z.enum(["shipped", "delivered", "cancelled"]).optional(),
      carrier: carrier.nullable().optional(),
      trackingNumber: trackingNumber.nullable().optional(),
      reason,
    }),
    result: shipment,
    errors: ["not-found", "illegal-transition", "precondition-failed"],
    idempotent: true,
  }),
};

const payload = z.strictObject({
  orderId: id,
  number: z.string(),
  customerId: id,
  shipmentId: id,
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  lines: z.array(z.strictObject({ variantId: id, quantity: z.int() })),
});
const complete = z.boolean().describe("True when it completes the order");

export const shipmentEvents = {
  packed: event({
    about: { entity: "order", id: "orderId" },
    summary: "Goods of a paid order were packed",
    payload: payload.extend({ complete }),
  }),
  unpacked: event({
    about: { entity: "order", id: "orderId" },
    summary: "A packed shipment was cancelled; its goods must be packed again",
    payload,
  }),
  shipped: event({
    about: { entity: "order", id: "orderId" },
    summary: "Goods of an order were shipped",
    payload: payload.extend({ complete }),
  }),
  delivered: event({
    about: { entity: "order", id: "orderId" },
    summary: "A shipment was delivered",
    payload: payload.extend({ complete }),
  }),
  "shipment-changed": event({
    about: { entity: "order", id: "orderId" },
    summary: "A shipment's carrier or tracking number was corrected",
    payload,
  }),
};
