/** Size of a shop. */
export interface Size {
  /** For `--sizes`, and for its directory. */
  readonly name: string;
  readonly variants: number;
  readonly orders: number;
  readonly entries: number;
  readonly customers: number;
  /** Open carts. */
  readonly carts: number;
  /** They sell the products in turn; with 0 these are the shop's own. */
  readonly merchants: number;
}

/** The baseline first. */
export const sizes: readonly Size[] = [sizeOf("1k", 1000), sizeOf("100k", 100_000), sizeOf("1m", 1_000_000)];

/** One order per variant, ten audit entries per order, ten orders per customer. */
export function sizeOf(name: string, variants: number): Size {
  return {
    name,
    variants,
    orders: variants,
    entries: 10 * variants,
    customers: variants / 10,
    carts: variants / 20,
    merchants: 0,
  };
}

/** A shop of 20,000 products of so many merchants, before its first order. */
export function sizeOfMerchants(merchants: number): Size {
  return { ...sizeOf(`of-${merchants}`, 40_000), orders: 0, entries: 0, customers: 0, carts: 0, merchants };
}
