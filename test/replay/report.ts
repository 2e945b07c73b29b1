import type { LatencySummary } from "./latencies.ts";
import type { Refusal } from "./read-invoices.ts";
import type { ReplayReport } from "./run.ts";

/** Maximum number of rows shown per reason, and of differences; others are counted. */
const rowsShown = 5;
const differencesShown = 50;

/** The report as text for people. */
export function formatReport(report: ReplayReport): string {
  const { runId, lines, books, shop, differences, replayMs } = report;
  const seconds = Math.max(replayMs / 1000, 0.001);
  const rate = (books.orders.size / seconds).toFixed(1);
  const catalogue = `${count(report.products)} products in ${count(report.variants)} variants`;
  const beyond = `(${count(books.unitsWithoutPurchase)} units were never bought)`;
  const { currency } = shop;
  return [
    `Run ${runId}: ${count(report.invoices)} invoices, ${catalogue}`,
    "",
    `Lines read              ${padded(lines)}`,
    `  ordered               ${padded(books.linesOrdered)}`,
    `  returned              ${padded(books.linesReturned)}`,
    `  returned in part      ${padded(books.linesReturnedInPart)}   ${beyond}`,
    `  failed                ${padded(books.failures.length)}`,
    `  refused               ${padded(books.refusals.length)}`,
    ...refusalLines(books.refusals),
    "",
    `Orders placed           ${padded(books.orders.size)}   in the shop ${count(shop.orders)}`,
    `Returns                 ${padded(books.returns)}`,
    `Revenue by the file     ${paddedMinor(books.revenue)} ${currency}   (sold less given back)`,
    `Revenue in the shop     ${paddedMinor(shop.revenue)} ${currency}   (and ${formatMinor(shop.shipping)} for shipping)`,
    "",
    `${count(books.orders.size)} orders in ${seconds.toFixed(1)} s, ${rate} a second`,
    `${count(report.requests)} requests in all`,
    ...latencyTable(report.latencies),
    "",
    ...verdict(differences),
    "",
  ].join("\n");
}

function refusalLines(refusals: readonly Refusal[]): string[] {
  return [...Map.groupBy(refusals, ({ reason }) => reason)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, ofReason]) => {
      const rows = ofReason.map(({ row }) => row).sort((a, b) => a - b);
      const more = ofReason.length > rowsShown ? ", …" : "";
      return `    ${reason.padEnd(28)}  ${padded(ofReason.length, 6)}   lines ${rows.slice(0, rowsShown).join(", ")}${more}`;
    });
}

function latencyTable(latencies: readonly LatencySummary[]): string[] {
  const columns = ["count", "p50", "p95", "p99"].map((name) => name.padStart(9)).join("");
  const header = `  ${"call (ms)".padEnd(40)}${columns}`;
  const rows = latencies.map(({ kind, count: calls, p50, p95, p99 }) => {
    const times = [p50, p95, p99].map((time) => time.toFixed(1).padStart(9)).join("");
    return `  ${kind.padEnd(40)}${padded(calls, 9)}${times}`;
  });
  return [header, ...rows];
}

function verdict(differences: readonly string[]): string[] {
  if (differences.length === 0) return ["Reconciled: lines, revenue and stock agree"];
  const shown = differences.slice(0, differencesShown).map((difference) => `  ${difference}`);
  const hidden = differences.length - shown.length;
  const more = hidden > 0 ? [`  and ${count(hidden)} more`] : [];
  return [`NOT reconciled: ${count(differences.length)} differences`, ...shown, ...more];
}

/** `1234567` minor units as `12,345.67`. */
export function formatMinor(amount: number): string {
  const pence = String(Math.abs(amount) % 100).padStart(2, "0");
  return `${amount < 0 ? "-" : ""}${count(Math.floor(Math.abs(amount) / 100))}.${pence}`;
}

function paddedMinor(amount: number): string {
  return formatMinor(amount).padStart(14);
}

function count(value: number): string {
  return value.toLocaleString("en-GB");
}

function padded(value: number, width = 14): string {
  return count(value).padStart(width);
}
