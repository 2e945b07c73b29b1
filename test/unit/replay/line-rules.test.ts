import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { RawLine } from "../../replay/line-rules.ts";
import { readDate, reasonToRefuse, toMinorUnits, understand } from "../../replay/line-rules.ts";

const good: RawLine = {
  InvoiceNo: "536365",
  StockCode: "85123A",
  Description: "WHITE LANTERN",
  Quantity: "6",
  InvoiceDate: "12-01-2010 08:26",
  UnitPrice: "2.55",
  CustomerID: "17850",
  Country: "United Kingdom",
};

describe("lines of an invoice", () => {
  test.each<[string, Partial<RawLine>]>([
    ["unknown-kind-of-invoice", { InvoiceNo: "A563185" }],
    ["unknown-kind-of-invoice", { InvoiceNo: "" }],
    ["not-a-product", { StockCode: "POST" }],
    ["not-a-product", { StockCode: " bank charges" }],
    ["not-a-product", { StockCode: "gift_0001_20" }],
    ["malformed-stock-code", { StockCode: "85/123" }],
    ["malformed-stock-code", { StockCode: "" }],
    ["malformed-quantity", { Quantity: "6.5" }],
    ["malformed-quantity", { Quantity: "1e3" }],
    ["malformed-price", { UnitPrice: "2,55" }],
    ["malformed-price", { UnitPrice: "Infinity" }],
    ["malformed-date", { InvoiceDate: "02-29-2011 10:00" }],
    ["malformed-customer", { CustomerID: "17850.0" }],
    ["negative-price", { UnitPrice: "-11062.06" }],
    ["zero-price", { UnitPrice: "0.00" }],
    ["fraction-of-a-penny", { UnitPrice: "0.001" }],
    ["price-too-high", { UnitPrice: "1000000.01" }],
    ["non-positive-quantity", { Quantity: "-6" }],
    ["non-positive-quantity", { Quantity: "0" }],
    ["cancellation-of-nothing", { InvoiceNo: "C536365", Quantity: "6" }],
    ["quantity-too-high", { Quantity: "100001" }],
  ])("%s: %j", (reason, change) => {
    expect(reasonToRefuse({ ...good, ...change })).toBe(reason);
  });

  test.each<[string, Partial<RawLine>]>([
    ["as most are", {}],
    ["without a customer", { CustomerID: "" }],
    ["without a description", { Description: "" }],
    ["at the highest price", { UnitPrice: "1000000" }],
    ["given back", { InvoiceNo: "C536365", Quantity: "-6" }],
  ])("a line %s is taken", (_name, change) => {
    expect(reasonToRefuse({ ...good, ...change })).toBeUndefined();
  });

  test("a stock code's case and doubled blanks mean nothing", () => {
    const line = understand({ ...good, StockCode: "85123a ", Description: " WHITE  HANGING\tHEART " }, 7);
    expect(line).toEqual({
      row: 7,
      stockCode: "85123A",
      description: "WHITE HANGING HEART",
      quantity: 6,
      unitPrice: 255,
    });
  });
});

describe("prices", () => {
  test.each([
    ["2.55", 255],
    ["2.5", 250],
    ["18", 1800],
    ["1.", 100],
    ["0.29", 29],
    ["4.35", 435],
    ["2.5500", 255],
    ["2.551", undefined],
    ["", undefined],
  ])("%s is %s pence", (decimal, minor) => {
    expect(toMinorUnits(decimal)).toBe(minor);
  });

  test("every amount of pence survives being written as a decimal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), (pence) => {
        const decimal = `${Math.floor(pence / 100)}.${String(pence % 100).padStart(2, "0")}`;
        expect(toMinorUnits(decimal)).toBe(pence);
      }),
    );
  });
});

test("dates are those of the calendar", () => {
  expect(readDate("12-01-2010 08:26")).toBe("2010-12-01 08:26");
  expect(readDate("02-30-2011 10:00")).toBeUndefined();
  expect(readDate("2010-12-01 08:26")).toBeUndefined();
  expect(readDate("12-01-2010 24:00")).toBeUndefined();
});
