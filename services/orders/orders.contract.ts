/* oxlint-disable max-lines -- a list of declarations, one a use case */
import { z } from "zod";
import { action, defineContract, event } from "../contract/contract.ts";
import { address, countryCode, idempotencyKey, text, timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";
import { money } from "../contract/money.ts";
import { page, pageParams } from "../contract/paging.ts";
import { couponActions, couponCode, couponEvents, couponOutcome } from "./contract/coupons.ts";
import { invoiceActions } from "./contract/invoices.ts";
import { paymentActions, paymentEvents } from "./contract/payments.ts";
import { refundActions, refundEvents } from "./contract/refunds.ts";
import { returnActions, returnEvents } from "./contract/returns.ts";
import { shipmentActions, shipmentEvents } from "./contract/shipments.ts";

export { couponCode, couponOutcome } from "./contract/coupons.ts";

export const orderStatuses = [
  "placed",
  "paid",
  "packed",
  "shipped",
  "delivered",
  "cancelled",
  "expired",
  "refunded",
  "returned",
] as const;
const status = z
  .enum(orderStatuses)
  .describe(
    "`placed` waits for payment until `payBefore`, else it is `expired`; `paid`, `packed`, `shipped`, `delivered` follow each other, and `packed` may be left out; `cancelled` until its goods are shipped; `refunded` once all that was paid is given back although goods stay with the customer; `returned` once every line is taken back. What concerns a part of the order leaves its status as it is",
  );

const statusList = z
  .string()
  .regex(
    new RegExp(`^(?:${orderStatuses.join("|")})(?:,(?:${orderStatuses.join("|")}))*$`),
    `must be some of ${orderStatuses.join(", ")}`,
  )
  .describe(`One or several, separated by commas: ${orderStatuses.join(", ")}`);

const line = z
  .strictObject({
    id,
    variantId: id,
    productId: id,
    sku: z.string(),
    name: z.string(),
    options: z.record(z.string(), z.string()),
    quantity: z.int(),
    packedQuantity: z.int().describe("Packed and not yet sent"),
    shippedQuantity: z.int().describe("Sent so far, whether it came back or not"),
    deliveredQuantity: z.int().describe("Sent and arrived"),
    returnedQuantity: z.int().describe("Came back, or was given back before it was sent"),
    unitPrice: money,
    lineTotal: money.describe("quantity × unitPrice"),
    discount: money.describe("Its share of the order's discount; what is left is what its pieces cost"),
  })
  .meta({ id: "OrderLine" });

const totals = {
  subtotal: money.describe("Σ of the lines"),
  discount: money.describe("What a coupon takes off the goods"),
  shipping: money,
  tax: money.describe("Contained in the total"),
  total: money.describe("subtotal − discount + shipping"),
} as const;

const orderSummary = z
  .strictObject({
    id,
    number: z.string().describe("Short, for people: `K7Q2-9XMD`"),
    customerId: id,
    status,
    total: money,
    refunded: money,
    payBefore: timestamp.nullable(),
    version: z.int(),
    placedAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "OrderSummary" });

const order = z
  .strictObject({
    ...orderSummary.shape,
    ...totals,
    coupon: z.string().nullable().describe("The code of the coupon to which it owes its discount"),
    lines: z.array(line),
    shippingAddress: address,
    note: z.string().nullable(),
  })
  .meta({ id: "Order" });

const timelineEntry = z
  .strictObject({
    at: timestamp,
    event: z.enum([...orderStatuses, "unpacked"]).describe("What happened to the order or a part of it"),
    actor: z.string().describe("`user:<id>`, `system:<name>` or `operator:<name>`"),
    reason: z.string().nullable(),
  })
  .meta({ id: "TimelineEntry" });

const own = { ownerOr: "orders:read" } as const;
const idempotent = { idempotencyKey: "Idempotency-Key" };
const eventLines = z.array(z.strictObject({ variantId: id, quantity: z.int() }));

export const orders = defineContract({
  name: "orders",
  summary: "Checkout and orders",
  consumes: ["users.account-deleted"],
  actions: {
    place: action({
      summary: "Order what is in the cart",
      description:
        "Holds the stock, fixes prices and address, and answers with the order, to be paid before `payBefore`. `total` is what the customer agreed to (from the quote for the country of the address): when it is no longer right, nothing is ordered. Send the same `Idempotency-Key` again when you do not know whether it arrived.",
      access: "signed-in",
      route: {
        method: "POST",
        path: "/orders",
        status: 201,
        location: "/orders/{id}",
        headers: { ...idempotent, cartToken: "X-Cart-Token" },
      },
      params: z.strictObject({
        idempotencyKey,
        cartId: id,
        cartToken: z.string().min(1).max(100).optional().describe("Only for a guest cart that was not merged"),
        total: money,
        shippingAddress: z.union([address, z.strictObject({ addressId: id })]).describe("Or one of the address book"),
        note: text(500).optional(),
      }),
      result: order,
      errors: [
        "idempotency-in-flight",
        "idempotency-mismatch",
        "not-found",
        "cart-empty",
        "stock-shortage",
        "price-changed",
        "coupon-exhausted",
      ],
      idempotent: true,
      reads: "primary",
    }),
    list: action({
      summary: "Orders: your own, or everyone's for staff",
      access: own,
      route: { method: "GET", path: "/orders" },
      params: z.strictObject({
        ...pageParams(["placedAt", "total"], "-placedAt"),
        status: statusList.optional(),
        unshipped: z.literal(true).optional().describe("Only those of which goods are to be sent: `paid` or `packed`"),
        number: z.string().max(20).optional(),
        customerId: id.optional().describe("For staff; a customer sees only their own anyway"),
        placedFrom: timestamp.optional(),
        placedBefore: timestamp.optional(),
        minTotal: z.int().min(0).optional().describe("Minor units; from this total on"),
        maxTotal: z.int().min(0).optional().describe("Minor units; up to this total"),
        productId: id.optional().describe("Of which some was bought"),
        sku: z.string().min(1).max(64).optional().describe("Of which some was bought"),
      }),
      result: page(orderSummary),
      errors: [],
      idempotent: true,
    }),
    get: action({
      summary: "An order",
      access: own,
      route: { method: "GET", path: "/orders/{id}" },
      params: z.strictObject({ id }),
      result: order,
      errors: ["not-found"],
      idempotent: true,
    }),
    timeline: action({
      summary: "What happened to an order",
      access: own,
      route: { method: "GET", path: "/orders/{id}/timeline" },
      params: z.strictObject({ id }),
      result: z.strictObject({ items: z.array(timelineEntry) }),
      errors: ["not-found"],
      idempotent: true,
    }),
    cancel: action({
      summary: "Cancel an order",
      description:
        "Customers can while it is unpaid; staff also when it is paid: then the full amount is due back. The goods go back on sale.",
      access: { ownerOr: "orders:write" },
      route: { method: "POST", path: "/orders/{id}/cancellations" },
      params: z.strictObject({ id, reason: text(200) }),
      result: order,
      errors: ["not-found", "illegal-transition"],
      idempotent: true,
    }),
    ...paymentActions,
    ...refundActions,
    ...returnActions,
    ...shipmentActions,
    ...invoiceActions,
    price: action({
      summary: "What an order of these lines would come to",
      access: "internal",
      params: z.strictObject({
        lines: z.array(z.strictObject({ quantity: z.int().min(1), unitPrice: money })).max(100),
        country: countryCode.nullable().default(null).describe("Where it goes; null when that is not known yet"),
        couponCode: couponCode.nullable().default(null),
        customerId: id.nullable().default(null).describe("Who buys, for the coupon's limit; null for a guest"),
      }),
      result: z.strictObject({ ...totals, coupon: couponOutcome.nullable() }),
      errors: [],
      idempotent: true,
    }),
    ...couponActions,
    "checkouts.settle": action({
      summary: "Whether a checkout became an order; one that did not by now never will",
      description:
        "Asked by whoever holds a lease for it. The answer is final: an unfinished checkout is abandoned by being asked for, and its order can no longer be placed.",
      access: "internal",
      params: z.strictObject({ orderIds: z.array(id).min(1).max(100) }),
      result: z.array(z.strictObject({ orderId: id, outcome: z.enum(["placed", "abandoned"]) })),
      errors: [],
      idempotent: true,
      reads: "primary",
    }),
  },
  events: {
    ...couponEvents,
    placed: event({
      summary: "A customer placed an order; its stock is reserved",
      payload: z.strictObject({
        orderId: id,
        number: z.string(),
        customerId: id,
        cartId: id,
        lines: eventLines,
        total: money,
        coupon: z.string().optional().describe("The code of the coupon that it uses, if it does"),
      }),
    }),
    ...paymentEvents,
    ...refundEvents,
    cancelled: event({
      summary: "An order was cancelled",
      payload: z.strictObject({
        orderId: id,
        number: z.string(),
        customerId: id,
        reason: z.string(),
        refund: money.describe("What is due back; 0 when it was not paid"),
      }),
    }),
    expired: event({
      summary: "An order was not paid in time",
      payload: z.strictObject({ orderId: id, number: z.string(), customerId: id }),
    }),
    ...shipmentEvents,
    ...returnEvents,
  },
});
