const kinds = { category: 1, product: 2, variant: 3, movement: 4, order: 5, line: 6, audit: 7, user: 8, session: 9, sale: 10, payment: 11, step: 12, cart: 13, "open-cart": 14, item: 15 } as const;
export type Kind = keyof typeof kinds;

/** When the first thing of each kind was made, in milliseconds since 1970; each further one a second later. */
const beginning = Date.UTC(2024, 0, 1);

export function madeAt(index: number): number {
  return beginning + index * 1000;
}

/** The id of the n-th thing of a kind: always the same one, and ordered by time as the shop's own ids are. */
export function idOf(kind: Kind, index: number): string {
  const time = madeAt(index).toString(16).padStart(12, "0");
  const tail = index.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${String(kinds[kind]).padStart(3, "0")}-8000-${tail}`;
}
