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
import { image, imageActions } from "../../../mixins/media/contract.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { seo } from "../fields.ts";
import { cache, headers, write } from "./access.ts";

/** Fields with texts in several languages. */
const texts = { name: text(120), description: longText(10_000) };
const shownTexts = { name: z.string(), description: z.string() };

const brand = z
  .strictObject({
    id,
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    seo,
    image: image.nullable(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Brand" });

/** What products show of their brand. */
export const brandReference = z.strictObject({ id, slug: z.string(), name: z.string() }).nullable();

export const brandActions = {
  ...imageActions("brands", { item: "brand", path: "/brands", tasks: "/tasks", access: write }),
  "brands.list": action({
    summary: "List brands",
    access: "anyone",
    route: { method: "GET", path: "/brands", caching: "public" },
    params: z.strictObject({ ...pageParams(["name"], "name"), locale }),
    result: page(brand),
    errors: [],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "brands.get": action({
    summary: "Get a brand",
    access: "anyone",
    route: { method: "GET", path: "/brands/{idOrSlug}", caching: "public" },
    params: z.strictObject({ idOrSlug, locale }),
    result: brand,
    errors: ["not-found", "moved"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "brands.texts": action({
    summary: "Get a brand's texts in all languages",
    description: "Its fields in the default language, and `texts` as `PATCH` takes them.",
    access: write,
    route: { method: "GET", path: "/brands/{id}/texts" },
    params: z.strictObject({ id }),
    result: translations("BrandTexts", shownTexts, textsByLocale(shownTexts)),
    errors: ["not-found"],
    idempotent: true,
  }),
  "brands.create": action({
    summary: "Add a brand",
    access: write,
    route: { method: "POST", path: "/brands", status: 201, location: "/brands/{id}" },
    params: z.strictObject({
      slug,
      name: texts.name,
      description: texts.description.default(""),
      texts: localizedTexts(texts).optional(),
      seo: seo.default({}),
    }),
    result: brand,
    errors: ["already-exists"],
    idempotent: false,
  }),
  "brands.update": action({
    summary: "Change a brand",
    access: write,
    route: { method: "PATCH", path: "/brands/{id}", headers },
    params: z.strictObject({
      id,
      slug: slug.optional(),
      name: texts.name.optional(),
      description: texts.description.optional(),
      texts: localizedTexts(texts).optional(),
      seo: seo.optional(),
      expectedVersion,
    }),
    result: brand,
    errors: ["not-found", "already-exists", "precondition-failed"],
    idempotent: true,
  }),
  "brands.remove": action({
    summary: "Remove a brand without products",
    access: write,
    route: { method: "DELETE", path: "/brands/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found", "in-use"],
    idempotent: true,
  }),
};
