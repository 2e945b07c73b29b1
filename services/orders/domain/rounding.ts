/**
 * amount × part ÷ whole, rounded half up to whole minor units. In whole numbers throughout: the product may exceed what
 * a double holds exactly.
 *
 * @param whole not zero; none of the three is negative
 */
export function proportionOf(amount: number, part: number, whole: number): number {
  const divisor = BigInt(whole);
  return Number((2n * BigInt(amount) * BigInt(part) + divisor) / (2n * divisor));
}

/**
 * Splits an amount in proportion to weights, by largest remainder: the parts are whole, they add up to the amount, each
 * is off from its exact share by less than one, and none is more than its weight. Of equal remainders the first counts.
 *
 * @param amount not negative, and not more than the weights together
 * @throws Error when it is more
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (amount > whole) throw new Error(`${amount} cannot be spread over ${whole}`);
  if (amount === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const parts = exact.map((share) => Number(share / BigInt(whole)));
  const remainders = exact.map((share) => share % BigInt(whole));
  const largestFirst = [...weights.keys()].sort((one, other) => compare(remainders[other], remainders[one]) || one - other);
  const left = amount - parts.reduce((sum, part) => sum + part, 0);
  const raised = new Set(largestFirst.slice(0, left));
  return parts.map((part, index) => (raised.has(index) ? part + 1 : part));
}

function compare(one = 0n, other = 0n): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
