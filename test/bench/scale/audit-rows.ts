import type { AuditRow, ChainedRow, ChainEnd } from "../../../services/audit/domain/chain.ts";
import { chainOnto, emptyChain } from "../../../services/audit/domain/chain.ts";
import { variantOf } from "../data/catalogue.ts";
import { idOf, madeAt } from "../data/made-up-ids.ts";
import { customerOf } from "./order-rows.ts";
import { emailOf } from "./people-rows.ts";
import type { Size } from "./sizes.ts";

/** Audit trail of a shop: the entries of an order, repeated, at the shop's own row width. */

export const entriesPerOrder = 10;
export const staff = 20;
const client = {
  address: "203.0.113.7",
  userAgent:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
};
const money = (amount: number) => ({ amount, currency: "GBP" });

type Entry = Pick<AuditRow, "type" | "entity" | "entity_id" | "actor_id"> & { readonly details: object };

/** The n-th entry of an order. */
function entryOf(order: number, nth: number, size: Size): Entry {
  const customer = idOf("user", customerOf(order, size));
  const clerk = idOf("user", order % staff);
  const orderId = idOf("order", order);
  const lines = [order, order + 1].map((variant) => ({
    variantId: idOf("variant", variant % size.variants),
    quantity: 1,
  }));
  const total = lines.reduce((sum, _line, nth) => sum + variantOf((order + nth) % size.variants).price, 0);
  const about = { orderId, number: `M${String(order).padStart(8, "0")}`, customerId: customer };
  const ofOrder = (type: string, actor_id: string, details: object = {}): Entry => ({
    type: `orders.${type}`,
    entity: "order",
    entity_id: orderId,
    actor_id,
    details: { ...about, ...details },
  });
  const ofUser = (type: string, details: object = {}): Entry => ({
    type: `users.${type}`,
    entity: "user",
    entity_id: customer,
    actor_id: customer,
    details: { userId: customer, ...details, ...client },
  });
  // Each customer's first order includes their registration and an open session.
  const isFirst = order < size.customers;
  switch (nth) {
    case 0:
      if (isFirst) return { ...ofUser("registered"), details: { userId: customer, email: emailOf(order) } };
      return ofUser("login-failed", { email: `${customer}@example.com` });
    case 1:
      return ofUser("logged-in", { sessionId: idOf("session", order) });
    case 2:
      return ofOrder("placed", customer, { cartId: idOf("cart", order), lines, total: money(total) });
    case 3:
      return ofOrder("payment-started", customer, {
        paymentId: idOf("payment", order),
        provider: "manual",
        amount: money(variantOf(order).price),
      });
    case 4:
      return ofOrder("paid", clerk, {
        paymentId: idOf("payment", order),
        amount: money(variantOf(order).price),
        lines,
      });
    case 5:
      return ofOrder("packed", clerk, { shipmentId: idOf("step", order), lines });
    case 6:
      return ofOrder("shipped", clerk, {
        shipmentId: idOf("step", order),
        carrier: "Post",
        trackingNumber: `RM${order}GB`,
        lines,
      });
    case 7:
      return ofOrder("delivered", clerk, { shipmentId: idOf("step", order) });
    case 8: {
      const variantId = idOf("variant", order % size.variants);
      return {
        type: "catalog.stock-changed",
        entity: "variant",
        entity_id: variantId,
        actor_id: clerk,
        details: { variantId, kind: "receive", quantity: 10, reason: "delivery" },
      };
    }
    default:
      return ofUser(isFirst ? "step-up-failed" : "logged-out", { sessionId: idOf("session", order) });
  }
}

/** Chained entries in order; `end` is the chain's present end. */
export class TrailMaker {
  readonly #size: Size;
  end: ChainEnd = emptyChain;

  constructor(size: Size) {
    this.#size = size;
  }

  next(index: number): Record<string, ChainedRow[]> {
    const { details, ...entry } = entryOf(
      Math.floor(index / entriesPerOrder),
      index % entriesPerOrder,
      this.#size,
    );
    const at = madeAt(index);
    const id = idOf("audit", index);
    const rows = chainOnto(this.end, [
      {
        id,
        ...entry,
        actor_kind: "user",
        details: JSON.stringify(details),
        request_id: id,
        occurred_at: at,
        recorded_at: at + 20,
      },
    ]);
    const { position, hash } = rows.at(-1) ?? this.end;
    this.end = { position, hash };
    return { audit_events: rows };
  }
}
