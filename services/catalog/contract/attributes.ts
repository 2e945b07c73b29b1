import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale, localizedTexts, textsByLocale } from "../../../mixins/contract/localized.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import {
  attributeKinds,
  maxAttributesOfType,
  maxChoices,
  maxSelected,
  maxTextLength,
} from "../domain/attribute.ts";
import { cache, headers, write } from "./access.ts";

/** Names an attribute in products and in filters. */
export const attributeCode = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[a-z][a-z0-9_]*$/, "must begin with a small letter and have only small letters, digits and _");

const choiceCode = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/, "must be small letters and digits, joined by single hyphens or _");

export const attributeValue = z.union([
  text(maxTextLength),
  z.number(),
  z.boolean(),
  z.array(choiceCode).max(maxSelected),
]);

/** Values by attribute code, as a product's type declares them; the action checks them against the type. */
export const attributeValues = z
  .record(attributeCode, attributeValue)
  .refine((values) => Object.keys(values).length <= maxAttributesOfType, `at most ${maxAttributesOfType}`)
  .meta({ maxProperties: maxAttributesOfType })
  .describe("Values by attribute code: a text, a number, true or false, a choice, choices, or a day");

const name = text(120);
const label = text(120);
const unit = text(20);
export const attributeKind = z.enum(attributeKinds).describe("`date`: a day such as `2026-01-31`");

const newChoice = z.strictObject({
  code: choiceCode,
  label,
  texts: localizedTexts({ label }).optional(),
});
const newChoices = z
  .array(newChoice)
  .max(maxChoices)
  .refine((choices) => isUnique(choices), "has a code twice");

/** Whether no code occurs twice. */
export function isUnique(all: readonly { readonly code: string }[]): boolean {
  return new Set(all.map(({ code }) => code)).size === all.length;
}

export const attribute = z
  .strictObject({
    id,
    code: z.string(),
    name: z.string(),
    texts: textsByLocale({ name: z.string() }),
    kind: attributeKind,
    unit: z.string().nullable(),
    choices: z.array(
      z.strictObject({ code: z.string(), label: z.string(), texts: textsByLocale({ label: z.string() }) }),
    ),
    filterable: z.boolean(),
    localized: z.boolean(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Attribute" });

export const attributeActions = {
  "attributes.list": action({
    summary: "List the attributes that products can have",
    access: "anyone",
    route: { method: "GET", path: "/attributes", caching: "public" },
    params: z.strictObject({ ...pageParams(["code"], "code"), locale }),
    result: page(attribute),
    errors: [],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "attributes.get": action({
    summary: "Get an attribute",
    access: "anyone",
    route: { method: "GET", path: "/attributes/{id}", caching: "public" },
    params: z.strictObject({ id, locale }),
    result: attribute,
    errors: ["not-found"],
    idempotent: true,
    reads: "replica",
    cache,
    localized: true,
  }),
  "attributes.create": action({
    summary: "Add an attribute",
    access: write,
    route: { method: "POST", path: "/attributes", status: 201, location: "/attributes/{id}" },
    params: z.strictObject({
      code: attributeCode,
      name,
      texts: localizedTexts({ name }).optional(),
      kind: attributeKind,
      unit: unit.nullable().default(null).describe("Of numbers"),
      choices: newChoices.default([]).describe("Of `choice` and `multiple-choice`, in order"),
      filterable: z.boolean().default(true).describe("Whether products can be found and counted by it"),
      localized: z.boolean().default(false).describe("Whether products have a text for each language"),
    }),
    result: attribute,
    errors: ["already-exists", "limit-reached"],
    idempotent: false,
  }),
  "attributes.update": action({
    summary: "Change an attribute",
    description: "`choices` replaces them all; one that a product has stays in use until no product has it.",
    access: write,
    route: { method: "PATCH", path: "/attributes/{id}", headers },
    params: z.strictObject({
      id,
      name: name.optional(),
      texts: localizedTexts({ name }).optional(),
      unit: unit.nullable().optional(),
      choices: newChoices.optional(),
      filterable: z.boolean().optional(),
      expectedVersion,
    }),
    result: attribute,
    errors: ["not-found", "in-use", "precondition-failed"],
    idempotent: true,
  }),
  "attributes.remove": action({
    summary: "Remove an attribute that no type and no product has",
    access: write,
    route: { method: "DELETE", path: "/attributes/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found", "in-use"],
    idempotent: true,
  }),
};
