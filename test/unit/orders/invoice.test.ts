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
import { pdfText } from "../../support/pdf-text.ts";

const at = Date.UTC(2026, 0, 31, 23, 59);

function invoiceOf(change: Partial<Invoice> = {}, name = "Mug"): Invoice {
  const line = {
    name,
    options: "size M",
    sku: "MUG",
    part: null,
    quantity: 1,
    unitPrice: 1000,
    discount: 0,
    amount: 1000,
  };
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
  const totalOf = (change: Partial<Invoice>) =>
    wordingOf(invoiceOf(change)).sums.find(({ isTotal }) => isTotal)?.amount;

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

  test("lines of several parts tell theirs", () => {
    const [line] = invoiceOf().lines;
    const detailOf = (part: number | null) =>
      wordingOf(invoiceOf({ lines: line ? [{ ...line, part }] : [] })).lines.map(({ detail }) => detail);
    expect(detailOf(null)).toEqual(["MUG · size M"]);
    expect(detailOf(2)).toEqual(["Part 2 · MUG · size M"]);
  });

  test("the tax shows its rate if known; empty columns and rows are omitted", () => {
    const labels = (change: Partial<Invoice>) => wordingOf(invoiceOf(change)).sums.map(({ label }) => label);
    expect(labels({ taxRateBasisPoints: 1975 })).toEqual([
      "Goods",
      "Shipping",
      "Total",
      "Tax contained (19.75%)",
    ]);
    expect(labels({ taxRateBasisPoints: null, discount: 1 })).toEqual([
      "Goods",
      "Discount",
      "Shipping",
      "Total",
      "Tax contained",
    ]);
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
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", "`", "=", "/", "a", ";", "#38") }),
        (text) => {
          const { markup } = html`<p title="${text}">${text}</p>`;
          const inside = markup.slice('<p title="'.length, -"</p>".length);
          expect(inside.split('">').length).toBe(2);
          expect(inside.replace('">', "")).not.toMatch(/[<>"'`]|&(?!#\d+;)/);
        },
      ),
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
    const names = [
      "Ünïcödé Ελληνικά Русский",
      "日本語 📚 \u{10ffff}",
      "عربى עברית",
      "W".repeat(200),
      " ",
      "\u202Ereversed",
    ];
    const lines = Array.from({ length: 100 }, (_, index) => ({
      ...line,
      name: names[index % names.length] ?? "",
    }));
    const pdf = await renderInvoicePdf(invoiceOf({ lines }));
    expect(pagesOf(pdf)).toBeGreaterThan(3);
    expect(pagesOf(await renderInvoicePdf(invoiceOf()))).toBe(1);
  });

  test("shows Chinese, Japanese and Korean, each in a font that has it, with the printed glyphs only", async () => {
    const line = invoiceOf().lines[0];
    if (!line) throw new Error("there is no line");
    const names = [
      "青花瓷茶杯（大号，带盖）",
      "繁體中文：龍泉青瓷蓋碗 500 ml",
      "高性能ワイヤレスマウス「静音モデル」ﾌﾞﾗｯｸ",
      "무선 마우스 한국어 상품",
      "Łukasz Ελλάδα Київ",
    ];
    const buyer = { ...invoiceOf().buyer, name: "王小明 山田太郎 김철수", city: "東京都千代田区" };
    const seller = { name: "上海茶具有限公司", address: ["上海市徐汇区"], taxId: undefined };
    const refunds = [{ at, reason: "太大了", amount: 1000 }];
    const lines = names.map((name) => ({ ...line, name, options: "颜色 红" }));
    const pdf = await renderInvoicePdf(invoiceOf({ lines, buyer, seller, refunds, refunded: 1000 }));
    const text = pdfText(pdf);
    for (const shown of [
      ...names,
      buyer.name,
      `N1 ${buyer.city}`,
      seller.name,
      "颜色 红",
      "31 January 2026: 太大了",
    ])
      expect(text).toContain(shown);
    expect(text).not.toContain("\0");
    // The fonts have 13 MB.
    expect(pdf.length).toBeLessThan(150_000);
    expect(pdf.toString("latin1")).toMatch(/NotoSansHans-Regular[^]*NotoSansKR-Regular/);
    const latin = await renderInvoicePdf(
      invoiceOf({ seller: { name: "Mug · é — ×2", address: [], taxId: undefined } }),
    );
    expect(latin.toString("latin1")).not.toContain("Noto");
  });

  test.each([
    ["ideographs break anywhere", "长".repeat(60), /^长+$/],
    [
      "a line neither begins with closing nor ends with opening punctuation",
      "你好，（再见）。".repeat(20),
      /^[^，）。].*[^（]$/,
    ],
    ["words stay whole", "한국어 상품 ".repeat(30).trim(), /^(한국어|상품)( (한국어|상품))*$/],
    ["a word too long for a line breaks anywhere", `${"W".repeat(100)}長い`, /^W+(長い)?$/],
  ])("breaks lines of East Asian text: %s", async (_rule, name, line) => {
    const row = invoiceOf().lines[0];
    if (!row) throw new Error("there is no line");
    const text = pdfText(await renderInvoicePdf(invoiceOf({ lines: [{ ...row, name }] })));
    const [, printed = ""] = /1£10\.00£10\.00(.*)\nMUG/s.exec(text) ?? [];
    const printedLines = printed.split("\n").map((each) => each.trim());
    expect(printedLines.length).toBeGreaterThan(1);
    for (const each of printedLines) expect(each).toMatch(line);
    expect(printed.replaceAll(/\s/g, "")).toBe(name.replaceAll(/\s/g, ""));
  });

  test("composes what is written in pieces, and shows as missing what no font has", async () => {
    const pieces = "가나다 がぎぐ".normalize("NFD");
    const seller = { name: `${pieces} \u{2ffff}漢`, address: [], taxId: undefined };
    expect(pdfText(await renderInvoicePdf(invoiceOf({ seller })))).toContain("가나다 がぎぐ \0漢");
  });
});

test("a font comes out of its package as it went in, but for its own checksums", () => {
  const { resolve } = createRequire(import.meta.url);
  const font = unpackWoff(
    readFileSync(resolve("@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff")),
  );
  const count = font.readUInt16BE(4);
  for (let entry = 12; entry < 12 + 16 * count; entry += 16) {
    const [tag, checksum] = [font.toString("latin1", entry, entry + 4), font.readUInt32BE(entry + 4)];
    const [offset, length] = [font.readUInt32BE(entry + 8), font.readUInt32BE(entry + 12)];
    let sum = 0;
    // The head table's checksum excludes the field that adjusts the whole file's.
    for (let at = 0; at < length; at += 4)
      if (tag !== "head" || at !== 8) sum = (sum + font.readUInt32BE(offset + at)) >>> 0;
    expect([tag, sum]).toEqual([tag, checksum]);
  }
  expect(() => unpackWoff(Buffer.from("wOF2"))).toThrow("not a WOFF font");
});
