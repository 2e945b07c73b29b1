/* oxlint-disable max-lines -- a list of declarations, one a use case */
import { z } from "zod";
import { action, defineContract, event } from "../contract/contract.ts";
import { expectedVersion, idOrSlug, longText, slug, text, timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";
import { money, priceMinor } from "../contract/money.ts";
import { page, pageParams } from "../contract/paging.ts";
import { task, taskActions, taskCancelled, taskQueued } from "../contract/tasks.ts";
import { options, sku } from "./fields.ts";

/** What a shelf can hold, and more than anyone orders at once. */
const quantity = z.int().min(1).max(1_000_000);

const category = z
  .strictObject({
    id,
    slug: z.string(),
    name: z.string(),
    parentId: id.nullable(),
    depth: z.int().describe("0 for a category at the top"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Category" });

const variant = z
  .strictObject({
    id,
    productId: id,
    sku: z.string(),
    options: z.record(z.string(), z.string()),
    price: money,
    weightGrams: z.int().nullable(),
    available: z.int().describe("How many can be ordered now"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Variant" });

const productStatus = z
  .enum(["draft", "published", "archived"])
  .describe("Only published products are shown and sold; an archived one can be published again");

const productSummary = z
  .strictObject({
    id,
    slug: z.string(),
    name: z.string(),
    status: productStatus,
    categoryId: id.nullable(),
    priceFrom: money.nullable().describe("The lowest price of its variants"),
    inStock: z.boolean(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "ProductSummary" });

const product = z
  .strictObject({
    ...productSummary.shape,
    description: z.string(),
    variants: z.array(variant),
  })
  .meta({ id: "Product" });

const newVariant = z.strictObject({
  sku,
  options: options.default({}),
  priceMinor: priceMinor.describe("In minor units of the shop's currency"),
  weightGrams: z.int().min(0).max(1_000_000).optional(),
});

const stock = z
  .strictObject({
    variantId: id,
    onHand: z.int().describe("Free to be ordered"),
    reserved: z.int().describe("Held for orders that are not paid yet"),
    sold: z.int(),
    returned: z.int(),
    received: z.int().describe("All that ever came in; always onHand + reserved + sold − returned"),
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
const write = { permission: "catalog:write" } as const;
const stockWrite = { permission: "stock:write" } as const;
/** How old public answers may be; a change by staff ends them sooner, a change of stock does not. */
const cache = { maxAgeMs: 1000 } as const;
const headers = { expectedVersion: "If-Match" };

export const importMediaTypes = ["text/csv", "application/json", "application/x-ndjson"] as const;

/** What changed, before and after, as far as it differs. */
const snapshot = z.record(z.string(), z.unknown()).nullable();

export const catalog = defineContract({
  name: "catalog",
  summary: "Categories, products, variants and their stock",
  consumes: ["orders.placed", "orders.paid", "orders.cancelled", "orders.expired", "orders.returned", "catalog.task-queued"],
  actions: {
    "categories.list": action({
      summary: "Categories, parents before their children",
      access: "anyone",
      route: { method: "GET", path: "/categories", caching: "public" },
      params: z.strictObject({ ...pageParams(["path", "name"], "path"), parent: idOrSlug.optional() }),
      result: page(category),
      errors: ["not-found"],
      idempotent: true,
      reads: "replica",
      cache,
    }),
    "categories.get": action({
      summary: "A category with its ancestors and children",
      access: "anyone",
      route: { method: "GET", path: "/categories/{idOrSlug}", caching: "public" },
      params: z.strictObject({ idOrSlug }),
      result: z.strictObject({
        ...category.shape,
        ancestors: z.array(category).describe("From the top down"),
        children: z.array(category).describe("The first 100, by name"),
      }),
      errors: ["not-found"],
      idempotent: true,
      reads: "replica",
      cache,
    }),
    "categories.create": action({
      summary: "Add a category",
      access: write,
      route: { method: "POST", path: "/categories", status: 201, location: "/categories/{id}" },
      params: z.strictObject({ slug, name: text(120), parentId: id.nullable().default(null) }),
      result: category,
      errors: ["already-exists", "not-found", "limit-reached"],
      idempotent: false,
    }),
    "categories.update": action({
      summary: "Rename or move a category",
      description: "Moving takes everything below it along. A category cannot be moved below itself.",
      access: write,
      route: { method: "PATCH", path: "/categories/{id}", headers },
      params: z.strictObject({
        id,
        slug: slug.optional(),
        name: text(120).optional(),
        parentId: id.nullable().optional(),
        expectedVersion,
      }),
      result: category,
      errors: ["not-found", "already-exists", "precondition-failed", "illegal-transition", "limit-reached"],
      idempotent: true,
    }),
    "categories.remove": action({
      summary: "Remove an empty category",
      access: write,
      route: { method: "DELETE", path: "/categories/{id}" },
      params: z.strictObject({ id }),
      result: z.null(),
      errors: ["not-found", "in-use"],
      idempotent: true,
    }),
    "products.list": action({
      summary: "Find products",
      description:
        "Without `status`, what is published. `q` finds products whose name, description or SKUs contain words that begin with each of its words.",
      access: "anyone",
      route: { method: "GET", path: "/products", caching: "public" },
      params: z.strictObject({
        ...pageParams(["name", "price", "createdAt"], "-createdAt"),
        q: z.string().max(200).optional().describe("Words to search for; each must be found"),
        category: idOrSlug.optional().describe("With everything below it"),
        minPrice: priceMinor.optional(),
        maxPrice: priceMinor.optional(),
        inStock: z.boolean().optional(),
        status: productStatus.optional().describe("Other than `published`: staff with catalog:write only"),
      }),
      result: page(productSummary),
      errors: ["not-found", "forbidden"],
      idempotent: true,
      reads: "replica",
      cache,
    }),
    "products.get": action({
      summary: "A product with its variants",
      description: "Drafts and archived products are found by staff with catalog:write only.",
      access: "anyone",
      route: { method: "GET", path: "/products/{idOrSlug}", caching: "public" },
      params: z.strictObject({ idOrSlug }),
      result: product,
      errors: ["not-found"],
      idempotent: true,
      reads: "replica",
      cache,
    }),
    "products.create": action({
      summary: "Add a product, with its variants if you like",
      access: write,
      route: { method: "POST", path: "/products", status: 201, location: "/products/{id}" },
      params: z.strictObject({
        slug,
        name: text(200),
        description: longText(10_000).default(""),
        categoryId: id.nullable().default(null),
        status: z.enum(["draft", "published"]).default("draft"),
        variants: z.array(newVariant).max(100).default([]),
      }),
      result: product,
      errors: ["already-exists", "not-found"],
      idempotent: false,
    }),
    "products.update": action({
      summary: "Change a product",
      access: write,
      route: { method: "PATCH", path: "/products/{id}", headers },
      params: z.strictObject({
        id,
        slug: slug.optional(),
        name: text(200).optional(),
        description: longText(10_000).optional(),
        categoryId: id.nullable().optional(),
        status: productStatus.optional(),
        expectedVersion,
      }),
      result: product,
      errors: ["not-found", "already-exists", "precondition-failed", "illegal-transition"],
      idempotent: true,
    }),
    "products.remove": action({
      summary: "Remove a draft that never had stock",
      description: "A product that was on sale is archived instead (`PATCH` with `status: archived`): orders refer to it.",
      access: write,
      route: { method: "DELETE", path: "/products/{id}" },
      params: z.strictObject({ id }),
      result: z.null(),
      errors: ["not-found", "in-use"],
      idempotent: true,
    }),
    "imports.start": action({
      summary: "Import products from a file",
      description:
        "CSV with a header, a JSON array of objects, or one JSON object a line. Each row is a product and, with a SKU, one of its variants: `product` (slug), `name`, `description`, `category` (slug), `status`, `sku`, `price` (as 19.99) or `priceMinor`, `options` (`colour=red;size=M` in CSV), `weightGrams`, `stock`. Products are found by slug and variants by SKU: what exists is changed, what does not is created, and what a row leaves out stays. `stock` is what a new variant is received with; for one that exists it is ignored. A row with a fault is left out and listed in the task's result, the others go in.",
      access: write,
      route: {
        method: "POST",
        path: "/products/imports",
        status: 202,
        location: "/tasks/{task.id}",
        upload: { mediaTypes: importMediaTypes, maxBytes: 100 * 1024 * 1024, mediaTypeParam: "mediaType" },
      },
      params: z.strictObject({ mediaType: z.enum(importMediaTypes) }),
      result: z.strictObject({ task }),
      errors: [],
      idempotent: false,
      timeout: 15 * 60_000,
    }),
    "exports.start": action({
      summary: "Export all products to a file",
      description:
        "The file can be downloaded at `/tasks/{id}/result` when the task has succeeded, and imported again. In CSV, cells that a spreadsheet would take for a formula begin with an apostrophe, which the import takes off again.",
      access: write,
      route: { method: "POST", path: "/products/exports", limit: "expensive", status: 202, location: "/tasks/{task.id}" },
      params: z.strictObject({ format: z.enum(["csv", "ndjson"]).default("csv") }),
      result: z.strictObject({ task }),
      errors: [],
      idempotent: false,
    }),
    ...taskActions("/tasks", write.permission),
    "variants.list": action({
      summary: "A product's variants",
      access: "anyone",
      route: { method: "GET", path: "/products/{productId}/variants", caching: "public" },
      params: z.strictObject({ productId: id, ...pageParams(["sku", "price", "createdAt"], "sku") }),
      result: page(variant),
      errors: ["not-found"],
      idempotent: true,
      reads: "replica",
      cache,
    }),
    "variants.get": action({
      summary: "A variant",
      access: "anyone",
      route: { method: "GET", path: "/variants/{id}", caching: "public" },
      params: z.strictObject({ id }),
      result: variant,
      errors: ["not-found"],
      idempotent: true,
      reads: "replica",
      cache,
    }),
    "variants.create": action({
      summary: "Add a variant to a product",
      access: write,
      route: { method: "POST", path: "/products/{productId}/variants", status: 201, location: "/variants/{id}" },
      params: z.strictObject({ productId: id, ...newVariant.shape }),
      result: variant,
      errors: ["not-found", "already-exists", "limit-reached"],
      idempotent: false,
    }),
    "variants.update": action({
      summary: "Change a variant's price, options, SKU or weight",
      access: write,
      route: { method: "PATCH", path: "/variants/{id}", headers },
      params: z.strictObject({
        id,
        sku: sku.optional(),
        options: options.optional(),
        priceMinor: priceMinor.optional(),
        weightGrams: z.int().min(0).max(1_000_000).nullable().optional(),
        expectedVersion,
      }),
      result: variant,
      errors: ["not-found", "already-exists", "precondition-failed"],
      idempotent: true,
    }),
    "variants.remove": action({
      summary: "Remove a variant that never had stock",
      access: write,
      route: { method: "DELETE", path: "/variants/{id}" },
      params: z.strictObject({ id }),
      result: z.null(),
      errors: ["not-found", "in-use"],
      idempotent: true,
    }),
    "stock.get": action({
      summary: "A variant's stock account",
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
        "`receive` adds goods. `adjust` corrects the count up or down; it can take away only what is on hand, not what is reserved.",
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
      summary: "A variant's stock ledger",
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
    "variants.lookup": action({
      summary: "What a cart needs to know of its variants; unknown ids are left out",
      access: "internal",
      params: z.strictObject({ ids: z.array(id).min(1).max(100) }),
      result: z.array(
        z.strictObject({
          variantId: id,
          productId: id,
          productSlug: z.string(),
          name: z.string().describe("The product's name"),
          sku: z.string(),
          options: z.record(z.string(), z.string()),
          price: money,
          onSale: z.boolean().describe("Whether its product is published"),
          available: z.int(),
        }),
      ),
      errors: [],
      idempotent: true,
      reads: "replica",
    }),
    "variants.find": action({
      summary: "The variant with a SKU, whatever the status of its product",
      access: "internal",
      params: z.strictObject({ sku }),
      result: variant,
      errors: ["not-found"],
      idempotent: true,
    }),
    "stock.reserve": action({
      summary: "Hold stock for an order that is about to be placed",
      description:
        "All lines or none. The reservation is a lease: when it runs out, the order decides whether it lives on. Reserving again for the same order returns the first reservation.",
      access: "internal",
      params: z.strictObject({ orderId: id, lines: z.array(reservationLine).min(1).max(100) }),
      result: z.strictObject({
        lines: z
          .array(
            z.strictObject({
              variantId: id,
              productId: id,
              name: z.string(),
              sku: z.string(),
              options: z.record(z.string(), z.string()),
              quantity,
              unitPrice: money,
            }),
          )
          .describe("One a variant, in the order of the request, with the price at which it is reserved"),
        leaseUntil: timestamp,
      }),
      errors: ["stock-shortage", "not-found", "illegal-transition"],
      idempotent: true,
      reads: "primary",
    }),
    "stock.release": action({
      summary: "Give up a reservation whose order was not placed; releasing twice changes nothing",
      access: "internal",
      params: z.strictObject({ orderId: id }),
      result: z.null(),
      errors: [],
      idempotent: true,
      reads: "primary",
    }),
    "demo.seed": action({
      summary: "Fill an empty catalogue with demonstration products",
      access: "internal",
      params: z.strictObject({}),
      result: z.strictObject({ products: z.int().describe("How many were added; 0 when there were some already") }),
      errors: [],
      idempotent: true,
      reads: "primary",
    }),
  },
  events: {
    "task-queued": taskQueued,
    "task-cancelled": taskCancelled,
    changed: event({
      summary: "Staff created, changed or removed a category, product or variant",
      payload: z.strictObject({
        entity: z.enum(["category", "product", "variant"]),
        id,
        change: z.enum(["created", "updated", "removed"]),
        before: snapshot,
        after: snapshot,
      }),
    }),
    "stock-changed": event({
      summary: "Staff received goods or corrected a count",
      payload: z.strictObject({
        variantId: id,
        kind: z.enum(["receive", "adjust"]),
        quantity: z.int(),
        reason: z.string(),
        before: stock,
        after: stock,
      }),
    }),
  },
});
