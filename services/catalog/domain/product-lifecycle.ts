export const productStatuses = ["draft", "published", "archived"] as const;
export type ProductStatus = (typeof productStatuses)[number];

/** A product that was public never becomes a draft again, because drafts can be removed and orders refer to it. */
const transitions: Record<ProductStatus, readonly ProductStatus[]> = {
  draft: ["published", "archived"],
  published: ["archived"],
  archived: ["published"],
};

/** Whether a product may go from one status to another; staying is always fine. */
export function canBecome(from: ProductStatus, to: ProductStatus): boolean {
  return from === to || transitions[from].includes(to);
}

/** Variants that a product can have. */
export const variantsPerProduct = 100;
