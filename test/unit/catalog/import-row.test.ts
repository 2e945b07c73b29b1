import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  fromCell,
  listFromCell,
  listToCell,
  optionsFromCell,
  optionsToCell,
  toCell,
} from "../../../services/catalog/domain/csv-cell.ts";
import { columnAtFault, readColumn, readCsvRow } from "../../../services/catalog/domain/csv-columns.ts";
import { readJsonRow } from "../../../services/catalog/domain/import-row.ts";
import type { RowError } from "../../../services/catalog/domain/import-row.ts";
import { decimalsOf, fromPriceText, toPriceText } from "../../../services/catalog/domain/price-text.ts";

const csv = (cells: Readonly<Record<string, string>>) =>
  readCsvRow(
    7,
    Object.keys(cells).flatMap((title) => readColumn(title) ?? []),
    Object.values(cells),
    2,
  );
const json = (row: unknown) => readJsonRow(7, row, 2);
const fault = (field: string, code: string) => [expect.objectContaining({ row: 7, field, code })];

describe("cells", () => {
  test.each(["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "'=1", "''=1"])("%j is escaped", (text) => {
    expect(toCell(text)).toBe(`'${text}`);
  });

  test.each(["Mug", "'tis", "1=1", "", "a-b"])("%j stays as it is", (text) => {
    expect(toCell(text)).toBe(text);
  });

  test("any text comes back from its cell", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^'{0,2}[=+\-@\t\r\n]?.{0,5}$/));
    fc.assert(fc.property(text, (value) => expect(fromCell(toCell(value))).toBe(value)));
  });

  test("any options come back from their cell, in their order", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const value = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => text.trim() === text);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }), (entries) => {
        const options = optionsFromCell(optionsToCell(Object.fromEntries(entries)));
        expect(Object.entries(options ?? {})).toEqual(Object.entries(Object.fromEntries(entries)));
      }),
    );
  });

  test("any list comes back from its cell", () => {
    const value = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((text) => /^\S(?:[^\n]*\S)?$/.test(text));
    fc.assert(
      fc.property(fc.array(value), (values) => expect(listFromCell(listToCell(values))).toEqual(values)),
    );
    expect(listFromCell("new\n bestseller |")).toEqual(["new", "bestseller"]);
  });

  test.each(["red", "=red", "colour=red;colour=blue"])("%j are no options", (cell) => {
    expect(optionsFromCell(cell)).toBeUndefined();
  });
});

describe("prices", () => {
  test("have as many decimals as their currency", () => {
    expect(["GBP", "JPY", "KWD"].map(decimalsOf)).toEqual([2, 0, 3]);
  });

  test.each([
    ["19.99", 2, 1999],
    ["19.9", 2, 1990],
    ["0", 2, 0],
    ["19", 0, 19],
    ["1.005", 3, 1005],
    ["1.999", 2, undefined],
    ["19.99", 0, undefined],
    ["-1", 2, undefined],
    ["1,50", 2, undefined],
    ["1e3", 2, undefined],
    ["", 2, undefined],
    ["£5", 2, undefined],
  ])("%j with %i decimals is %j", (text, decimals, minor) => {
    expect(fromPriceText(text, decimals)).toBe(minor);
  });

  test("any price comes back from its text", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000_000 }),
        fc.integer({ min: 0, max: 3 }),
        (minor, decimals) => expect(fromPriceText(toPriceText(minor, decimals), decimals)).toBe(minor),
      ),
    );
  });
});

