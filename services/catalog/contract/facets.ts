import { z } from "zod";
import { text } from "../../../mixins/contract/fields.ts";
import { attributeCode } from "./attributes.ts";

const maxAttributeFilters = 10;
const maxFacets = 20;

const list = text(2000).describe("Comma-separated: any of them");

/** Params of a list of products that filter and count by what products have. */
export const facetParams = {
  brand: list.optional().describe("Slugs or ids of brands, comma-separated: any of them"),
  merchant: list.optional().describe("Slugs or ids of merchants, comma-separated: any of them"),
  tag: list.optional().describe("Tags, comma-separated: any of them"),
  attr: z
    .record(attributeCode, text(2000))
    .refine((all) => Object.keys(all).length <= maxAttributeFilters, `at most ${maxAttributeFilters}`)
    .meta({ maxProperties: maxAttributeFilters, examples: [{ colour: "red,blue", weight: "100..500" }] })
    .optional()
    .describe(
      "`attr.<code>`, such as `attr.colour=red,blue` (any of them) or `attr.weight=100..500`, `100..`, `..500`; all of several attributes must match. In a text, `\\,` is a comma",
    ),
  facets: z
    .string()
    .max(1000)
    .regex(
      /^(?:brand|merchant|tag|price|category|attr\.[a-z][a-z0-9_]*)(?:,(?:brand|merchant|tag|price|category|attr\.[a-z][a-z0-9_]*))*$/,
      "must be some of brand, merchant, tag, price, category and attr.<code>, separated by commas",
    )
    .refine((all) => all.split(",").length <= maxFacets, `at most ${maxFacets}`)
    .meta({ examples: ["brand,attr.colour,price"] })
    .optional()
    .describe(
      "What to count the found products by, comma-separated: `brand`, `merchant`, `tag`, `price`, `category`, `attr.<code>`",
    ),
};

const facet = z
  .strictObject({
    facet: z.string().describe("As in the param `facets`"),
    name: z.string().nullable().describe("The attribute's"),
    unit: z.string().nullable(),
    values: z
      .array(z.strictObject({ value: z.string(), label: z.string(), products: z.int() }))
      .describe(
        "The values of the most products, at most 50; a brand's, merchant's or category's is its slug. Of `category`, the children of the list's category",
      ),
    range: z
      .strictObject({ lowest: z.union([z.number(), z.string()]), highest: z.union([z.number(), z.string()]) })
      .nullable()
      .describe("Of prices (in minor units), numbers and days, which have no `values`"),
    isExact: z.boolean().describe("False for a list so long that only a part of it was counted"),
  })
  .meta({ id: "Facet" });

/** The counts in a page of products. */
export const countedFacets = z
  .array(facet)
  .optional()
  .describe("With `facets`: counts of the products of the list, without the filter by the facet itself");
