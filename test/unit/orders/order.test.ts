import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { newId } from "../../../services/contract/ids.ts";
import { isShopError } from "../../../services/contract/errors.ts";
import { untouched } from "../../../services/orders/domain/goods.ts";
import type { OrderWithLines } from "../../../services/orders/domain/order.ts";
import { cancel, expire, pay, takeBack } from "../../../services/orders/domain/order.ts";
import type { OrderStatus, OrderStep } from "../../../services/orders/domain/order-status.ts";
import { transition, transitions } from "../../../services/orders/domain/order-status.ts";
import { orderStatuses } from "../../../services/orders/orders.contract.ts";

const now = Date.UTC(2026, 0, 1);

function orderOf(bought: readonly { quantity: number; unitPrice: number }[], change: Partial<OrderWithLines> = {}) {
  const subtotal = bought.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const { discount = 0, shipping = 495 } = change;
  const order: OrderWithLines = {
    id: newId(),
    number: "K7Q2-9XMD",
    customerId: newId(),
    status: "placed",
    currency: "GBP",
    subtotal,
    discount,
    shipping,
    tax: 0,
    total: subtotal - discount + shipping,
    refunded: 0,
    payBefore: now + 1000,
    shippingAddress: { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1", country: "GB" },
    note: null,
    cartId: newId(),
    version: 1,
    placedAt: now,
    updatedAt: now,
    lines: bought.map((line, index) => ({
      ...line,
      id: `line-${index}`,
      variantId: `variant-${index}`,
      productId: newId(),
      sku: "SKU",
      name: "Thing",
      options: {},
      ...untouched,
    })),
    ...change,
  };
  return order;
}

const paid = (bought: readonly { quantity: number; unitPrice: number }[], change: Partial<OrderWithLines> = {}) =>
  pay(orderOf(bought, change), now);

describe("the status of an order", () => {
  const steps: OrderStep[] = ["pay", "cancel", "expire", "pack", "unpack", "ship", "deliver", "refund", "return"];
  const allowed = new Map<OrderStatus, readonly OrderStep[]>([
    ["placed", ["pay", "cancel", "expire"]],
    ["paid", ["cancel", "pack", "ship", "refund", "return"]],
    ["packed", ["cancel", "unpack", "ship", "refund", "return"]],
    ["shipped", ["deliver", "refund", "return"]],
    ["delivered", ["refund", "return"]],
    ["refunded", ["return"]],
  ]);

  test.each(orderStatuses.flatMap((from) => steps.map((step) => [from, step] as const)))(
    "%s: %s is allowed exactly when the rules say so",
    (from, step) => {
      if (allowed.get(from)?.includes(step)) expect(Object.keys(transitions)).toContain(transition(from, step));
      else
        expect(() => transition(from, step)).toThrow(
          expect.objectContaining({ type: "illegal-transition", data: { from } }),
        );
    },
  );

  test("each change makes a new version, and only a placed order waits for payment", () => {
    const order = orderOf([{ quantity: 1, unitPrice: 100 }]);
    for (const changed of [pay(order, now + 5), expire(order, now + 5), cancel(order, "customer", now + 5)])
      expect(changed).toMatchObject({ version: 2, updatedAt: now + 5, payBefore: null, refunded: 0 });
    expect(order).toMatchObject({ status: "placed", version: 1 });
  });
});

describe("cancelling", () => {
  test("a customer cannot cancel what is paid; staff can, and the total is due back", () => {
    const order = paid([{ quantity: 2, unitPrice: 100 }]);
    expect(() => cancel(order, "customer", now)).toThrow(expect.objectContaining({ type: "illegal-transition" }));
    expect(cancel(order, "staff", now)).toMatchObject({ status: "cancelled", refunded: order.total });
  });

  test("an order of which goods came back cannot be cancelled", () => {
    const { order } = takeBack(paid([{ quantity: 2, unitPrice: 100 }]), [{ lineId: "line-0", quantity: 1 }], now);
    expect(() => cancel(order, "staff", now)).toThrow(
      expect.objectContaining({ type: "illegal-transition", data: { from: "paid" } }),
    );
  });

  test("what is packed is cancelled by staff, what is shipped by nobody", () => {
    const packed = paid([{ quantity: 2, unitPrice: 100 }], { status: "placed" });
    expect(cancel({ ...packed, status: "packed" }, "staff", now)).toMatchObject({ status: "cancelled", refunded: 695 });
    expect(() => cancel({ ...packed, status: "packed" }, "customer", now)).toThrow(
      expect.objectContaining({ type: "illegal-transition", data: { from: "packed" } }),
    );
    expect(() => cancel({ ...packed, status: "shipped" }, "staff", now)).toThrow(
      expect.objectContaining({ type: "illegal-transition", data: { from: "shipped" } }),
    );
  });

  test("not even one whose returned goods cost nothing", () => {
    const { order } = takeBack(paid([{ quantity: 2, unitPrice: 0 }]), [{ lineId: "line-0", quantity: 1 }], now);
    expect(() => cancel(order, "staff", now)).toThrow(expect.objectContaining({ type: "illegal-transition" }));
  });
});

describe("taking goods back", () => {
  test("a part is refunded at its price and leaves the order paid; the rest makes it returned", () => {
    const order = paid([
      { quantity: 2, unitPrice: 100 },
      { quantity: 1, unitPrice: 50 },
    ]);
    const first = takeBack(order, [{ lineId: "line-0", quantity: 1 }], now);
    expect(first).toMatchObject({ refund: 100, order: { status: "paid", refunded: 100 } });
    const rest = [
      { lineId: "line-0", quantity: 1 },
      { lineId: "line-1", quantity: 1 },
    ];
    const second = takeBack(first.order, rest, now);
    expect(second).toMatchObject({ refund: 150, order: { status: "returned", refunded: 250 } });
  });

  test("goods that come back after all was refunded give back nothing more", () => {
    const order = { ...paid([{ quantity: 2, unitPrice: 100 }]), status: "refunded", refunded: 695 } as const;
    const part = takeBack<OrderWithLines>(order, [{ lineId: "line-0", quantity: 1 }], now);
    expect(part).toMatchObject({ refund: 0, order: { status: "refunded", refunded: 695 } });
    const rest = takeBack(part.order, [{ lineId: "line-0", quantity: 1 }], now);
    expect(rest).toMatchObject({ refund: 0, order: { status: "returned", refunded: 695 } });
  });

  test("a line named twice counts for both quantities", () => {
    const order = paid([{ quantity: 3, unitPrice: 100 }]);
    const twice = [
      { lineId: "line-0", quantity: 2 },
      { lineId: "line-0", quantity: 2 },
    ];
    expect(() => takeBack(order, twice, now)).toThrow(
      expect.objectContaining({ type: "limit-reached", data: { lineId: "line-0", limit: 3 } }),
    );
  });

  test("a line of another order is not found", () => {
    const order = paid([{ quantity: 1, unitPrice: 100 }]);
    expect(() => takeBack(order, [{ lineId: "other", quantity: 1 }], now)).toThrow(
      expect.objectContaining({ type: "not-found" }),
    );
  });

  test("whatever comes back in whatever portions, never more is refunded than the goods were paid with", () => {
    const bought = fc.array(
      fc.record({ quantity: fc.integer({ min: 1, max: 20 }), unitPrice: fc.integer({ min: 0, max: 100_000 }) }),
      { minLength: 1, maxLength: 6 },
    );
    const portions = fc.array(
      fc.array(fc.record({ line: fc.nat(6), quantity: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 4 }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(bought, portions, fc.nat(10_000), fc.nat(1000), (lines, asked, discounted, shipping) => {
        const subtotal = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
        let order = paid(lines, { discount: Math.min(discounted, subtotal), shipping });
        let refunds = 0;
        for (const portion of asked) {
          const before = order;
          try {
            const taken = takeBack(order, portion.map(({ line, quantity }) => ({ lineId: `line-${line}`, quantity })), now);
            order = taken.order;
            refunds += taken.refund;
            expect(taken.refund).toBeGreaterThanOrEqual(0);
          } catch (error) {
            expect(isShopError(error, "limit-reached", "not-found", "illegal-transition")).toBe(true);
            expect(order).toBe(before);
          }
        }
        expect(order.refunded).toBe(refunds);
        expect(refunds).toBeLessThanOrEqual(order.total - order.shipping);
        for (const line of order.lines) expect(line.returnedQuantity).toBeLessThanOrEqual(line.quantity);
        const allBack = order.lines.every((line) => line.returnedQuantity === line.quantity);
        expect(order.status).toBe(allBack ? "returned" : "paid");
      }),
    );
  });
});
