import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Invoice } from "../../../services/orders/domain/invoice.ts";
import { refundsOf } from "../../../services/orders/domain/invoice.ts";
import { html } from "../../../services/orders/invoice/html.ts";
import { renderInvoiceHtml } from "../../../services/orders/invoice/render-html.ts";
import { renderInvoicePdf } from "../../../services/orders/invoice/render-pdf.ts";
import { unpackWoff } from "../../../services/orders/invoice/unpack-woff.ts";
import { wordingOf } from "../../../services/orders/invoice/wording.ts";

const at = Date.UTC(2026, 0, 31, 23, 59);

function invoiceOf(change: Partial<Invoice> = {}, name = "Mug"): Invoice {
  const line = { name, options: "size M", sku: "MUG", quantity: 1, unitPrice: 1000, discount: 0, amount: 1000 };
  return {
    number: "K7Q2-9XMD",
    issuedAt: at,
    orderedAt: at,
    seller: { name: "Shop", address: [], taxId: undefined },
    buyer: { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1", country: "GB" },
    currency: "GBP",
    lines: [line],
    subtotal: 1000,
    discount: 0,
    shipping: 0,
    total: 1000,
    tax: 167,
    taxRateBasisPoints: 2000,
    refunds: [],
    refunded: 0,
    remaining: 1000,
    taxRemaining: 167,
    ...change,
  };
}

describe("how an invoice puts things", () => {
  const totalOf = (change: Partial<Invoice>) => wordingOf(invoiceOf(change)).sums.find(({ isTotal }) => isTotal)?.amount;

  test.each([
    ["GBP", 5, "£0.05"],
    ["GBP", 123_456_789, "£1,234,567.89"],
    ["GBP", 9_007_199_254_740_991, "£90,071,992,547,409.91"],
    ["JPY", 1234, "JP¥1,234"],
    ["KWD", 1, "KWD\u00a00.001"],
    ["EUR", 0, "€0.00"],
  ])("%s: %d minor units are %s", (currency, total, expected) => {
    expect(totalOf({ currency, total })).toBe(expected);
  });

  test("the tax has its rate where it is known; columns and rows for what there is only", () => {
    const labels = (change: Partial<Invoice>) => wordingOf(invoiceOf(change)).sums.map(({ label }) => label);
    expect(labels({ taxRateBasisPoints: 1975 })).toEqual(["Goods", "Shipping", "Total", "Tax contained (19.75%)"]);
    expect(labels({ taxRateBasisPoints: null, discount: 1 })).toEqual(["Goods", "Discount", "Shipping", "Total", "Tax contained"]);
    expect(wordingOf(invoiceOf()).facts).toContainEqual(["Date", "31 January 2026"]);
  });
});

describe("refunds on an invoice", () => {
  const known = { at, reason: "Too big", amount: 300 };
  const steps = [
    { event: "paid", happenedAt: at, reason: null },
    { event: "returned", happenedAt: at + 1, reason: "Too big" },
    { event: "refunded", happenedAt: at + 2, reason: "Sorry" },
  ];

  test("are those that are known, and the rest for the step that gave it back", () => {
    expect(refundsOf(300, [known], steps.slice(0, 2))).toEqual([known]);
    expect(refundsOf(1000, [known], steps)).toEqual([known, { at: at + 2, reason: "Sorry", amount: 700 }]);
    expect(refundsOf(0, [], steps)).toEqual([]);
  });
});

describe("the page", () => {
  test("whatever people wrote, nothing of it is markup", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", "`", "=", "/", "a", ";", "#38") }), (text) => {
        const { markup } = html`<p title="${text}">${text}</p>`;
        const inside = markup.slice('<p title="'.length, -"</p>".length);
        expect(inside.split('">').length).toBe(2);
        expect(inside.replace('">', "")).not.toMatch(/[<>"'`]|&(?!#\d+;)/);
      }),
    );
    const page = renderInvoiceHtml(invoiceOf({}, `</td><script>alert("1")</script>`)).toString();
    expect(page).not.toContain("<script");
  });
});

describe("the PDF", () => {
  const pagesOf = (pdf: Buffer) => pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length;

  test("has as many pages as it takes, whatever the names are", async () => {
    const line = invoiceOf().lines[0];
    if (!line) throw new Error("there is no line");
    const names = ["Ünïcödé Ελληνικά Русский", "日本語 📚 \u{10ffff}", "عربى עברית", "W".repeat(200), " ", "\u202Ereversed"];
    const lines = Array.from({ length: 100 }, (_, index) => ({ ...line, name: names[index % names.length] ?? "" }));
    const pdf = await renderInvoicePdf(invoiceOf({ lines }));
    expect(pagesOf(pdf)).toBeGreaterThan(3);
    expect(pagesOf(await renderInvoicePdf(invoiceOf()))).toBe(1);
  });
});

test("a font comes out of its package as it went in, but for its own checksums", () => {
  const { resolve } = createRequire(import.meta.url);
  const font = unpackWoff(readFileSync(resolve("@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff")));
  const count = font.readUInt16BE(4);
  for (let entry = 12; entry < 12 + 16 * count; entry += 16) {
    const [tag, checksum] = [font.toString("latin1", entry, entry + 4), font.readUInt32BE(entry + 4)];
    const [offset, length] = [font.readUInt32BE(entry + 8), font.readUInt32BE(entry + 12)];
    let sum = 0;
    // The checksum of the head table leaves out the field that makes up for the whole file.
    for (let at = 0; at < length; at += 4) if (tag !== "head" || at !== 8) sum = (sum + font.readUInt32BE(offset + at)) >>> 0;
    expect([tag, sum]).toEqual([tag, checksum]);
  }
  expect(() => unpackWoff(Buffer.from("wOF2"))).toThrow("not a WOFF font");
});
