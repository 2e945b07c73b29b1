import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, idOrSlug, slug, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale, localizedTexts, textsByLocale } from "../../../mixins/contract/localized.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { maxAttributesOfType } from "../domain/attribute.ts";
import { cache, headers, write } from "./access.ts";
import { attribute, attributeCode, isUnique } from "./attributes.ts";

const name = text(120);
const position = z.int().min(0).max(100_000).describe("Among the types, lowest first");

const use = z.strictObject({ code: attributeCode, required: z.boolean().default(false) });
const uses = z
  .array(use)
  .max(maxAttributesOfType)
  .refine((attributes) => isUnique(attributes), "has a code twice")
  .describe("In the order in which they are shown");

const productType = z
  .strictObject({
    id,
    slug: z.string(),
    name: z.string(),
    texts: textsByLocale({ name: z.string() }),
    attributes: z.array(z.strictObject({ code: z.string(), required: z.boolean() })),
    position: z.int(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "ProductType" });

export const productTypeActions = {
  "types.list": action({
    summary: "List the types of products",
    access: "anyone",
    route: { method: "GET", path: "/product-types", caching: "public" },
    params: z.strictObject({ ...pageParams(["position", "slug"], "position"), locale }),
    result: page(productType),
    errors: [],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "types.get": action({
    summary: "Get a type with its attributes",
    access: "anyone",
    route: { method: "GET", path: "/product-types/{idOrSlug}", caching: "public" },
    params: z.strictObject({ idOrSlug, locale }),
    result: z.strictObject({
      ...productType.shape,
      definitions: z.array(attribute).describe("Of its attributes, in the same order"),
    }),
    errors: ["not-found"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "types.create": action({
    summary: "Add a type of products",
    access: write,
    route: { method: "POST", path: "/product-types", status: 201, location: "/product-types/{id}" },
    params: z.strictObject({
      slug,
      name,
      texts: localizedTexts({ name }).optional(),
      attributes: uses.default([]),
      position: position.default(0),
    }),
    result: productType,
    errors: ["already-exists", "limit-reached"],
    idempotent: false,
  }),
  "types.update": action({
    summary: "Change a type",
    description:
      "Products stay as they are. A new requirement applies to a product when its type or attributes change next; values of an attribute that the type lost are no longer shown.",
    access: write,
    route: { method: "PATCH", path: "/product-types/{id}", headers },
    params: z.strictObject({
      id,
      slug: slug.optional(),
      name: name.optional(),
      texts: localizedTexts({ name }).optional(),
      attributes: uses.optional(),
      position: position.optional(),
      expectedVersion,
    }),
    result: productType,
    errors: ["not-found", "already-exists", "precondition-failed"],
    idempotent: true,
  }),
  "types.remove": action({
    summary: "Remove a type that no product has",
    access: write,
    route: { method: "DELETE", path: "/product-types/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found", "in-use"],
    idempotent: true,
  }),
};
