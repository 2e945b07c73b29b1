import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import {
  address,
  countryCode,
  email,
  idempotencyKey,
  text,
  timestamp,
} from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { couponCode, couponOutcome } from "./coupons.ts";
import { guestReach } from "../../users/users.contract.ts";
import { merchantId } from "./parts.ts";

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
/** What buyers call the states of an order. */
export const buyerStates = ["to-pay", "to-ship", "to-receive", "to-review", "after-sale", "closed"] as const;
const state = z
  .enum(buyerStates)
  .describe(
    "What a buyer calls it: `to-pay`; `to-ship` until all is shipped; `to-receive` until receipt is confirmed; `to-review` while received lines have no review, where the shop has reviews; `after-sale` while a request for after-sale service is open; else `closed`",
  );

export const orderStatus = z
  .enum(orderStatuses)
  .describe(
    "`placed` awaits payment until `payBefore`, then it is `expired`; `paid`, `packed`, `shipped`, `delivered` follow each other, and `packed` may be skipped; `cancelled` is possible until goods are shipped; `refunded` when all money is refunded while goods stay with the customer; `returned` when all lines are returned. Steps of a part of the order keep its status",
  );

const statusList = z
  .string()
  .regex(
    new RegExp(`^(?:${orderStatuses.join("|")})(?:,(?:${orderStatuses.join("|")}))*$`),
    `must be some of ${orderStatuses.join(", ")}`,
  )
  .describe(`One or several, separated by commas: ${orderStatuses.join(", ")}`);

export const orderLine = z
  .strictObject({
    id,
    variantId: id,
    productId: id,
    sku: z.string(),
    name: z.string(),
    options: z.record(z.string(), z.string()),
    quantity: z.int(),
    packedQuantity: z.int().describe("Packed, not shipped"),
    shippedQuantity: z.int().describe("Shipped so far, including returned goods"),
    deliveredQuantity: z.int().describe("Shipped and delivered"),
    returnedQuantity: z.int().describe("Returned, shipped before or not"),
    unitPrice: money,
    lineTotal: money.describe("quantity × unitPrice"),
    discount: money.describe("Its share of the order's discount; the rest is the price of its units"),
    merchantId,
    partId: id,
  })
  .meta({ id: "OrderLine" });

const totals = {
  subtotal: money.describe("Σ of the lines"),
  discount: money.describe("The coupon's discount on the goods"),
  shipping: money,
  tax: money.describe("Contained in the total"),
  total: money.describe("subtotal − discount + shipping"),
} as const;

/** A part of an order that is not placed yet. */
export const pricedPart = z.strictObject({ merchantId, ...totals }).meta({ id: "PricedPart" });

export const guestContact = z
  .strictObject({ email: z.string(), phone: z.string().nullable(), locale: z.string().nullable() })
  .meta({ id: "GuestContact" });

const orderSummary = z
  .strictObject({
    id,
    number: z.string().describe("Short, for people: `K7Q2-9XMD`"),
    customerId: id,
    guest: guestContact
      .optional()
      .describe("How to reach who ordered without an account; the address is not verified"),
    status: orderStatus,
    state,
    total: money,
    refunded: money,
    payBefore: timestamp.nullable(),
    version: z.int(),
    placedAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "OrderSummary" });

export const orderPart = z
  .strictObject({
    id,
    merchantId,
    status: orderStatus.describe(
      "The order's until it is paid; then by the part's own shipments, returns and refunds",
    ),
    ...totals,
    refunded: money,
    receivedAt: timestamp.nullable().describe("Receipt by the customer"),
  })
  .meta({ id: "OrderPart" });

/** An order, as its customer and staff see it. */
export const order = z
  .strictObject({
    ...orderSummary.shape,
    ...totals,
    coupon: z.string().nullable().describe("Code of the coupon that yielded the discount"),
    lines: z.array(orderLine),
    parts: z.array(orderPart).describe("One for each merchant; in every amount they add up to the order"),
    shippingAddress: address,
    note: z.string().nullable(),
  })
  .meta({ id: "Order" });

const timelineEntry = z
  .strictObject({
    at: timestamp,
    event: z
      .enum([...orderStatuses, "unpacked", "received"])
      .describe("What happened to the order or a part of it"),
    actor: z.string().describe("`user:<id>`, `guest:<id>`, `system:<name>` or `operator:<name>`"),
    reason: z.string().nullable(),
  })
  .meta({ id: "TimelineEntry" });

/** Of the order that the param `id` names. */
const own = { ownerOr: "orders:read", orderToken: "id" } as const;
const idempotent = { idempotencyKey: "Idempotency-Key" };

