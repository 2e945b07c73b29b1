import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { countryCode } from "../../../mixins/contract/fields.ts";

const regions = z.strictObject({
  items: z.array(
    z
      .strictObject({
        code: z.string().describe("ISO 3166-2, or GB/T 2260 below the provinces of China"),
        name: z.string().describe("In a language of the country"),
        divisionCode: z.string().nullable().describe("GB/T 2260, in China"),
        hasChildren: z.boolean(),
      })
      .meta({ id: "Region" }),
  ),
});

const cache = { maxAgeMs: 60_000 } as const;

/** Regions for address forms. The lists are short (224 at most) and have no pages. */
export const regionActions = {
  "regions.list": action({
    summary: "List the provinces or states of a country",
    description: "Empty for countries without any.",
    access: "anyone",
    route: { method: "GET", path: "/regions/{country}", caching: "public" },
    params: z.strictObject({ country: countryCode }),
    result: regions,
    errors: [],
    idempotent: true,
    cache,
  }),
  "regions.below": action({
    summary: "List the regions of a region, such as the cities of a Chinese province",
    access: "anyone",
    route: { method: "GET", path: "/regions/{country}/{code}", caching: "public" },
    params: z.strictObject({
      country: countryCode,
      code: z.string().regex(/^(?:[A-Z]{2}-[A-Z0-9]{1,3}|[1-9]\d{5})$/, "must be a region's code"),
    }),
    result: regions,
    errors: ["not-found"],
    idempotent: true,
    cache,
  }),
};
