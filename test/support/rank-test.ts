/**
 * Mann–Whitney test: whether one sample's values tend to be larger than the other's. By ranks, so that
 * outliers have no extra weight.
 *
 * @returns distance of the ranks from those of equal samples in standard deviations; positive when `one` is
 *   larger
 */
export function rankDifference(one: readonly number[], other: readonly number[]): number {
  const all = [
    ...one.map((value) => ({ value, ofOne: true })),
    ...other.map((value) => ({ value, ofOne: false })),
  ];
  all.sort((left, right) => left.value - right.value);
  let rankSum = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    // Equal values share the mean of their ranks.
    const rank = (from + 1 + to) / 2;
    for (const { ofOne } of all.slice(from, to)) if (ofOne) rankSum += rank;
    from = to;
  }
  const [n, m] = [one.length, other.length];
  const u = rankSum - (n * (n + 1)) / 2;
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}
