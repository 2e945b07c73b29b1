import { allocate } from "../../../mixins/support/rounding.ts";
import type { Coupon } from "./coupon.ts";
import { discountOf } from "./coupon.ts";
import type { ScopedLine } from "./coupon-scope.ts";
import { isWithin } from "./coupon-scope.ts";
import type { PricedLine } from "./pricing.ts";

type Reach = Pick<Coupon, "scope" | "merchantId">;

/** Goods that a coupon discounts: their value in minor units; null when there are none. */
export function eligibleSubtotal(coupon: Reach, lines: readonly ScopedLine[]): number | null {
  const eligible = lines.filter((line) => isEligible(coupon, line));
  if (eligible.length === 0 && (coupon.scope.kind !== "all" || coupon.merchantId !== null)) return null;
  return sum(eligible.map(valueOf));
}

/**
 * A coupon's discount of each line, in minor units. It is computed from the eligible lines, rounded once, and
 * allocated to them in proportion to their value.
 */
export function discountLines(
  coupon: Reach & Pick<Coupon, "discount">,
  lines: readonly ScopedLine[],
): number[] {
  const eligible = lines.map((line) => (isEligible(coupon, line) ? valueOf(line) : 0));
  return allocate(discountOf(coupon.discount, sum(eligible)), eligible);
}

function isEligible({ scope, merchantId }: Reach, line: ScopedLine): boolean {
  return (merchantId === null || line.merchantId === merchantId) && isWithin(scope, line);
}

const valueOf = ({ quantity, unitPrice }: PricedLine) => quantity * unitPrice.amount;
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
