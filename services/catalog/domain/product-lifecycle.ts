export const productStatuses = ["draft", "published", "archived"] as const;
export type ProductStatus = (typeof productStatuses)[number];

/** A published product cannot become a draft again: drafts can be removed, and orders refer to products. */
const transitions: Record<ProductStatus, readonly ProductStatus[]> = {
  draft: ["published", "archived"],
  published: ["archived"],
  archived: ["published"],
};

/** True when the transition is allowed; keeping the status always is. */
export function canBecome(from: ProductStatus, to: ProductStatus): boolean {
  return from === to || transitions[from].includes(to);
}

/** Maximum number of variants per product. */
export const variantsPerProduct = 100;
