interface Line {
  readonly variantId: string;
  readonly quantity: number;
}

export interface Shortage {
  readonly variantId: string;
  readonly requested: number;
  readonly available: number;
}

/**
 * The lines that cannot be had: of what is not on sale nothing is available, of the others what is on hand.
 *
 * @param refused the accounts that hold less than their line asks for
 */
export function findShortages(
  lines: readonly Line[],
  onSale: ReadonlySet<string>,
  refused: readonly { variantId: string; onHand: number }[],
): Shortage[] {
  const onHand = new Map(refused.map((account) => [account.variantId, account.onHand]));
  return lines
    .filter((line) => !onSale.has(line.variantId) || onHand.has(line.variantId))
    .map(({ variantId, quantity }) => ({
      variantId,
      requested: quantity,
      available: onSale.has(variantId) ? (onHand.get(variantId) ?? 0) : 0,
    }));
}
