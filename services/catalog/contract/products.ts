import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import {
  expectedVersion,
  idOrSlug,
  longText,
  slug,
  text,
  timestamp,
} from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import {
  locale,
  localizedTextsWith,
  textsByLocaleWith,
  translations,
} from "../../../mixins/contract/localized.ts";
import { image, imageActions, imageSummary } from "../../../mixins/media/contract.ts";
import { money, priceMinor } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { attributeTexts, seo, tags } from "../fields.ts";
import { brandReference } from "./brands.ts";
import { cache, headers, sellers } from "./access.ts";
import { attributeKind, attributeValues } from "./attributes.ts";
import { countedFacets, facetParams } from "./facets.ts";
import { newVariant, variant } from "./variants.ts";

/** Fields with texts in several languages. */
const texts = { name: text(200), description: longText(10_000) };
const shownTexts = { name: z.string(), description: z.string() };

const productStatus = z
  .enum(["draft", "published", "archived"])
  .describe("Only published products are listed and sold; an archived one can be published again");

/** What products show of their merchant. */
export const merchantReference = z.strictObject({ id, slug: z.string(), name: z.string() });

/** A product in lists. */
export const productSummary = z
  .strictObject({
    id,
    slug: z.string(),
    name: z.string(),
    status: productStatus,
    categoryId: id.nullable(),
    merchantId: id.nullable().describe("null for the shop's own products"),
    merchant: merchantReference.nullable().describe("Whose product it is"),
    brand: brandReference,
    tags: z.array(z.string()),
    priceFrom: money.nullable().describe("The lowest price of its variants"),
    cheapestVariantId: id.nullable().describe("The variant of that price, to add to a cart from a list"),
    variantCount: z.int().describe("1 means there is nothing to choose"),
    inStock: z.boolean(),
    image: imageSummary.nullable().describe("The first image"),
    rating: z
      .strictObject({
        average: z.number().nullable().describe("Stars, 1 to 5, to two decimals; null without reviews"),
        count: z.int(),
      })
      .describe("Of its reviews"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "ProductSummary" });

const productAttribute = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    kind: attributeKind,
    value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
    labels: z.array(z.string()).describe("Of choices, to show in place of `value`"),
    unit: z.string().nullable(),
  })
  .meta({ id: "ProductAttribute" });

const product = z
  .strictObject({
    ...productSummary.shape,
    description: z.string(),
    seo,
    typeId: id.nullable(),
    attributes: z.array(productAttribute).describe("In the order of its type"),
    images: z.array(image).describe("In order"),
    favourites: z.int().describe("Number of customers who have it in their favourites, seconds old"),
    variants: z.array(variant),
  })
  .meta({ id: "Product" });

const marks = z
  .array(z.strictObject({ from: z.int(), to: z.int() }))
  .describe("Offsets of found words in UTF-16 units, the end exclusive");

const highlight = z
  .strictObject({
    name: marks,
    description: z
      .strictObject({ text: z.string(), marks })
      .nullable()
      .describe("The part of the description with the first found word; null when it has none"),
  })
  .meta({ id: "Highlight" });

const sortKeys = "name|price|createdAt|position|rating";

const productSort = z
  .string()
  .max(200)
  .regex(
    new RegExp(`^(?:relevance|-?(?:${sortKeys})(?:,-?(?:${sortKeys}))*)$`),
    "must be relevance, or some of name, price, createdAt, position, rating, each with - for descending",
  )
  .optional()
  .describe(
    "Comma-separated: name, price, createdAt, position, rating; `-` in front for descending. Or `relevance`, the default with `q`, which needs it; without `q` the default is -createdAt",
  );

