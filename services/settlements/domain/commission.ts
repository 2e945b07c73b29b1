import { proportionOf } from "../../../mixins/support/rounding.ts";

/** Who bears a discount: merchants are paid as if there were none where the mall does. */
export type DiscountBearer = "mall" | "merchant";

/** A sold line, in minor units. */
export interface SoldLine {
  readonly quantity: number;
  readonly unitPrice: number;
  /** The line's share of the order's discount. */
  readonly discount: number;
  /** Basis points. */
  readonly rate: number;
}

/**
 * The mall's commission: of each line's price, less the discount where the merchant bears it, rounded half up per line.
 * Shipping bears none.
 */
export function commissionOf(lines: readonly SoldLine[], bearer: DiscountBearer): number {
  return lines.reduce((sum, { quantity, unitPrice, discount, rate }) => {
    const price = quantity * unitPrice - (bearer === "merchant" ? discount : 0);
    return sum + proportionOf(price, rate, 10_000);
  }, 0);
}