describe("a row of CSV", () => {
  test("contains its cells, and omits empty ones", () => {
    const cells = {
      product: "mug",
      name: " Mug ",
      description: "",
      sku: "M-1",
      price: "9.50",
      stock: "3",
      options: "colour=red",
    };
    expect(csv(cells)).toEqual({
      row: 7,
      product: "mug",
      name: "Mug",
      sku: "M-1",
      price: 950,
      stock: 3,
      options: { colour: "red" },
    });
  });

  test("has columns for details, languages and attributes", () => {
    const cells = {
      Product: "mug",
      Brand: "acme",
      TAGS: "New|blue\nNew",
      seoTitle: "'=Mug",
      "Name.zh-cn": "杯子",
      "description.ja": "一行\r\n二行",
      "attr.material": "steel|glass",
      "attr.weight": "",
      "attr.author.JA": "エイダ",
    };
    expect(csv(cells)).toEqual({
      row: 7,
      product: "mug",
      brand: "acme",
      tags: ["new", "blue"],
      seoTitle: "=Mug",
      texts: { "zh-CN": { name: "杯子" }, ja: { description: "一行\n二行", "attributes.author": "エイダ" } },
      attributeCells: { material: "steel|glass" },
    });
    const none = ["attrs", "colour", "name.", "name.x_y", "sku.ja", "attr.author.x_y", "attr.a.ja.ja"];
    expect(none.map(readColumn)).toEqual(Array.from(none, () => undefined));
  });

  test("names the column of a nested fault", () => {
    const [fault] = csv({ product: "mug", "name.ja": "a\u0000b" }) as RowError[];
    expect(fault && columnAtFault(fault)).toBe("name.ja");
    const titleOf = (field: string) => columnAtFault({ row: 7, field, code: "", message: "" });
    expect(titleOf("attributes.colour")).toBe("attr.colour");
    expect(titleOf("texts.zh-CN.attributes.author")).toBe("attr.author.zh-CN");
  });

  test("may be about the product only", () => {
    expect(csv({ product: "mug", name: "Mug", sku: "", price: "" })).toEqual({
      row: 7,
      product: "mug",
      name: "Mug",
    });
  });

  test.each<[Readonly<Record<string, string>>, string, string]>([
    [{ name: "Mug" }, "product", "required"],
    [{ product: "mug", price: "1" }, "price", "needs-sku"],
    [{ product: "mug", options: "colour=red" }, "options", "needs-sku"],
    [{ product: "Mug!" }, "product", "invalid-format"],
    [{ product: "mug", sku: "-x" }, "sku", "invalid-format"],
    [{ sku: "M-1", price: "free" }, "price", "invalid-price"],
    [{ sku: "M-1", price: "1.00", priceMinor: "101" }, "price", "invalid-price"],
    [{ sku: "M-1", price: "9999999" }, "price", "invalid-price"],
    [{ sku: "M-1", stock: "-1" }, "stock", "invalid-type"],
    [{ sku: "M-1", stock: "1.5" }, "stock", "invalid-type"],
    [{ sku: "M-1", stock: "2000000" }, "stock", "too-big"],
    [{ sku: "M-1", weightGrams: "heavy" }, "weightGrams", "invalid-type"],
    [{ sku: "M-1", options: "red" }, "options", "invalid-options"],
    [{ sku: "M-1", options: "-colour=red" }, "options", "invalid-options"],
    [{ product: "mug", status: "gone" }, "status", "invalid-value"],
    [{ product: "mug", name: "x".repeat(201) }, "name", "too-big"],
    [{ product: "mug", name: "a\u0000b" }, "name", "invalid-format"],
  ])("%j has a fault in %s: %s", (cells, field, code) => {
    expect(csv(cells)).toEqual(fault(field, code));
  });
});

describe("a row of JSON", () => {
  test("has the price as a number, a text, or in minor units", () => {
    for (const price of [
      { price: 9.5 },
      { price: "9.50" },
      { priceMinor: 950 },
      { price: 9.5, priceMinor: 950 },
    ])
      expect(json({ sku: "M-1", ...price })).toEqual({ row: 7, sku: "M-1", price: 950 });
  });

  test("can say that there is none", () => {
    expect(json({ product: "mug", category: null, weightGrams: null })).toEqual({
      row: 7,
      product: "mug",
      category: null,
      weightGrams: null,
    });
  });

  test.each([
    [null, "", "invalid-type"],
    [[1], "", "invalid-type"],
    ["mug", "", "invalid-type"],
    [{ product: "mug", colour: "red" }, "colour", "unknown-field"],
    [{ sku: "M-1", price: { amount: 1 } }, "price", "invalid-price"],
    [{ sku: "M-1", priceMinor: 1.5 }, "price", "invalid-price"],
    [{ sku: "M-1", options: { "": "x" } }, "options", "invalid-options"],
    [{ sku: "M-1", options: { colour: 1 } }, "options", "invalid-options"],
    [{ product: "mug", attributes: { Colour: "red" } }, "attributes.Colour", "invalid-key"],
    [{ product: "mug", attributes: { colour: {} } }, "attributes.colour", "invalid-union"],
    [{ product: "mug", attributeCells: { colour: "red" } }, "attributeCells", "unknown-field"],
    [{ product: "mug", tags: ["x".repeat(41)] }, "tags", "too-big"],
    [{ product: "mug", texts: { ja: { name: "" } } }, "texts.ja.name", "too-small"],
    [{ product: "mug", name: "\ud800" }, "name", "invalid-format"],
  ])("%j has a fault in %j: %s", (row, field, code) => {
    expect(json(row)).toEqual(fault(field, code));
  });

  test("with a hostile key changes no prototype", () => {
    expect(json(JSON.parse('{"product":"mug","__proto__":{"admin":true}}'))).toBeDefined();
    expect(Reflect.get({}, "admin")).toBeUndefined();
  });
});
