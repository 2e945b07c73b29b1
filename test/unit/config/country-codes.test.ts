import { describe, expect, test } from "@jest/globals";
import { countryCodes } from "../../../config/country-codes.ts";
import { ConfigError, loadConfig } from "../../../config/index.ts";
import { address } from "../../../mixins/contract/fields.ts";

/**
 * Codes in locale data that ISO 3166-1 does not assign: reserved codes, unions, pseudo-locales and unknown.
 */
const noCountries = new Set([
  "AC",
  "CP",
  "CQ",
  "DG",
  "EA",
  "EU",
  "EZ",
  "IC",
  "QO",
  "TA",
  "UN",
  "XA",
  "XB",
  "XK",
  "ZZ",
]);

const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
const pairs = letters.flatMap((first) => letters.map((second) => first + second));

describe("countries", () => {
  test("are those that Node's locale data knows, without codes that were given up or are no country's", () => {
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    // Canonicalization maps a withdrawn code to its successor.
    const isCurrent = (code: string) => new Intl.Locale(`und-${code}`).region === code;
    expect(countryCodes).toEqual(
      pairs.filter((code) => names.of(code) !== undefined && isCurrent(code) && !noCountries.has(code)),
    );
    expect(countryCodes).toHaveLength(249);
  });

  test.each(["ZZ", "XX", "AA", "EU", "UK", "XA", "DD", "gb", "GBR", ""])(
    "%s is none, in an address and in the settings",
    (country) => {
      const somewhere = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country };
      expect(address.safeParse(somewhere).error?.issues).toMatchObject([
        { path: ["country"], message: "must be an ISO 3166-1 alpha-2 code" },
      ]);
      expect(address.safeParse({ ...somewhere, country: "GB" }).success).toBe(true);
      const terms = JSON.stringify({ [country]: { shippingMinor: 100 } });
      expect(() => loadConfig({ DESTINATIONS: terms })).toThrow(ConfigError);
    },
  );
});
