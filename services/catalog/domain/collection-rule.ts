import type { AttributeValue } from "./product.ts";

/** Which products belong to a collection by rule. */
export interface CollectionRule {
  /** Whether all conditions must hold, or any one of them. */
  readonly match: "all" | "any";
  readonly conditions: readonly RuleCondition[];
}

/** A condition with several values holds for any one of them. Prices are minor units. */
export type RuleCondition =
  /** In one of these categories or their subcategories. */
  | { readonly on: "category"; readonly ids: readonly string[] }
  | { readonly on: "brand"; readonly ids: readonly string[] }
  | { readonly on: "tag"; readonly tags: readonly string[] }
  /** By the lowest price of its variants; a product without variants has none. */
  | { readonly on: "price"; readonly min?: number | undefined; readonly max?: number | undefined }
  | {
      readonly on: "attribute";
      readonly code: string;
      readonly values: readonly (string | number | boolean)[];
    }
  /** Created at this time or later (RFC 3339). */
  | { readonly on: "created"; readonly since: string };

/** What rules know of a product. */
export interface RuleSubject {
  /** Path of its category; null without one. */
  readonly categoryPath: string | null;
  readonly brandId: string | null;
  readonly tags: readonly string[];
  readonly priceFrom: number | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** @param paths of categories by id; a category that is gone matches nothing */
export function matchesRule(
  { match, conditions }: CollectionRule,
  product: RuleSubject,
  paths: ReadonlyMap<string, string>,
): boolean {
  const holds = (condition: RuleCondition) => conditionHolds(condition, product, paths);
  return match === "all" ? conditions.every(holds) : conditions.some(holds);
}

/** Ids of the categories that rules refer to. */
export function categoriesOf(rules: readonly CollectionRule[]): string[] {
  const ids = rules.flatMap(({ conditions }) =>
    conditions.flatMap((condition) => (condition.on === "category" ? condition.ids : [])),
  );
  return [...new Set(ids)];
}

function conditionHolds(
  condition: RuleCondition,
  product: RuleSubject,
  paths: ReadonlyMap<string, string>,
): boolean {
  switch (condition.on) {
    case "category":
      return condition.ids.some((id) => {
        const path = paths.get(id);
        return path !== undefined && (product.categoryPath?.startsWith(path) ?? false);
      });
    case "brand":
      return product.brandId !== null && condition.ids.includes(product.brandId);
    case "tag":
      return condition.tags.some((tag) => product.tags.includes(tag));
    case "price":
      return (
        product.priceFrom !== null &&
        product.priceFrom >= (condition.min ?? 0) &&
        product.priceFrom <= (condition.max ?? Number.MAX_SAFE_INTEGER)
      );
    case "attribute": {
      const value = product.attributes[condition.code];
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return condition.values.some((wanted) => values.includes(wanted));
    }
    case "created":
      return product.createdAt >= Date.parse(condition.since);
    default:
      return condition satisfies never;
  }
}
