import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { headers, write } from "./access.ts";

const readable = (value: string) => /[\p{L}\p{N}]/u.test(value);
const phrase = text(40).refine(readable, "must have a letter or a digit");
const words = z.array(phrase).min(1).max(20).describe("Words or phrases in any language");
const from = phrase
  .nullable()
  .describe("Given: searches for it find the words too, but not the reverse. Null: all words mean the same");

const synonyms = z
  .strictObject({
    id,
    words: z.array(z.string()),
    from: z.string().nullable(),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "SearchSynonyms" });

const query = text(100)
  .refine(readable, "must have a letter or a digit")
  .describe("The whole search; case, width, accents and repeated blanks make no difference");
const productIds = z
  .array(id)
  .min(1)
  .max(20)
  .refine((all) => new Set(all).size === all.length, "must not name a product twice");

const pin = z
  .strictObject({
    id,
    query: z.string().describe("As searches are compared: folded, with single blanks"),
    productIds: z.array(id).describe("In order, without products that were removed"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "SearchPin" });

/** How staff tune the search. */
export const searchTuningActions = {
  "synonyms.list": action({
    summary: "List synonyms of the product search",
    access: write,
    route: { method: "GET", path: "/search-synonyms" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(synonyms),
    errors: [],
    idempotent: true,
  }),
  "synonyms.create": action({
    summary: "Add synonyms to the product search",
    description: "There are at most 500 groups; a word has five others at most, of the oldest groups.",
    access: write,
    route: { method: "POST", path: "/search-synonyms", status: 201 },
    params: z.strictObject({ words, from: from.default(null) }),
    result: synonyms,
    errors: ["limit-reached"],
    idempotent: false,
  }),
  "synonyms.update": action({
    summary: "Change synonyms of the product search",
    access: write,
    route: { method: "PATCH", path: "/search-synonyms/{id}", headers },
    params: z.strictObject({ id, words: words.optional(), from: from.optional(), expectedVersion }),
    result: synonyms,
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
  }),
  "synonyms.remove": action({
    summary: "Remove synonyms of the product search",
    access: write,
    route: { method: "DELETE", path: "/search-synonyms/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  "pins.list": action({
    summary: "List searches with pinned products",
    access: write,
    route: { method: "GET", path: "/search-pins" },
    params: z.strictObject(pageParams(["query"], "query")),
    result: page(pin),
    errors: [],
    idempotent: true,
  }),
  "pins.create": action({
    summary: "Pin products to a search",
    description:
      "Results by relevance of exactly this search begin with them, if they are published and pass its filters.",
    access: write,
    route: { method: "POST", path: "/search-pins", status: 201 },
    params: z.strictObject({ query, productIds }),
    result: pin,
    errors: ["not-found", "already-exists", "limit-reached"],
    idempotent: false,
  }),
  "pins.update": action({
    summary: "Change the products that are pinned to a search",
    access: write,
    route: { method: "PATCH", path: "/search-pins/{id}", headers },
    params: z.strictObject({
      id,
      query: query.optional(),
      productIds: productIds.optional(),
      expectedVersion,
    }),
    result: pin,
    errors: ["not-found", "already-exists", "precondition-failed"],
    idempotent: true,
  }),
  "pins.remove": action({
    summary: "Unpin all products of a search",
    access: write,
    route: { method: "DELETE", path: "/search-pins/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
};
