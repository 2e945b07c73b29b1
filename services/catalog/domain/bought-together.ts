const halfLifeMs = 90 * 24 * 3_600_000;
/** Start of all weights; with doubles, they last for two centuries after it. */
const epochMs = Date.UTC(2026, 0, 1);
/** Further products of an order are ignored, so that a pair costs the same whatever is ordered. */
export const productsPerBasket = 10;

/** An order's products. `placedAt` in milliseconds since the Unix epoch. */
export interface Basket {
  readonly productIds: readonly string[];
  readonly placedAt: number;
}

export interface PairScore {
  readonly productId: string;
  readonly otherId: string;
  readonly score: number;
}

/**
 * Weight of an order in scores (forward decay): it doubles every 90 days. So older orders count less and less
 * in comparison, and stored scores need no updates as time passes.
 */
export function weightAt(placedAt: number): number {
  return 2 ** ((placedAt - epochMs) / halfLifeMs);
}

/** What baskets add to the scores of pairs, in both directions, ordered by product. */
export function pairScores(baskets: readonly Basket[]): PairScore[] {
  const scores = new Map<string, PairScore>();
  for (const { productIds, placedAt } of baskets) {
    const products = [...new Set(productIds)].slice(0, productsPerBasket);
    for (const productId of products)
      for (const otherId of products) {
        if (productId === otherId) continue;
        const key = `${productId} ${otherId}`;
        const score = (scores.get(key)?.score ?? 0) + weightAt(placedAt);
        scores.set(key, { productId, otherId, score });
      }
  }
  return [...scores].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, pair]) => pair);
}
