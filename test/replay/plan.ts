import { maxItems, maxQuantity } from "../../services/cart/cart.contract.ts";
import type { InvoiceLine } from "./line-rules.ts";
import type { Invoice } from "./read-invoices.ts";

/** An article at one price; the retailer changed prices, so articles have several. */
export interface PlannedVariant {
  readonly sku: string;
  /** Minor units. */
  readonly unitPrice: number;
  /** How many the file sells at this price. */
  readonly units: number;
}

export interface PlannedProduct {
  readonly stockCode: string;
  readonly slug: string;
  readonly name: string;
  readonly variants: readonly PlannedVariant[];
}

/** Quantity of one variant. */
export interface Item {
  readonly sku: string;
  readonly quantity: number;
  /** Minor units. */
  readonly unitPrice: number;
}

/**
 * One variant per article and price: `85123A-255`. So prices are constant while orders run in parallel, names
 * are deterministic, and returns find purchases by price.
 */
export function skuOf({ stockCode, unitPrice }: Pick<InvoiceLine, "stockCode" | "unitPrice">): string {
  return `${stockCode}-${unitPrice}`;
}

/** Catalogue required by the invoices: a product per stock code. */
export function planCatalogue(invoices: readonly Invoice[]): PlannedProduct[] {
  const lines = invoices.filter(({ kind }) => kind === "sale").flatMap((invoice) => invoice.lines);
  return [...Map.groupBy(lines, ({ stockCode }) => stockCode)].map(([stockCode, ofArticle]) => ({
    stockCode,
    slug: `online-retail-${stockCode.toLowerCase()}`,
    name:
      mostFrequent(ofArticle.map(({ description }) => description).filter(Boolean)) ?? `Article ${stockCode}`,
    variants: mergeLines(ofArticle).map(({ quantity, ...variant }) => ({ ...variant, units: quantity })),
  }));
}

/** Merges lines of the same article and price. */
export function mergeLines(lines: readonly InvoiceLine[]): Item[] {
  const items = new Map<string, Item>();
  for (const line of lines) {
    const sku = skuOf(line);
    const quantity = (items.get(sku)?.quantity ?? 0) + line.quantity;
    items.set(sku, { sku, quantity, unitPrice: line.unitPrice });
  }
  return [...items.values()];
}

/**
 * Splits items into as few orders as a cart's limits allow.
 *
 * @param maxUnits per item; default: a cart's limit
 */
export function splitIntoOrders(items: readonly Item[], maxUnits = maxQuantity): Item[][] {
  const orders: Item[][] = [];
  for (const item of items) {
    let next = 0;
    for (let left = item.quantity; left > 0; left -= maxUnits) {
      while ((orders[next]?.length ?? 0) >= maxItems) next += 1;
      (orders[next] ??= []).push({ ...item, quantity: Math.min(left, maxUnits) });
      next += 1;
    }
  }
  return orders;
}

/** Minor units. */
export function worthOf(items: readonly Pick<Item, "quantity" | "unitPrice">[]): number {
  return items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
}

/** The first of the most frequent. */
function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0];
}
