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
 * Lines that exceed the available stock, with what is available.
 *
 * @param onHand by variant on sale; all others count as 0
 */
export function findShortages(lines: readonly Line[], onHand: ReadonlyMap<string, number>): Shortage[] {
  return lines
    .map(({ variantId, quantity }) => ({
      variantId,
      requested: quantity,
      available: onHand.get(variantId) ?? 0,
    }))
    .filter(({ requested, available }) => requested > available);
}
