/**
 * What is counted of sales, declared once: the events' increments and the SQL that recounts them are made of this
 * table. Amounts are minor units.
 */

export const kinds = ["placed", "paid", "cancelled", "expired", "refunded", "returned"] as const;
/** What happened to an order. */
export type Kind = (typeof kinds)[number];

/** `orders`: distinct orders; `refs`: distinct refunds or returns; otherwise the sum of a column of the ledger. */
interface Source {
  readonly kind: Kind;
  readonly of: "orders" | "refs" | "units" | "amount" | "discount" | "shipping";
}

export const measures = {
  orders_placed: { kind: "placed", of: "orders" },
  units_placed: { kind: "placed", of: "units" },
  gross_placed: { kind: "placed", of: "amount" },
  discount_placed: { kind: "placed", of: "discount" },
  orders_paid: { kind: "paid", of: "orders" },
  units_paid: { kind: "paid", of: "units" },
  gross_paid: { kind: "paid", of: "amount" },
  discount_paid: { kind: "paid", of: "discount" },
  shipping_paid: { kind: "paid", of: "shipping" },
  orders_cancelled: { kind: "cancelled", of: "orders" },
  orders_expired: { kind: "expired", of: "orders" },
  refunds: { kind: "refunded", of: "refs" },
  refunded: { kind: "refunded", of: "amount" },
  returns: { kind: "returned", of: "refs" },
  units_returned: { kind: "returned", of: "units" },
  returned: { kind: "returned", of: "amount" },
} as const satisfies Record<string, Source>;

export type Measure = keyof typeof measures;
export type Measures = Readonly<Record<Measure, number>>;
export const measureNames = Object.keys(measures) as Measure[];

/** Of the ledger, what a row of the figures counts. `*` as merchant: of all merchants. */
export interface Scope {
  readonly name: "shop" | "merchant" | "category" | "product";
  /** SQL of the ledger: key, merchant, and which entries count. */
  readonly key: "''" | "merchant_id" | "category_id" | "product_id";
  readonly merchant: "'*'" | "merchant_id";
  readonly where: string;
}

export const scopes: readonly Scope[] = [
  { name: "shop", key: "''", merchant: "'*'", where: "1 = 1" },
  { name: "merchant", key: "merchant_id", merchant: "merchant_id", where: "merchant_id <> '*'" },
  { name: "category", key: "category_id", merchant: "'*'", where: "product_id <> ''" },
  { name: "category", key: "category_id", merchant: "merchant_id", where: "product_id <> ''" },
  { name: "product", key: "product_id", merchant: "merchant_id", where: "product_id <> ''" },
];

/** SQL: all measures of a group of entries, by name. */
export const measuresSql = measureNames
  .map((name) => {
    const { kind, of } = measures[name] as Source;
    const condition = `kind = '${kind}'`;
    if (of === "orders") return `COUNT(DISTINCT CASE WHEN ${condition} THEN order_id END) AS ${name}`;
    if (of === "refs")
      return `COUNT(DISTINCT CASE WHEN ${condition} AND (amount > 0 OR units > 0) THEN ref_id END) AS ${name}`;
    return `CAST(SUM(CASE WHEN ${condition} THEN ${of} ELSE 0 END) AS SIGNED) AS ${name}`;
  })
  .join(", ");