export const orderActions = {
  place: action({
    summary: "Place an order from a cart",
    description:
      "Reserves the stock, fixes prices and address, and returns the order, which must be paid before `payBefore`. `total` is what the customer agreed to (from the quote for the address's country): if it is outdated, the order is refused. With `items` it buys a part of the cart and keeps the rest. Without an account, give `email` and the guest cart's token: `orderToken` then opens this order, and no other of the address. Send the same `Idempotency-Key` again when a response was lost.",
    access: "shopper",
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
      cartToken: z.string().min(1).max(100).optional().describe("Of a guest cart; guests must send it"),
      total: money,
      shippingAddress: z
        .union([address, z.strictObject({ addressId: id })])
        .describe("Or an address of the address book"),
      items: z
        .array(id)
        .min(1)
        .max(100)
        .optional()
        .describe("Items of the cart to buy; the others stay in it. Default: all"),
      note: text(500).optional(),
      email: email.optional().describe("For guests, who must give it"),
      ...guestReach,
    }),
    result: z.strictObject({
      ...order.shape,
      orderToken: z
        .string()
        .optional()
        .describe(
          "Of a guest's order, for that order only, as `X-Order-Token`. Shown in the response to this request only; `POST /orders/access` mails another",
        ),
    }),
    errors: [
      "idempotency-in-flight",
      "idempotency-mismatch",
      "not-found",
      "cart-empty",
      "stock-shortage",
      "too-many-unpaid-orders",
      "price-changed",
      "coupon-exhausted",
    ],
    idempotent: true,
    reads: "primary",
  }),
  list: action({
    summary: "List orders: your own, or everyone's for staff",
    access: { ownerOr: "orders:read" },
    route: { method: "GET", path: "/orders" },
    params: z.strictObject({
      ...pageParams(["placedAt", "total"], "-placedAt"),
      status: statusList.optional(),
      state: state.optional().describe("For a customer's orders: staff give `customerId` too"),
      unshipped: z.literal(true).optional().describe("Only those with goods to ship: `paid` or `packed`"),
      number: z.string().max(20).optional(),
      customerId: id.optional().describe("For staff; customers always see only their own"),
      placedFrom: timestamp.optional(),
      placedBefore: timestamp.optional(),
      minTotal: z.int().min(0).optional().describe("Minor units; minimum total"),
      maxTotal: z.int().min(0).optional().describe("Minor units; maximum total"),
      productId: id.optional().describe("Contains this product"),
      sku: z.string().min(1).max(64).optional().describe("Contains this variant"),
    }),
    result: page(orderSummary),
    errors: [],
    idempotent: true,
  }),
  counts: action({
    summary: "Count your orders by state",
    access: "signed-in",
    route: { method: "GET", path: "/me/orders/counts" },
    params: z.strictObject({}),
    result: z.record(z.enum(buyerStates), z.int()).describe("Each state, also those without orders"),
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
    summary: "Get an order's timeline",
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
      "Customers can while it is unpaid; staff also when it is paid: then the full amount is refunded. The goods are put back on sale.",
    access: { ownerOr: "orders:write", orderToken: "id" },
    movesMoney: true,
    route: { method: "POST", path: "/orders/{id}/cancellations" },
    params: z.strictObject({ id, reason: text(200) }),
    result: order,
    errors: ["not-found", "illegal-transition", "limit-reached", "approval-required"],
    idempotent: true,
  }),
  price: action({
    summary: "Price an order of these lines",
    access: "internal",
    params: z.strictObject({
      lines: z
        .array(
          z.strictObject({
            quantity: z.int().min(1),
            unitPrice: money,
            merchantId: merchantId.optional().describe("null or absent for the shop itself"),
            productId: id.optional(),
            brandId: id.optional(),
            categoryIds: z
              .array(id)
              .optional()
              .describe("The product's category and those above it, for a coupon's scope"),
          }),
        )
        .max(100),
      country: countryCode.nullable().default(null).describe("Destination; null when unknown"),
      couponCode: couponCode.nullable().default(null),
      customerId: id
        .nullable()
        .default(null)
        .describe("The customer, for the coupon's limit; null for a guest"),
    }),
    result: z.strictObject({
      ...totals,
      coupon: couponOutcome.nullable(),
      parts: z.array(pricedPart).describe("One for each merchant; in every amount they add up to the whole"),
    }),
    errors: [],
    idempotent: true,
  }),
  "checkouts.settle": action({
    summary: "Settle checkouts: a checkout that is not an order by now never will be",
    description:
      "Called by holders of a lease. The result is final: it abandons unfinished checkouts, so that their orders cannot be placed later.",
    access: "internal",
    params: z.strictObject({ orderIds: z.array(id).min(1).max(100) }),
    result: z.array(z.strictObject({ orderId: id, outcome: z.enum(["placed", "abandoned"]) })),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
