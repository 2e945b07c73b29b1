import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { address, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { orderLine, orderPart, orderStatuses } from "./orders.ts";
import { shipment } from "./shipments.ts";

/** A part has a merchant's attention from its payment on. */
const paidStatuses = orderStatuses.filter((status) => status !== "placed" && status !== "expired");

const partSummary = z
  .strictObject({
    ...orderPart.shape,
    orderId: id,
    number: z.string().describe("Of the order"),
    placedAt: timestamp,
  })
  .meta({ id: "OrderPartSummary" });

const partDetails = z
  .strictObject({
    ...partSummary.shape,
    lines: z.array(orderLine),
    shippingAddress: address,
    note: z.string().nullable(),
    shipments: z.array(shipment).describe("Of goods of this part; each with those goods only"),
    returns: z.array(
      z.strictObject({
        id,
        lines: z.array(z.strictObject({ lineId: id, quantity: z.int() })),
        restocked: z.boolean(),
        reason: z.string(),
        at: timestamp,
      }),
    ),
  })
  .meta({ id: "OrderPartDetails" });

const readParts = { merchantOr: "orders:read" } as const;

/** A merchant's view of orders: its own parts of them, and nothing else. */
export const orderPartActions = {
  "parts.list": action({
    summary: "List parts of paid orders: your merchants', or everyone's for staff",
    access: readParts,
    route: { method: "GET", path: "/order-parts" },
    params: z.strictObject({
      ...pageParams(["placedAt"], "-placedAt"),
      status: z.enum(paidStatuses).optional(),
      number: z.string().max(20).optional().describe("Of the order"),
      merchantId: id.optional(),
      placedFrom: timestamp.optional(),
      placedBefore: timestamp.optional(),
    }),
    result: page(partSummary),
    errors: [],
    idempotent: true,
  }),
  "parts.get": action({
    summary: "A part of a paid order, with its goods and where to send them",
    access: readParts,
    route: { method: "GET", path: "/order-parts/{id}" },
    params: z.strictObject({ id }),
    result: partDetails,
    errors: ["not-found"],
    idempotent: true,
  }),
};
