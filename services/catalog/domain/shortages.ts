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
 * The lines that cannot be had, with what there is.
 *
 * @param onHand what there is of each variant on sale; of all others there is nothing
 */
export function findShortages(lines: readonly Line[], onHand: ReadonlyMap<string, number>): Shortage[] {
  return lines
    .map(({ variantId, quantity }) => ({ variantId, requested: quantity, available: onHand.get(variantId) ?? 0 }))
    .filter(({ requested, available }) => requested > available);
}
