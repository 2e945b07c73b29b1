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
import { locale, localizedTexts, textsByLocale, translations } from "../../../mixins/contract/localized.ts";
import { priceMinor } from "../../../mixins/contract/money.ts";
import { image, imageActions } from "../../../mixins/media/contract.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { task } from "../../../mixins/contract/tasks.ts";
import type { CollectionRule } from "../domain/collection-rule.ts";
import { seo, tags } from "../fields.ts";
import { cache, headers, write } from "./access.ts";

const ids = z.array(id).min(1).max(50);

const attributeChoices = z
  .array(z.union([z.string().max(200), z.number(), z.boolean()]))
  .min(1)
  .max(50);

/** Schema of a rule, of params or of a result. */
function ruleOf(
  tagList: z.ZodType<string[], string[]>,
  code: z.ZodType<string, string>,
): z.ZodType<CollectionRule, CollectionRule> {
  const condition = z.discriminatedUnion("on", [
    z.strictObject({ on: z.literal("category"), ids: ids.describe("Includes their subcategories") }),
    z.strictObject({ on: z.literal("brand"), ids }),
    z.strictObject({ on: z.literal("tag"), tags: tagList }),
    z.strictObject({ on: z.literal("price"), min: priceMinor.optional(), max: priceMinor.optional() }),
    z.strictObject({ on: z.literal("attribute"), code, values: attributeChoices }),
    z.strictObject({ on: z.literal("created"), since: timestamp }),
  ]);
  return z
    .strictObject({ match: z.enum(["all", "any"]), conditions: z.array(condition).min(1).max(20) })
    .describe("A condition with several values holds for any of them; prices are the lowest of a product");
}

const rule = ruleOf(tags, text(60));

/** Fields with texts in several languages. */
const texts = { name: text(120), description: longText(10_000) };
const shownTexts = { name: z.string(), description: z.string() };

const collection = z
  .strictObject({
    id,
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    rule: ruleOf(z.array(z.string()), z.string()).nullable().describe("null: staff pick the products"),
    seo,
    image: image.nullable(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Collection" });

/** The task sorts all products into the collection; products that change meanwhile are right at once. */
const rebuilding = z.strictObject({
  ...collection.shape,
  task: task.nullable().describe("Applies a new rule to all products; null when there is none"),
});

export const collectionActions = {
  ...imageActions("collections", {
    item: "collection",
    path: "/collections",
    tasks: "/tasks",
    access: write,
  }),
  "collections.list": action({
    summary: "List collections",
    access: "anyone",
    route: { method: "GET", path: "/collections", caching: "public" },
    params: z.strictObject({ ...pageParams(["name"], "name"), locale }),
    result: page(collection),
    errors: [],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "collections.get": action({
    summary: "Get a collection",
    description: "Its products are at `/products?collection={idOrSlug}&sort=position`.",
    access: "anyone",
    route: { method: "GET", path: "/collections/{idOrSlug}", caching: "public" },
    params: z.strictObject({ idOrSlug, locale }),
    result: collection,
    errors: ["not-found", "moved"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "collections.texts": action({
    summary: "Get a collection's texts in all languages",
    description: "Its fields in the default language, and `texts` as `PATCH` takes them.",
    access: write,
    route: { method: "GET", path: "/collections/{id}/texts" },
    params: z.strictObject({ id }),
    result: translations("CollectionTexts", shownTexts, textsByLocale(shownTexts)),
    errors: ["not-found"],
    idempotent: true,
  }),
  "collections.create": action({
    summary: "Add a collection, of products that staff pick or by a rule",
    access: write,
    route: { method: "POST", path: "/collections", status: 201, location: "/collections/{id}" },
    params: z.strictObject({
      slug,
      name: texts.name,
      description: texts.description.default(""),
      texts: localizedTexts(texts).optional(),
      rule: rule.nullable().default(null),
      seo: seo.default({}),
    }),
    result: rebuilding,
    errors: ["already-exists", "limit-reached"],
    idempotent: false,
  }),
  "collections.update": action({
    summary: "Change a collection",
    description: "A collection of picked products does not become one by rule, nor the other way round.",
    access: write,
    route: { method: "PATCH", path: "/collections/{id}", headers },
    params: z.strictObject({
      id,
      slug: slug.optional(),
      name: texts.name.optional(),
      description: texts.description.optional(),
      texts: localizedTexts(texts).optional(),
      rule: rule.optional(),
      seo: seo.optional(),
      expectedVersion,
    }),
    result: rebuilding,
    errors: ["not-found", "already-exists", "precondition-failed", "illegal-transition"],
    idempotent: true,
  }),
  "collections.arrange": action({
    summary: "Set the products of a collection and their order",
    access: write,
    route: { method: "PUT", path: "/collections/{id}/products", headers },
    params: z.strictObject({
      id,
      productIds: z
        .array(id)
        .max(500)
        .refine((all) => new Set(all).size === all.length, "must not name a product twice"),
      expectedVersion,
    }),
    result: collection,
    errors: ["not-found", "precondition-failed", "illegal-transition"],
    idempotent: true,
  }),
  "collections.remove": action({
    summary: "Remove a collection; its products stay",
    access: write,
    route: { method: "DELETE", path: "/collections/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
};
