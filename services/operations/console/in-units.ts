import type { Money } from "../../../mixins/contract/money.ts";

/** `19.99 GBP`, `500 JPY`. */
export function inUnits({ amount, currency }: Money): string {
  const digits =
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}
