import { maxPriceMinor } from "../../mixins/contract/money.ts";

/** The columns of the "Online Retail" data set, in this order. */
export const columns = [
  "InvoiceNo",
  "StockCode",
  "Description",
  "Quantity",
  "InvoiceDate",
  "UnitPrice",
  "CustomerID",
  "Country",
] as const;

/** Far above any real line, and small enough to be placed as orders of `maxQuantity`. */
export const maxLineQuantity = 100_000;

/** Raw fields of one line. */
export type RawLine = Readonly<Record<(typeof columns)[number], string>>;

/** One line of an invoice, understood. */
export interface InvoiceLine {
  /** Line in the file, the header being the first. */
  readonly row: number;
  /** In capitals: `85123a` and `85123A` are the same article. */
  readonly stockCode: string;
  /** May be empty. */
  readonly description: string;
  /** Positive, also for a cancellation. */
  readonly quantity: number;
  /** Minor units, above 0. */
  readonly unitPrice: number;
}

/**
 * Stock codes that are no articles. Postage and carriage are among them, since the shop charges its own
 * shipping.
 */
export const notProducts: ReadonlyMap<string, string> = new Map([
  ["POST", "postage"],
  ["DOT", "postage of the web shop"],
  ["C2", "carriage"],
  ["D", "discount"],
  ["M", "manual entry"],
  ["S", "samples"],
  ["B", "bad debt"],
  ["BANK CHARGES", "bank charges"],
  ["AMAZONFEE", "marketplace fee"],
  ["CRUK", "donation"],
  ["PADS", "free addition to cushions"],
]);

function isNotProduct(stockCode: string): boolean {
  const code = normalStockCode(stockCode);
  return notProducts.has(code) || code.startsWith("GIFT_");
}

/** Rules that reject a line. The first match is the reason, so the order matters: form before meaning. */
const refusals = {
  "unknown-kind-of-invoice": ({ InvoiceNo }) => !/^[Cc]?\d{1,12}$/.test(InvoiceNo.trim()),
  "not-a-product": ({ StockCode }) => isNotProduct(StockCode),
  "malformed-stock-code": ({ StockCode }) => !/^[A-Z0-9]{1,40}$/.test(normalStockCode(StockCode)),
  "malformed-quantity": ({ Quantity }) => !/^[+-]?\d{1,9}$/.test(Quantity.trim()),
  "malformed-price": ({ UnitPrice }) => !/^-?\d{1,9}(?:\.\d{1,9})?$/.test(UnitPrice.trim()),
  "malformed-date": ({ InvoiceDate }) => readDate(InvoiceDate) === undefined,
  "malformed-customer": ({ CustomerID }) => !/^\d{0,12}$/.test(CustomerID.trim()),
  "negative-price": ({ UnitPrice }) => UnitPrice.trim().startsWith("-"),
  "zero-price": ({ UnitPrice }) => Number(UnitPrice) === 0,
  "fraction-of-a-penny": ({ UnitPrice }) => toMinorUnits(UnitPrice) === undefined,
  "price-too-high": ({ UnitPrice }) => (toMinorUnits(UnitPrice) ?? 0) > maxPriceMinor,
  "non-positive-quantity": (line) => !isCancellation(line.InvoiceNo) && Number(line.Quantity) <= 0,
  "cancellation-of-nothing": (line) => isCancellation(line.InvoiceNo) && Number(line.Quantity) >= 0,
  "quantity-too-high": ({ Quantity }) => Math.abs(Number(Quantity)) > maxLineQuantity,
} as const satisfies Record<string, (line: RawLine) => boolean>;

/** Reason why a line has no effect. The last two depend on other lines. */
export type RefusalReason =
  | "malformed-line"
  | keyof typeof refusals
  | "several-customers-on-invoice"
  | "cancellation-without-purchase";

const rules = Object.entries(refusals) as [keyof typeof refusals, (line: RawLine) => boolean][];

/** Reason to reject a line by itself; undefined for a usable line. */
export function reasonToRefuse(line: RawLine): RefusalReason | undefined {
  return rules.find(([, applies]) => applies(line))?.[0];
}

/** Parses a line that no rule rejects. */
export function understand(line: RawLine, row: number): InvoiceLine {
  return {
    row,
    stockCode: normalStockCode(line.StockCode),
    description: normalDescription(line.Description),
    quantity: Math.abs(Number(line.Quantity)),
    unitPrice: toMinorUnits(line.UnitPrice) ?? 0,
  };
}

export function isCancellation(invoiceNumber: string): boolean {
  return /^c/i.test(invoiceNumber.trim());
}

/**
 * Parses a decimal as whole pence without binary fractions: `2.55` is 255. Ignores trailing zeros; undefined
 * for fractions of a penny.
 */
export function toMinorUnits(decimal: string): number | undefined {
  const [, whole = "", pence = ""] = /^(\d+)(?:\.(\d{0,2})0*)?$/.exec(decimal.trim()) ?? [];
  return whole === "" ? undefined : Number(whole) * 100 + Number(pence.padEnd(2, "0"));
}

/** Converts `MM-DD-YYYY HH:MM` to `YYYY-MM-DD HH:MM`; undefined for an invalid date. */
export function readDate(text: string): string | undefined {
  const [, month, day, year, hour, minute] = /^(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d)$/.exec(text.trim()) ?? [];
  const written = `${year}-${month}-${day}T${hour}:${minute}`;
  const moment = new Date(`${written}:00.000Z`);
  // The calendar would read February 30 as March 2.
  const exists = !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(written);
  return exists ? written.replace("T", " ") : undefined;
}

function normalStockCode(code: string): string {
  return code.trim().toUpperCase();
}

function normalDescription(description: string): string {
  return description.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
