import type { Address } from "../../../mixins/contract/fields.ts";
import type { Invoice } from "../domain/invoice.ts";

/** Texts of an invoice, independent of its format. */
export interface InvoiceWording {
  readonly title: string;
  readonly seller: readonly string[];
  readonly buyer: readonly string[];
  /** Names and values. */
  readonly facts: readonly (readonly [string, string])[];
  readonly columns: readonly string[];
  readonly lines: readonly InvoiceRow[];
  /** Sums of the amounts. */
  readonly sums: readonly Sum[];
  readonly refunds: readonly Sum[];
}

export interface InvoiceRow {
  readonly name: string;
  /** Distinguishes lines of the same name. */
  readonly detail: string;
  readonly cells: readonly string[];
}

export interface Sum {
  readonly label: string;
  readonly amount: string;
  readonly isTotal?: boolean;
}

export function wordingOf(invoice: Invoice): InvoiceWording {
  const { seller, lines, refunds } = invoice;
  const money = moneyFormat(invoice.currency);
  const deduction = (amount: number) => (amount === 0 ? money(0) : `−${money(amount)}`);
  const hasDiscounts = lines.some(({ discount }) => discount > 0);
  const rate = invoice.taxRateBasisPoints === null ? "" : ` (${percent(invoice.taxRateBasisPoints)})`;
  return {
    title: `Invoice ${invoice.number}`,
    seller: [seller.name, ...seller.address, ...(seller.taxId ? [`Tax no. ${seller.taxId}`] : [])],
    buyer: addressLines(invoice.buyer),
    facts: [
      ["Invoice", invoice.number],
      ["Date", date(invoice.issuedAt)],
      ["Ordered", date(invoice.orderedAt)],
      ["Paid", date(invoice.issuedAt)],
    ],
    columns: ["Quantity", "Price", ...(hasDiscounts ? ["Discount"] : []), "Amount"],
    lines: lines.map((line) => ({
      name: line.name,
      detail: [line.part === null ? "" : `Part ${line.part}`, line.sku, line.options]
        .filter(Boolean)
        .join(" · "),
      cells: [
        String(line.quantity),
        money(line.unitPrice),
        ...(hasDiscounts ? [deduction(line.discount)] : []),
        money(line.amount),
      ],
    })),
    sums: [
      { label: "Goods", amount: money(invoice.subtotal) },
      ...(invoice.discount > 0 ? [{ label: "Discount", amount: deduction(invoice.discount) }] : []),
      { label: "Shipping", amount: money(invoice.shipping) },
      { label: "Total", amount: money(invoice.total), isTotal: true },
      { label: `Tax contained${rate}`, amount: money(invoice.tax) },
    ],
    refunds:
      invoice.refunded === 0
        ? []
        : [
            ...refunds.map(({ at, reason, amount }) => ({
              label: [date(at), reason].filter(Boolean).join(": "),
              amount: deduction(amount),
            })),
            { label: "Remaining", amount: money(invoice.remaining), isTotal: true },
            { label: `Tax contained${rate}`, amount: money(invoice.taxRemaining) },
          ],
  };
}

function addressLines({ name, line1, line2, city, region, postalCode, country, phone }: Address): string[] {
  return [name, line1, line2, `${postalCode} ${city}`, region, country, phone].filter(
    (line) => line !== undefined,
  );
}

const days = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

function date(milliseconds: number): string {
  return days.format(milliseconds);
}

/** `2000` is `20%`. */
function percent(basisPoints: number): string {
  return `${Number((basisPoints / 100).toFixed(2))}%`;
}

/** Exact for any amount: moves the decimal point instead of dividing. */
function moneyFormat(currency: string): (amount: number) => string {
  const format = new Intl.NumberFormat("en-GB", { style: "currency", currency });
  const places = format.resolvedOptions().maximumFractionDigits ?? 2;
  return (amount) => {
    const digits = String(amount).padStart(places + 1, "0");
    const whole = digits.slice(0, digits.length - places);
    const exact = `${Number(whole)}.${digits.slice(digits.length - places)}`;
    return format.format(exact as Intl.StringNumericLiteral);
  };
}
