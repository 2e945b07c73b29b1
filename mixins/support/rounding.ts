/**
 * amount × part ÷ whole, rounded half up to whole minor units. Uses BigInt where the product may exceed what a
 * double holds exactly.
 *
 * @param whole not zero; none of the three is negative
 */
export function proportionOf(amount: number, part: number, whole: number): number {
  const dividend = 2 * amount * part + whole;
  if (dividend < exactBelow) return (dividend - (dividend % (2 * whole))) / (2 * whole);
  const divisor = BigInt(whole);
  return Number((2n * BigInt(amount) * BigInt(part) + divisor) / (2n * divisor));
}

/**
 * Splits an amount in proportion to weights, by largest remainder: whole parts that add up to the amount,
 * each within one of its exact share and at most its weight. Ties go to the first.
 *
 * @param amount not negative, and at most the sum of the weights
 * @throws Error when it is more
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (amount > whole) throw new Error(`${amount} cannot be spread over ${whole}`);
  if (amount === 0) return weights.map(() => 0);
  const { parts, remainders } =
    amount * whole < exactBelow ? divided(amount, weights, whole) : dividedAsBigInt(amount, weights, whole);
  const undistributed = amount - parts.reduce((sum, part) => sum + part, 0);
  if (undistributed === 0) return parts;
  const largestFirst = [...weights.keys()].sort(
    (one, other) => compare(remainders[other], remainders[one]) || one - other,
  );
  for (const index of largestFirst.slice(0, undistributed)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

/** Doubles hold all whole numbers below it. */
const exactBelow = Number.MAX_SAFE_INTEGER;

interface Divided {
  readonly parts: number[];
  readonly remainders: readonly (number | bigint)[];
}

function divided(amount: number, weights: readonly number[], whole: number): Divided {
  const remainders = weights.map((weight) => (amount * weight) % whole);
  const parts = weights.map((weight, index) => (amount * weight - (remainders[index] ?? 0)) / whole);
  return { parts, remainders };
}

function dividedAsBigInt(amount: number, weights: readonly number[], whole: number): Divided {
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  return {
    parts: exact.map((share) => Number(share / BigInt(whole))),
    remainders: exact.map((share) => share % BigInt(whole)),
  };
}

function compare(one: number | bigint = 0, other: number | bigint = 0): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
