import { z } from "zod";
import { action, defineContract } from "../contract/contract.ts";
import { countryCode, expectedVersion, timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";
import { money } from "../contract/money.ts";
import { couponCode, couponOutcome } from "../orders/orders.contract.ts";

/** The most of one variant in a cart, and the most different variants. */
export const maxQuantity = 999;
export const maxItems = 100;

const quantity = z.int().min(1).max(maxQuantity);
const cartToken = z.string().min(1).max(100).optional().describe("A guest cart's token; customers need none for theirs");
const headers = { cartToken: "X-Cart-Token" };

const item = z
  .strictObject({
    id,
    variantId: id,
    quantity,
    state: z
      .enum(["ok", "short", "unavailable"])
      .describe("`short`: fewer are available than wanted; `unavailable`: no longer on sale"),
    productId: id.nullable(),
    productSlug: z.string().nullable(),
    name: z.string().nullable(),
    sku: z.string().nullable(),
    options: z.record(z.string(), z.string()),
    available: z.int(),
    unitPrice: money.nullable().describe("The price now; null when unavailable"),
    priceWhenAdded: money.describe("Compare it with unitPrice to show that a price has changed"),
    lineTotal: money.nullable(),
  })
  .meta({ id: "CartItem" });

const cartView = z
  .strictObject({
    id,
    owner: z.enum(["guest", "customer"]),
    items: z.array(item),
    subtotal: money.describe("Of the items that are on sale"),
    coupon: couponCode.nullable().describe("The quote tells what it takes off"),
    version: z.int().describe("Grows with each change of the items or the coupon"),
    createdAt: timestamp,
    updatedAt: timestamp,
    expiresAt: timestamp,
  })
  .meta({ id: "Cart" });

const onCart = { id, cartToken } as const;
const change = { expectedVersion: expectedVersion.optional() } as const;
const changeHeaders = { ...headers, expectedVersion: "If-Match" };

/** Actions on one cart reach it through its owner's session or its guest token; others get `not-found`. */
export const cart = defineContract({
  name: "cart",
  summary: "Carts of guests and customers",
  consumes: ["orders.placed", "users.account-deleted"],
  actions: {
    create: action({
      summary: "Get a cart",
      description:
        "A customer has one cart and gets the same each time. A guest gets a new one with a secret token, to be sent as `X-Cart-Token`.",
      access: "anyone",
      route: { method: "POST", path: "/carts", status: 201, location: "/carts/{id}" },
      params: z.strictObject({}),
      result: z.strictObject({
        ...cartView.shape,
        token: z.string().nullable().describe("Shown this once; null for a customer's cart"),
      }),
      errors: [],
      idempotent: false,
      reads: "primary",
    }),
    get: action({
      summary: "A cart, with prices and stock as they are now",
      access: "anyone",
      route: { method: "GET", path: "/carts/{id}", headers },
      params: z.strictObject(onCart),
      result: cartView,
      errors: ["not-found"],
      idempotent: true,
    }),
    remove: action({
      summary: "Throw a cart away",
      access: "anyone",
      route: { method: "DELETE", path: "/carts/{id}", headers },
      params: z.strictObject(onCart),
      result: z.null(),
      errors: ["not-found"],
      idempotent: true,
    }),
    claim: action({
      summary: "Merge a guest cart into your own",
      description: "Quantities are added up to the limit, and the guest cart's coupon comes along. Login does the same when it names the guest cart.",
      access: "signed-in",
      route: { method: "POST", path: "/carts/{id}/claim", headers },
      params: z.strictObject({ id, cartToken: z.string().min(1).max(100) }),
      result: cartView,
      errors: ["not-found"],
      idempotent: true,
    }),
    "items.add": action({
      summary: "Put something into the cart",
      description: "What is there already is added to. Stock is not held: that happens at checkout.",
      access: "anyone",
      route: { method: "POST", path: "/carts/{id}/items", status: 201, headers: changeHeaders },
      params: z.strictObject({ ...onCart, variantId: id, quantity: quantity.default(1), ...change }),
      result: cartView,
      errors: ["not-found", "limit-reached", "precondition-failed"],
      idempotent: false,
      reads: "primary",
    }),
    "items.change": action({
      summary: "Set an item's quantity",
      access: "anyone",
      route: { method: "PATCH", path: "/carts/{id}/items/{itemId}", headers: changeHeaders },
      params: z.strictObject({ ...onCart, itemId: id, quantity, ...change }),
      result: cartView,
      errors: ["not-found", "precondition-failed"],
      idempotent: true,
    }),
    "items.remove": action({
      summary: "Take an item out",
      access: "anyone",
      route: { method: "DELETE", path: "/carts/{id}/items/{itemId}", headers: changeHeaders },
      params: z.strictObject({ ...onCart, itemId: id, ...change }),
      result: cartView,
      errors: ["not-found", "precondition-failed"],
      idempotent: true,
    }),
    "coupon.apply": action({
      summary: "Put a coupon on the cart",
      description:
        "In the place of the one that is there. It is refused when it takes nothing off as things are; when it stops to apply later, it stays and the quote tells why.",
      access: "anyone",
      route: { method: "PUT", path: "/carts/{id}/coupon", headers: changeHeaders },
      params: z.strictObject({ ...onCart, code: couponCode, ...change }),
      result: cartView,
      errors: ["not-found", "coupon-not-applicable", "coupon-exhausted", "precondition-failed"],
      idempotent: true,
    }),
    "coupon.remove": action({
      summary: "Take the coupon off the cart",
      access: "anyone",
      route: { method: "DELETE", path: "/carts/{id}/coupon", headers: changeHeaders },
      params: z.strictObject({ ...onCart, ...change }),
      result: cartView,
      errors: ["not-found", "precondition-failed"],
      idempotent: true,
    }),
    quote: action({
      summary: "What checkout will charge",
      description: "Shipping and tax depend on the country; without one they are those of the shop.",
      access: "anyone",
      route: { method: "GET", path: "/carts/{id}/quote", headers },
      params: z.strictObject({ ...onCart, country: countryCode.optional().describe("Where it is to go") }),
      result: z
        .strictObject({
          cartId: id,
          version: z.int(),
          subtotal: money,
          discount: money.describe("What the coupon takes off the goods"),
          shipping: money,
          tax: money.describe("Contained in the total"),
          total: money.describe("Send it with the order: it is what will be charged, or the order is refused"),
          coupon: couponOutcome.nullable(),
          orderable: z.boolean().describe("Whether every item is on sale and in stock, and there is one"),
        })
        .meta({ id: "Quote" }),
      errors: ["not-found"],
      idempotent: true,
    }),
    snapshot: action({
      summary: "What is in a customer's cart, for checkout",
      description: "Asked on the customer's behalf. A guest cart is found with its token.",
      access: "internal",
      params: z.strictObject(onCart),
      result: z.strictObject({
        id,
        version: z.int(),
        lines: z.array(z.strictObject({ variantId: id, quantity })),
        couponCode: couponCode.nullable(),
      }),
      errors: ["not-found"],
      idempotent: true,
      reads: "primary",
    }),
    adopt: action({
      summary: "Merge a guest cart into that of a customer who just logged in",
      access: "internal",
      params: z.strictObject({ id, cartToken: z.string(), userId: id }),
      result: z.strictObject({ cartId: id }),
      errors: ["not-found"],
      idempotent: true,
      reads: "primary",
    }),
  },
  events: {},
});
