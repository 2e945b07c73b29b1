import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, idOrSlug, slug, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale, localizedTexts, textsByLocale, translations } from "../../../mixins/contract/localized.ts";
import { image, imageActions } from "../../../mixins/media/contract.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { seo } from "../fields.ts";
import { cache, headers, write } from "./access.ts";

const category = z
  .strictObject({
    id,
    slug: z.string(),
    name: z.string(),
    parentId: id.nullable(),
    depth: z.int().describe("0 for a top-level category"),
    seo,
    image: image.nullable(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Category" });

/** Fields with texts in several languages. */
const texts = { name: text(120) };
const shownTexts = { name: z.string() };

export const categoryActions = {
  ...imageActions("categories", { item: "category", path: "/categories", tasks: "/tasks", access: write }),
  "categories.list": action({
    summary: "List categories, parents before their children",
    access: "anyone",
    route: { method: "GET", path: "/categories", caching: "public" },
    params: z.strictObject({ ...pageParams(["path", "name"], "path"), parent: idOrSlug.optional(), locale }),
    result: page(category),
    errors: ["not-found"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "categories.get": action({
    summary: "Get a category with its ancestors and children",
    access: "anyone",
    route: { method: "GET", path: "/categories/{idOrSlug}", caching: "public" },
    params: z.strictObject({ idOrSlug, locale }),
    result: z.strictObject({
      ...category.shape,
      ancestors: z.array(category).describe("Root first"),
      children: z.array(category).describe("The first 100, by name"),
    }),
    errors: ["not-found", "moved"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "categories.texts": action({
    summary: "Get a category's texts in all languages",
    description: "Its name in the default language, and `texts` as `PATCH` takes them.",
    access: write,
    route: { method: "GET", path: "/categories/{id}/texts" },
    params: z.strictObject({ id }),
    result: translations("CategoryTexts", shownTexts, textsByLocale(shownTexts)),
    errors: ["not-found"],
    idempotent: true,
  }),
  "categories.create": action({
    summary: "Add a category",
    access: write,
    route: { method: "POST", path: "/categories", status: 201, location: "/categories/{id}" },
    params: z.strictObject({
      slug,
      ...texts,
      texts: localizedTexts(texts).optional(),
      parentId: id.nullable().default(null),
      seo: seo.default({}),
    }),
    result: category,
    errors: ["already-exists", "not-found", "limit-reached"],
    idempotent: false,
  }),
  "categories.update": action({
    summary: "Rename or move a category",
    description: "Moves its subcategories along. A category cannot be moved below itself.",
    access: write,
    route: { method: "PATCH", path: "/categories/{id}", headers },
    params: z.strictObject({
      id,
      slug: slug.optional(),
      name: texts.name.optional(),
      texts: localizedTexts(texts).optional(),
      parentId: id.nullable().optional(),
      seo: seo.optional(),
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
};
