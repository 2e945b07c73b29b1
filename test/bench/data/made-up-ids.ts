const kinds = {
  category: 1,
  product: 2,
  variant: 3,
  movement: 4,
  order: 5,
  line: 6,
  audit: 7,
  user: 8,
  session: 9,
  sale: 10,
  payment: 11,
  step: 12,
  cart: 13,
  "open-cart": 14,
  item: 15,
  attribute: 16,
  brand: 17,
  type: 18,
  merchant: 19,
} as const;
export type Kind = keyof typeof kinds;

/**
 * Time of the first id of each kind in milliseconds since the Unix epoch; each further one is a second later.
 */
const beginning = Date.UTC(2024, 0, 1);

export function madeAt(index: number): number {
  return beginning + index * 1000;
}

/** Deterministic id of the n-th object of a kind, ordered by time like the shop's ids. */
export function idOf(kind: Kind, index: number): string {
  const time = madeAt(index).toString(16).padStart(12, "0");
  const tail = index.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${String(kinds[kind]).padStart(3, "0")}-8000-${tail}`;
}
