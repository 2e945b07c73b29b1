import { z } from "zod";
import { action, defineContract } from "../../mixins/contract/contract.ts";
import { countryCode, expectedVersion, timestamp } from "../../mixins/contract/fields.ts";
import { id } from "../../mixins/contract/ids.ts";
import { locale } from "../../mixins/contract/localized.ts";
import { money } from "../../mixins/contract/money.ts";
import { couponCode, couponOutcome, pricedPart } from "../orders/orders.contract.ts";

/** Maximum quantity of one variant in a cart, and maximum number of variants. */
export const maxQuantity = 999;
export const maxItems = 100;

const quantity = z.int().min(1).max(maxQuantity);
const cartToken = z.string().min(1).max(100).optional().describe("A guest cart's token; customers omit it");
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
    merchantId: id.nullable().describe("null for the shop's own products"),
    productSlug: z.string().nullable(),
    name: z.string().nullable(),
    sku: z.string().nullable(),
    options: z.record(z.string(), z.string()),
    available: z.int(),
    unitPrice: money.nullable().describe("Current price; null when unavailable"),
    priceWhenAdded: money.describe("Compare it with unitPrice to show that a price has changed"),
    lineTotal: money.nullable(),
  })
  .meta({ id: "CartItem" });

const cartView = z
  .strictObject({
    id,
    owner: z.enum(["guest", "customer"]),
    items: z.array(item),
    subtotal: money.describe("Of the items on sale"),
    coupon: couponCode.nullable().describe("The quote shows the discount"),
    version: z.int().describe("Incremented with each change of the items or the coupon"),
    createdAt: timestamp,
    updatedAt: timestamp,
    expiresAt: timestamp,
  })
  .meta({ id: "Cart" });

const itemToAdd = z.strictObject({ variantId: id, quantity: quantity.default(1) });

const onCart = { id, cartToken } as const;
const itemList = z
  .string()
  .regex(/^[0-9a-f-]{36}(?:,[0-9a-f-]{36}){0,99}$/, "must be ids of items, separated by commas")
  .describe("Items of the cart to quote, separated by commas; default: all");
/** Of actions that answer with a cart. */
const shown = { ...onCart, locale } as const;
const change = { expectedVersion: expectedVersion.optional() } as const;
const changeHeaders = { ...headers, expectedVersion: "If-Match" };

