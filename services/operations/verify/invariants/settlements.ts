import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { CrossServiceInvariant } from "../across-services.ts";

interface Part {
  readonly partId: string;
  readonly orderId: string;
  readonly merchantId: string;
  readonly total: number;
  readonly refunded: number;
}

interface PartOfOrder extends Part {
  readonly discount: number;
  /** Whose coupon yielded the discount; null for the mall's. */
  readonly couponMerchantId: string | null;
}

interface Sale extends Part {
  readonly borneByMall: number;
}

export const salesAreSettled: CrossServiceInvariant = {
  code: "settlements.orders",
  says: "Every merchant's part of a paid order is a sale in the ledger with its total and refunds, its discount borne by the merchant if the coupon is its own, and nothing else is",
  of: ["orders", "settlements"],
  about: "order",
  subjects: [
    { service: "orders", table: "order_parts", key: "order_id", where: "merchant_id IS NOT NULL" },
    { service: "settlements", table: "sales", key: "order_id" },
  ],
  async disagreements({ orders, settlements }, scope) {
    const { sql, values } = scopeCondition("order_id", scope);
    const sales = await settlements.select<Sale>(
      `SELECT part_id AS partId, order_id AS orderId, merchant_id AS merchantId, total, refunded,
         borne_by_mall AS borneByMall FROM sales WHERE ${sql}`,
      values,
    );
    const ofParts = scopeCondition("p.order_id", scope);
    const parts = await orders.select<PartOfOrder>(
      `SELECT p.id AS partId, p.order_id AS orderId, p.merchant_id AS merchantId, p.total, p.refunded, p.discount,
         o.coupon_merchant_id AS couponMerchantId
       FROM order_parts p JOIN orders o ON o.id = p.order_id WHERE ${ofParts.sql} AND p.merchant_id IS NOT NULL`,
      ofParts.values,
    );
    const sold = new Map(sales.map((sale) => [sale.partId, sale]));
    const known = new Set(parts.map(({ partId }) => partId));
    return [
      ...parts
        .filter((part) => !agree(part, sold.get(part.partId)))
        .map((part) => {
          const sale = sold.get(part.partId);
          return {
            key: part.orderId,
            row: {
              ...part,
              settled: sale?.total ?? null,
              settledRefunds: sale?.refunded ?? null,
              borneByMall: sale?.borneByMall ?? null,
            },
          };
        }),
      ...sales
        .filter(({ partId }) => !known.has(partId))
        .map(({ partId, orderId, merchantId, total }) => ({
          key: orderId,
          row: { partId, orderId, merchantId, total: null, settled: total },
        })),
    ];
  },
};

function agree(part: PartOfOrder, sale: Sale | undefined): boolean {
  if (sale?.merchantId !== part.merchantId) return false;
  // Who bears the mall's coupons is a setting, which may have changed since.
  const isOwn = part.couponMerchantId === part.merchantId;
  const isBorne = sale.borneByMall === 0 || (!isOwn && sale.borneByMall === part.discount);
  return isBorne && sale.total === part.total && sale.refunded === part.refunded;
}
