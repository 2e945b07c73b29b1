import { expect, test } from "@jest/globals";
import { Books } from "../../replay/books.ts";
import { Latencies } from "../../replay/latencies.ts";
import { formatMinor, formatReport } from "../../replay/report.ts";
import type { ReplayReport } from "../../replay/run.ts";

function report(differences: readonly string[]): ReplayReport {
  const books = new Books([{ row: 9, invoice: "1", reason: "not-a-product" }]);
  books.ordered();
  books.placed("order", 123_456, [{ sku: "1-50", quantity: 2 }]);
  return {
    runId: "run",
    lines: 2,
    invoices: 1,
    products: 1,
    variants: 1,
    books,
    replayMs: 2000,
    requests: 10,
    latencies: [],
    shop: { orders: 1, revenue: 123_456, shipping: 495, currency: "GBP" },
    differences,
  };
}

test("the report names refusals, the revenue on both sides and the verdict", () => {
  const text = formatReport(report([]));
  expect(text).toMatch(/not-a-product +1 +lines 9/);
  expect(text.match(/1,234\.56 GBP/g)).toHaveLength(2);
  expect(text).toContain("1 orders in 2.0 s, 0.5 a second");
  expect(text).toContain("Reconciled");
});

test("differences are listed; of very many, the first and their number", () => {
  const text = formatReport(report(Array.from({ length: 60 }, (_, index) => `difference ${index}`)));
  expect(text).toContain("NOT reconciled: 60 differences\n  difference 0\n");
  expect(text).toContain("difference 49\n  and 10 more");
});

test.each([
  [0, "0.00"],
  [5, "0.05"],
  [18_013_218, "180,132.18"],
  [-1050, "-10.50"],
])("%d minor units are %s", (amount, text) => {
  expect(formatMinor(amount)).toBe(text);
});

test("books do not take a refund for an order that they do not know", () => {
  const books = new Books([]);
  expect(() => books.refunded("unknown", 5, [])).toThrow("was not placed by this run");
});

test("percentiles are by nearest rank", () => {
  const latencies = new Latencies();
  for (let time = 100; time >= 1; time -= 1) latencies.add("GET /orders", time);
  latencies.add("POST /orders", 7);
  expect(latencies.summaries()).toEqual([
    { kind: "GET /orders", count: 100, p50: 50, p95: 95, p99: 99 },
    { kind: "POST /orders", count: 1, p50: 7, p95: 7, p99: 7 },
  ]);
  expect(latencies.count).toBe(101);
});
