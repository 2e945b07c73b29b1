import { describe, expect, test } from "@jest/globals";
import { Locales } from "../../../mixins/locales/locales.ts";

const locales = new Locales(["en", "zh-TW", "zh-CN", "ja", "pt-BR"]);

describe("the locale of a request", () => {
  test.each([
    ["zh-CN", "zh-CN", "the locale itself"],
    ["ZH-cn", "zh-CN", "in any case"],
    ["ja-JP-u-ca-japanese", "ja", "a part of the range"],
    ["zh", "zh-CN", "the language's likely script"],
    ["zh-Hans", "zh-CN", "the same script"],
    ["zh-HK", "zh-TW", "the same script, by region"],
    ["pt-PT", "pt-BR", "another region"],
    ["fr, ja;q=0.5, zh;q=0.8", "zh-CN", "the preferred range"],
    ["en-AU, ja", "en", "the first of equals"],
    ["ja;q=0, pt", "pt-BR", "not a refused one"],
    ["fr, *, ja;q=0.9", "en", "the default by *"],
  ])("%s finds %s: %s", (header, locale) => {
    expect(locales.accepted(header)).toBe(locale);
  });

  test.each([
    undefined,
    "",
    "fr",
    "*;q=0",
    "ja;q=0",
    ",,,;;;",
    "-",
    "a-b-c-d-",
    "__proto__",
    "ja\u0000",
    `ja,${"x".repeat(300)}`,
    `${"fr,".repeat(10)}ja`,
  ])("%s finds the default", (header) => {
    expect(locales.accepted(header)).toBe("en");
  });

  test("a shop with one locale does not look at the header", () => {
    expect(new Locales(["de"]).accepted("en")).toBe("de");
  });

  test("more headers than are remembered are answered right", () => {
    for (let number = 0; number < 1200; number += 1) expect(locales.accepted(`x-${number}, ja`)).toBe("ja");
  });
});

describe("texts of a row", () => {
  const row = {
    id: 1,
    name: "Mug",
    description: "White",
    texts: {
      "zh-TW": { name: "馬克杯", description: "白色" },
      "zh-CN": { name: "马克杯" },
      fr: { name: "Tasse" },
    },
  };

  test.each([
    [undefined, "Mug", "White"],
    ["ja", "Mug", "White"],
    ["zh-CN", "马克杯", "白色"],
    ["fr", "Mug", "White"],
    ["constructor", "Mug", "White"],
  ])("in %s are %s, %s", (locale, name, description) => {
    expect(locales.localized(row, locale)).toMatchObject({ id: 1, name, description });
  });

  test("change by locale: replaced as a whole, removed by null, also those of a removed locale", () => {
    const texts = locales.withChanges(row.texts, { "zh-tw": { name: "杯" }, "zh-CN": null, fr: null });
    expect(texts).toEqual({ "zh-TW": { name: "杯" } });
    expect(locales.withChanges(texts, undefined)).toBe(texts);
    expect(locales.withChanges(texts, { "zh-TW": {} })).toEqual({});
  });

  test.each(["en", "fr", "zh"])(
    "in %s are refused: the default's are elsewhere, others unknown",
    (locale) => {
      expect(() => locales.withChanges({}, { [locale]: { name: "Mug" } })).toThrow(
        expect.objectContaining({
          type: "validation-failed",
          data: { errors: [expect.objectContaining({ path: `texts.${locale}` })] },
        }),
      );
    },
  );
});
