import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { CrossServiceInvariant, Disagreement } from "../across-services.ts";

interface Ended {
  readonly id: string;
  readonly number: string;
  readonly orderId: string;
  readonly status: string;
  readonly refund: number | null;
  /** 1 while a refund is owed. */
  readonly owed: number;
}

interface Settled {
  readonly id: string;
  readonly orderId: string;
  readonly refund: number;
}

export const afterSalesAreRefunded: CrossServiceInvariant = {
  code: "after-sales.refunds",
  says: "Every refunded after-sale was settled by orders, with the same amount and for the same order; no other one was",
  of: ["after-sales", "orders"],
  about: "after-sale",
  subjects: [
    { service: "after-sales", table: "after_sales", key: "id" },
    { service: "orders", table: "after_sale_refunds", key: "after_sale_id" },
  ],
  async disagreements({ "after-sales": afterSales, orders }, scope) {
    const settledIn = scopeCondition("after_sale_id", scope);
    const settled = await orders.select<Settled>(
      `SELECT after_sale_id AS id, order_id AS orderId, refund FROM after_sale_refunds
       WHERE settled_at IS NOT NULL AND ${settledIn.sql}`,
      settledIn.values,
    );
    const { sql, values } = scopeCondition("id", scope);
    const known = await afterSales.select<Ended>(
      `SELECT id, order_number AS number, order_id AS orderId, status, refund, CASE WHEN status = 'refunded' THEN 0
         WHEN kind = 'refund-only' AND status = 'approved' THEN 1
         WHEN remedy = 'refund' AND status = 'received' THEN 1 ELSE 0 END AS owed
       FROM after_sales WHERE ${sql}`,
      values,
    );
    const inOrders = new Map(settled.map((one) => [one.id, one]));
    const ids = new Set(known.map(({ id }) => id));
    const agrees = ({ id, orderId, status, refund, owed }: Ended) => {
      const result = inOrders.get(id);
      if (!result) return status !== "refunded";
      // Between the two commits it is still owed.
      return (
        result.orderId === orderId && (owed === 1 || (status === "refunded" && result.refund === refund))
      );
    };
    return [
      ...known
        .filter((one) => !agrees(one))
        .map(({ id, number, orderId, status, refund }) => {
          const refundedByOrders = inOrders.get(id)?.refund ?? null;
          const row = { number, afterSaleId: id, orderId, status, refund, refundedByOrders };
          return { key: id, row };
        }),
      ...settled
        .filter(({ id }) => !ids.has(id))
        .map(({ id, orderId, refund }) => ({
          key: id,
          row: {
            number: null,
            afterSaleId: id,
            orderId,
            status: null,
            refund: null,
            refundedByOrders: refund,
          },
        })),
    ];
  },
};

interface Claim {
  readonly lineId: string;
  readonly orderId: string;
  readonly bought: number;
}

export const claimsAreOfBoughtLines: CrossServiceInvariant = {
  code: "after-sales.bought",
  says: "Every order line that after-sales claim exists, in its order and with the quantity that was bought",
  of: ["after-sales", "orders"],
  about: "order",
  subjects: [{ service: "after-sales", table: "claims", key: "order_line_id" }],
  async disagreements({ "after-sales": afterSales, orders }, scope) {
    const { sql, values } = scopeCondition("order_line_id", scope);
    const claims = await afterSales.select<Claim>(
      `SELECT order_line_id AS lineId, order_id AS orderId, bought FROM claims WHERE ${sql}`,
      values,
    );
    if (claims.length === 0) return [];
    const lines = await orders.select<{ id: string; orderId: string; quantity: number }>(
      "SELECT id, order_id AS orderId, quantity FROM order_lines WHERE id IN (?)",
      [claims.map(({ lineId }) => lineId)],
    );
    const byId = new Map(lines.map((line) => [line.id, line]));
    return claims.flatMap(({ lineId, orderId, bought }): Disagreement[] => {
      const line = byId.get(lineId);
      if (line?.orderId === orderId && line.quantity === bought) return [];
      return [{ key: lineId, row: { lineId, orderId, bought, ordered: line?.quantity ?? null } }];
    });
  },
};

/** Statuses of the reservation that match a replacement once its events have arrived; null: none. */
const reservationOf: Readonly<Record<string, readonly (string | null)[]>> = {
  open: ["held", "released", null],
  promised: ["committed"],
  abandoned: ["held", "released", null],
  released: ["cancelled"],
  sent: ["sold"],
};

export const replacementsAreReserved: CrossServiceInvariant = {
  code: "after-sales.reservations",
  says: "Every promised replacement is reserved, every one that was sent is sold and what came back for it is booked; no other stock is",
  of: ["after-sales", "catalog"],
  about: "replacement",
  subjects: [
    { service: "after-sales", table: "replacements", key: "id" },
    { service: "catalog", table: "reservations", key: "order_id", where: "settled_by = 'after-sales'" },
  ],
  async disagreements({ "after-sales": afterSales, catalog }, scope) {
    const reservedIn = scopeCondition("r.order_id", scope);
    const reserved = await catalog.select<{ id: string; status: string; units: number; returned: number }>(
      `SELECT r.order_id AS id, r.status, CAST(SUM(l.quantity) AS SIGNED) AS units,
         CAST(SUM(l.returned) AS SIGNED) AS returned
       FROM reservations r JOIN reservation_lines l ON l.order_id = r.order_id
       WHERE r.settled_by = 'after-sales' AND ${reservedIn.sql} GROUP BY r.order_id, r.status`,
      reservedIn.values,
    );
    const { sql, values } = scopeCondition("p.id", scope);
    const known = await afterSales.select<{ id: string; state: string; afterSaleId: string; units: number }>(
      `SELECT p.id, p.state, p.after_sale_id AS afterSaleId, CAST(COALESCE((SELECT SUM(g.quantity) FROM after_sale_lines g
         WHERE g.after_sale_id = p.after_sale_id), 0) AS SIGNED) AS units
       FROM replacements p WHERE ${sql}`,
      values,
    );
    const reservations = new Map(reserved.map((one) => [one.id, one]));
    const ids = new Set(known.map(({ id }) => id));
    return [
      ...known.flatMap(({ id, state, afterSaleId, units }): Disagreement[] => {
        const found = reservations.get(id);
        const isRight =
          reservationOf[state]?.includes(found?.status ?? null) === true &&
          (!found || found.units === units) &&
          (state !== "sent" || found?.returned === units);
        const row = { replacementId: id, afterSaleId, state, units, reservation: found?.status ?? null };
        return isRight ? [] : [{ key: id, row: { ...row, reserved: found?.units ?? null } }];
      }),
      ...reserved
        .filter(({ id }) => !ids.has(id))
        .map(({ id, status, units }) => ({
          key: id,
          row: { replacementId: id, afterSaleId: null, state: null, reservation: status, reserved: units },
        })),
    ];
  },
};
