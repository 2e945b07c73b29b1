import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { goodsScope } from "../fields.ts";
import { leaseHolders } from "../domain/reservation.ts";

/** Upper bound of stock movements, beyond any single order. */
const quantity = z.int().min(1).max(1_000_000);

const stock = z
  .strictObject({
    variantId: id,
    onHand: z.int().describe("Available to order"),
    reserved: z.int().describe("Reserved for unpaid orders"),
    sold: z.int(),
    returned: z.int(),
    received: z.int().describe("Total received; always onHand + reserved + sold − returned"),
  })
  .meta({ id: "Stock" });

const movementKind = z.enum(["receive", "adjust", "reserve", "release", "sell", "return"]);

const movement = z
  .strictObject({
    id,
    variantId: id,
    kind: movementKind,
    quantity: z.int().describe("Signed for adjustments, positive for all others"),
    reason: z.string().nullable(),
    orderId: id.nullable(),
    actor: z.string().describe("`user:<id>`, `system:<name>` or `operator:<name>`"),
    at: timestamp,
  })
  .meta({ id: "StockMovement" });

const reservationLine = z.strictObject({ variantId: id, quantity });
/** Staff, and for their merchant's goods its members with the permission. */
const stockWrite = { merchantOr: "stock:write" } as const;

export const stockActions = {
  "stock.get": action({
    summary: "Get a variant's stock account",
    access: stockWrite,
    route: { method: "GET", path: "/variants/{variantId}/stock" },
    params: z.strictObject({ variantId: id }),
    result: stock,
    errors: ["not-found"],
    idempotent: true,
  }),
  "stock.change": action({
    summary: "Receive goods, or correct a count",
    description:
      "`receive` adds goods. `adjust` corrects the count up or down, but not below zero on hand: reserved units cannot be removed.",
    access: stockWrite,
    route: { method: "PATCH", path: "/variants/{variantId}/stock" },
    params: z.strictObject({
      variantId: id,
      kind: z.enum(["receive", "adjust"]),
      quantity: z.int().min(-1_000_000).max(1_000_000).describe("At least 1 for `receive`; not 0"),
      reason: text(200),
    }),
    result: stock,
    errors: ["not-found", "stock-shortage"],
    idempotent: false,
  }),
  "stock.movements": action({
    summary: "List a variant's stock ledger",
    access: stockWrite,
    route: { method: "GET", path: "/variants/{variantId}/stock-movements" },
    params: z.strictObject({
      variantId: id,
      ...pageParams(["at"], "-at"),
      kind: movementKind.optional(),
    }),
    result: page(movement),
    errors: ["not-found"],
    idempotent: true,
  }),
  "stock.reserve": action({
    summary: "Reserve stock for an order about to be placed, or for a replacement about to be promised",
    description:
      "All lines or none. The reservation is a lease: when it expires, the state of the order or replacement decides whether it is extended. Reserving again under the same id returns the first reservation.",
    access: "internal",
    params: z.strictObject({
      orderId: id.describe("Of the order or replacement"),
      settledBy: z
        .enum(leaseHolders)
        .default("orders")
        .describe("The service that decides about the reservation when its lease has expired"),
      lines: z.array(reservationLine).min(1).max(100),
      holder: z
        .strictObject({ id, maxUnits: z.int().min(1) })
        .optional()
        .describe(
          "The customer of the reservation, and the maximum of one variant that their unpaid orders may reserve in total",
        ),
    }),
    result: z.strictObject({
      lines: z
        .array(
          z.strictObject({
            variantId: id,
            productId: id,
            merchantId: id.nullable().describe("null for the shop's own products"),
            ...goodsScope,
            name: z.string(),
            sku: z.string(),
            options: z.record(z.string(), z.string()),
            quantity,
            unitPrice: money,
            weightGrams: z.int().nullable().optional().describe("Of one; null when it is not known"),
          }),
        )
        .describe("One per variant in request order, with the price of the reservation"),
      leaseUntil: timestamp,
      scarce: z.boolean().describe("True when a variant has less stock left than this reservation holds"),
    }),
    errors: ["stock-shortage", "too-many-unpaid-orders", "not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "stock.release": action({
    summary: "Release a reservation whose order was not placed; idempotent",
    access: "internal",
    params: z.strictObject({ orderId: id }),
    result: z.null(),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};

export const stockEvents = {
  "stock-changed": event({
    summary: "Staff received goods or corrected a count",
    about: { entity: "variant", id: "variantId" },
    payload: z.strictObject({
      variantId: id,
      productId: id.optional().describe("Present when there were none before"),
      kind: z.enum(["receive", "adjust"]),
      quantity: z.int(),
      reason: z.string(),
      before: stock,
      after: stock,
    }),
  }),
};
