/** How large a shop is. */
export interface Size {
  /** For `--sizes`, and for its directory. */
  readonly name: string;
  readonly variants: number;
  readonly orders: number;
  readonly entries: number;
  readonly customers: number;
  /** Carts that somebody has begun to fill. */
  readonly carts: number;
}

/** What everything is compared with comes first. */
export const sizes: readonly Size[] = [sizeOf("1k", 1000), sizeOf("100k", 100_000), sizeOf("1m", 1_000_000)];

/** As many orders as variants, ten entries of the audit trail for each order, ten orders for each customer. */
export function sizeOf(name: string, variants: number): Size {
  return { name, variants, orders: variants, entries: 10 * variants, customers: variants / 10, carts: variants / 20 };
}
