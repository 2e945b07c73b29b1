import type { PricedLine } from "./pricing.ts";

/** The goods that a coupon discounts. */
export type CouponScope =
  | { readonly kind: "all" }
  | {
      /** Categories include those below them. */
      readonly kind: "products" | "categories" | "brands" | "merchants";
      readonly ids: readonly string[];
    };

/** A line with what scopes refer to, as far as it is known. */
export interface ScopedLine extends PricedLine {
  readonly productId?: string | undefined;
  readonly brandId?: string | null | undefined;
  /** The product's category and those above it. */
  readonly categoryIds?: readonly string[] | undefined;
}

/** Whether a line is among the goods of a scope. */
export function isWithin(scope: CouponScope, line: ScopedLine): boolean {
  switch (scope.kind) {
    case "all":
      return true;
    case "products":
      return includes(scope.ids, line.productId);
    case "categories":
      return line.categoryIds?.some((id) => scope.ids.includes(id)) ?? false;
    case "brands":
      return includes(scope.ids, line.brandId);
    case "merchants":
      return includes(scope.ids, line.merchantId);
  }
}

const includes = (ids: readonly string[], id: string | null | undefined) =>
  id !== null && id !== undefined && ids.includes(id);
