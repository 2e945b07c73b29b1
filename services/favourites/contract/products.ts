import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale } from "../../../mixins/contract/localized.ts";
import { money } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { catalog } from "../../catalog/catalog.contract.ts";

const productSummary = catalog.actions["products.lookup"].result.element;
const path = "/me/favourites/products";
const one = `${path}/{id}` as const;
const headers = { expectedVersion: "If-Match" };
const note = text(200);
/** Owners read their own writes. */
const reads = "primary";

const favourite = z
  .strictObject({
    id,
    productId: id,
    note: z.string().nullable(),
    priceWhenAdded: money
      .nullable()
      .describe("The lowest price of its variants then; null where it is unknown"),
    priceFellBy: money
      .nullable()
      .describe("Present when the lowest price is lower now than when it was added"),
    product: productSummary
      .nullable()
      .describe("As it is now, with price and stock; null when it is not on sale"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Favourite" });

/** Names as in the resource that this service was. */
export const favouriteProducts = {
  list: action({
    summary: "List your favourite products, with their current price and stock",
    access: "signed-in",
    route: { method: "GET", path },
    params: z.strictObject({ ...pageParams(["createdAt"], "-createdAt"), productId: id.optional(), locale }),
    result: page(favourite),
    errors: [],
    idempotent: true,
    reads,
    localized: true,
  }),
  get: action({
    summary: "Get one favourite product",
    access: "signed-in",
    route: { method: "GET", path: one },
    params: z.strictObject({ id, locale }),
    result: favourite,
    errors: ["not-found"],
    idempotent: true,
    reads,
    localized: true,
  }),
  create: action({
    summary: "Add a product to your favourites",
    description: "A product that is one already stays as it was added. At most 1,000.",
    access: "signed-in",
    route: { method: "POST", path, status: 201, location: one },
    params: z.strictObject({ productId: id, note: note.optional(), locale }),
    result: favourite,
    errors: ["not-found", "limit-reached"],
    idempotent: true,
    reads,
    localized: true,
  }),
  update: action({
    summary: "Change the note on a favourite product",
    access: "signed-in",
    route: { method: "PATCH", path: one, headers },
    params: z.strictObject({
      id,
      note: note.nullable().optional(),
      expectedVersion: expectedVersion.optional(),
      locale,
    }),
    result: favourite,
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
    reads,
    localized: true,
  }),
  remove: action({
    summary: "Remove a product from your favourites",
    description: "By the favourite's id or the product's.",
    access: "signed-in",
    route: { method: "DELETE", path: one, headers },
    params: z.strictObject({ id, expectedVersion: expectedVersion.optional() }),
    result: z.null(),
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
    reads,
  }),
};