export const productActions = {
  ...imageActions("products", { item: "product", path: "/products", tasks: "/tasks", access: sellers }),
  "products.list": action({
    summary: "Find products",
    description:
      "Without `status`, published products only. `q` finds products by the words of their names, descriptions, SKUs, options, attributes and tags, and of their brand and category, in all languages. Without results, one typing error in a word of four letters or more is forgiven; then two thirds of the words suffice. Results by relevance end after 1,000.",
    access: "anyone",
    route: { method: "GET", path: "/products", caching: "public" },
    params: z.strictObject({
      ...pageParams(["name", "price", "createdAt", "position", "rating"], "-createdAt"),
      sort: productSort,
      q: z.string().max(200).optional().describe("Search words in any language; all must match"),
      category: idOrSlug.optional().describe("Includes its subcategories"),
      collection: idOrSlug
        .optional()
        .describe("`sort=position` is its own order; without a collection, that of creation"),
      merchantCategory: id.optional().describe("A merchant's own category, with its subcategories"),
      minPrice: priceMinor.optional(),
      maxPrice: priceMinor.optional(),
      inStock: z.boolean().optional(),
      ...facetParams,
      highlight: z
        .boolean()
        .default(false)
        .describe("With `q`: whether to tell where its words are in the names and descriptions"),
      locale,
      status: productStatus
        .optional()
        .describe("Values other than `published` require catalog:write; members find their merchants' only"),
    }),
    result: page(productSummary).extend({
      highlights: z
        .array(highlight)
        .optional()
        .describe("With `highlight`: the found words of each item, in the order of the items"),
      facets: countedFacets,
      didYouMean: z
        .string()
        .optional()
        .describe("Present when nothing was found for `q`: the corrected search, whose results these are"),
    }),
    errors: ["not-found", "forbidden"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "products.suggestions": action({
    summary: "Complete a search while it is typed",
    access: "anyone",
    route: { method: "GET", path: "/products/suggestions", caching: "public" },
    params: z.strictObject({ q: z.string().max(100).default("").describe("What is typed so far"), locale }),
    result: z.strictObject({
      searches: z
        .array(z.string())
        .describe("With the last word completed, those with the most products first"),
      products: z
        .array(z.strictObject({ id, slug: z.string(), name: z.string() }))
        .describe("The first five that the search finds"),
    }),
    errors: [],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "products.get": action({
    summary: "Get a product with its variants",
    description: "Products that are not on sale are for staff and members of their merchant.",
    access: "anyone",
    route: { method: "GET", path: "/products/{idOrSlug}", caching: "public", views: "product" },
    params: z.strictObject({ idOrSlug, locale }),
    result: product,
    errors: ["not-found", "moved"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "products.lookup": action({
    summary: "Look up products on sale; others are omitted",
    access: "internal",
    params: z.strictObject({ ids: z.array(id).min(1).max(100), locale }),
    result: z.array(productSummary),
    errors: [],
    idempotent: true,
    reads: "replica",
    localized: true,
  }),
  "products.texts": action({
    summary: "Get a product's texts in all languages",
    description: "Its fields in the default language, and `texts` as `PATCH` takes them.",
    access: sellers,
    route: { method: "GET", path: "/products/{id}/texts" },
    params: z.strictObject({ id }),
    result: translations("ProductTexts", shownTexts, textsByLocaleWith(shownTexts, attributeTexts)),
    errors: ["not-found"],
    idempotent: true,
  }),
  "products.create": action({
    summary: "Add a product, optionally with its variants",
    access: sellers,
    route: { method: "POST", path: "/products", status: 201, location: "/products/{id}" },
    params: z.strictObject({
      slug,
      name: texts.name,
      description: texts.description.default(""),
      texts: localizedTextsWith(texts, attributeTexts).optional(),
      merchantId: id
        .nullable()
        .optional()
        .describe(
          "Whose product it is: by default the shop's own; of members the only merchant that they work for",
        ),
      categoryId: id.nullable().default(null),
      brandId: id.nullable().default(null),
      tags: tags.default([]),
      seo: seo.default({}),
      status: z.enum(["draft", "published"]).default("draft"),
      typeId: id.nullable().default(null),
      attributes: attributeValues.default({}),
      variants: z.array(newVariant).max(100).default([]),
    }),
    result: product,
    errors: ["already-exists", "not-found"],
    idempotent: false,
  }),
  "products.update": action({
    summary: "Change a product",
    access: sellers,
    route: { method: "PATCH", path: "/products/{id}", headers },
    params: z.strictObject({
      id,
      slug: slug.optional(),
      name: texts.name.optional(),
      description: texts.description.optional(),
      texts: localizedTextsWith(texts, attributeTexts).optional(),
      merchantId: id.nullable().optional().describe("Moves it to another merchant; for staff"),
      categoryId: id.nullable().optional(),
      brandId: id.nullable().optional(),
      tags: tags.optional().describe("Replaces all of its tags"),
      seo: seo.optional(),
      status: productStatus.optional(),
      typeId: id.nullable().optional(),
      attributes: attributeValues.optional().describe("Replaces them all"),
      expectedVersion,
    }),
    result: product,
    errors: ["not-found", "already-exists", "precondition-failed", "illegal-transition"],
    idempotent: true,
  }),
  "products.remove": action({
    summary: "Remove a draft that never had stock",
    description:
      "Archive a product that was on sale instead (`PATCH` with `status: archived`): orders refer to it.",
    access: sellers,
    route: { method: "DELETE", path: "/products/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found", "in-use"],
    idempotent: true,
  }),
  "products.names": action({
    summary: "Get the names and categories of products of any status; unknown ids are omitted",
    access: "internal",
    params: z.strictObject({ ids: z.array(id).min(1).max(1000) }),
    result: z.array(z.strictObject({ id, name: z.string(), categoryId: id.nullable() })),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