/** The owner's session or the guest token grants access to a cart; other callers get `not-found`. */
export const cart = defineContract({
  name: "cart",
  summary: "Carts of guests and customers",
  needs: ["catalog", "orders"],
  consumes: ["orders.placed", "users.account-deleted"],
  uses: { "statistics.activity.report": null },
  actions: {
    create: action({
      summary: "Get a cart",
      description:
        "A customer has one cart and gets the same each time. A guest gets a new one with a secret token, to be sent as `X-Cart-Token`.",
      access: "anyone",
      route: { method: "POST", path: "/carts", status: 201, location: "/carts/{id}" },
      params: z.strictObject({ locale }),
      result: z.strictObject({
        ...cartView.shape,
        token: z.string().nullable().describe("Shown this once; null for a customer's cart"),
      }),
      localized: true,
      errors: [],
      idempotent: false,
      reads: "primary",
    }),
    get: action({
      summary: "Get a cart with current prices and stock",
      access: "anyone",
      route: { method: "GET", path: "/carts/{id}", headers },
      params: z.strictObject(shown),
      result: cartView,
      localized: true,
      errors: ["not-found"],
      idempotent: true,
    }),
    remove: action({
      summary: "Delete a cart",
      access: "anyone",
      route: { method: "DELETE", path: "/carts/{id}", headers },
      params: z.strictObject(onCart),
      result: z.null(),
      errors: ["not-found"],
      idempotent: true,
    }),
    claim: action({
      summary: "Merge a guest cart into your own",
      description:
        "Adds quantities up to the limit, and transfers the guest cart's coupon. Login does the same when it names the guest cart.",
      access: "signed-in",
      route: { method: "POST", path: "/carts/{id}/claim", headers },
      params: z.strictObject({ id, cartToken: z.string().min(1).max(100), locale }),
      result: cartView,
      localized: true,
      errors: ["not-found"],
      idempotent: true,
    }),
    "items.add": action({
      summary: "Add items to the cart",
      description:
        "One, by `variantId` and `quantity`, or up to 100 at once in `items`: all are added, or none. Increases the quantity of an existing item. Stock is reserved at checkout, not here.",
      access: "anyone",
      route: { method: "POST", path: "/carts/{id}/items", status: 201, headers: changeHeaders },
      params: z
        .strictObject({
          ...shown,
          variantId: id.optional(),
          quantity: quantity.optional().describe("Of `variantId`; default: 1"),
          items: z.array(itemToAdd).min(1).max(maxItems).optional().describe("Instead of `variantId`"),
          ...change,
        })
        .refine(({ variantId, items }) => (variantId === undefined) !== (items === undefined), {
          error: "give either variantId or items",
          path: ["variantId"],
        })
        .refine(({ quantity: ofOne, items }) => ofOne === undefined || items === undefined, {
          error: "each of the items has its own",
          path: ["quantity"],
        }),
      result: cartView,
      localized: true,
      errors: ["not-found", "limit-reached", "precondition-failed"],
      idempotent: false,
      reads: "primary",
    }),
    "items.change": action({
      summary: "Set an item's quantity",
      access: "anyone",
      route: { method: "PATCH", path: "/carts/{id}/items/{itemId}", headers: changeHeaders },
      params: z.strictObject({ ...shown, itemId: id, quantity, ...change }),
      result: cartView,
      localized: true,
      errors: ["not-found", "precondition-failed"],
      idempotent: true,
    }),
    "items.remove": action({
      summary: "Remove an item",
      access: "anyone",
      route: { method: "DELETE", path: "/carts/{id}/items/{itemId}", headers: changeHeaders },
      params: z.strictObject({ ...shown, itemId: id, ...change }),
      result: cartView,
      localized: true,
      errors: ["not-found", "precondition-failed"],
      idempotent: true,
    }),
    "coupon.apply": action({
      summary: "Apply a coupon to the cart",
      description:
        "Replaces the current coupon. A coupon without a discount for the current cart is refused; only staff learn why a code is unusable. A coupon that ceases to apply later stays, and the quote gives the reason.",
      access: "anyone",
      route: { method: "PUT", path: "/carts/{id}/coupon", headers: changeHeaders, limit: "coupons" },
      params: z.strictObject({ ...shown, code: couponCode, ...change }),
      result: cartView,
      localized: true,
      errors: ["not-found", "coupon-not-applicable", "coupon-exhausted", "precondition-failed"],
      idempotent: true,
    }),
    "coupon.remove": action({
      summary: "Remove the coupon from the cart",
      access: "anyone",
      route: { method: "DELETE", path: "/carts/{id}/coupon", headers: changeHeaders },
      params: z.strictObject({ ...shown, ...change }),
      result: cartView,
      localized: true,
      errors: ["not-found", "precondition-failed"],
      idempotent: true,
    }),
    quote: action({
      summary: "Quote the checkout total",
      description: "Shipping and tax depend on the country; the default is the shop's.",
      access: "anyone",
      route: { method: "GET", path: "/carts/{id}/quote", headers },
      params: z.strictObject({
        ...onCart,
        country: countryCode.optional().describe("Destination country"),
        items: itemList.optional(),
      }),
      result: z
        .strictObject({
          cartId: id,
          version: z.int(),
          subtotal: money,
          discount: money.describe("The coupon's discount on the goods"),
          shipping: money,
          tax: money.describe("Contained in the total"),
          total: money.describe("Send it with the order: the order is charged exactly this, or refused"),
          coupon: couponOutcome.nullable(),
          parts: z
            .array(pricedPart)
            .describe("One for each merchant; in every amount they add up to the whole"),
          orderable: z.boolean().describe("True when there are items and all are on sale and in stock"),
        })
        .meta({ id: "Quote" }),
      errors: ["not-found"],
      idempotent: true,
    }),
    snapshot: action({
      summary: "Read a customer's cart for checkout",
      description: "Called on the customer's behalf. A guest cart is identified by its token.",
      access: "internal",
      params: z.strictObject({
        ...onCart,
        items: z.array(id).min(1).max(maxItems).optional().describe("Only these items; default: all"),
      }),
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
      result: z.strictObject({ cartId: id.nullable().describe("null where the shop has no carts") }),
      errors: ["not-found"],
      idempotent: true,
      reads: "primary",
    }),
  },
  events: {},
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    cart: typeof cart;
  }
}
