/**
 * The Mann–Whitney test: whether values of one sample tend to be larger than those of the other. It knows ranks only, so
 * that an outlier counts no more than any other value.
 *
 * @returns how many standard deviations the ranks lie from those of equal samples; positive when `one` is larger
 */
export function rankDifference(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((value) => ({ value, ofOne: true })), ...other.map((value) => ({ value, ofOne: false }))];
  all.sort((left, right) => left.value - right.value);
  let rankSum = 0;
  for (let from = 0; from < all.length; ) {
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
