import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { newId } from "../../../mixins/contract/ids.ts";
import { maxPriceMinor } from "../../../mixins/contract/money.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";
import { unfulfilled } from "../../../services/orders/domain/fulfilment.ts";
import type { OrderWithLines } from "../../../services/orders/domain/order-model.ts";
import { cancel, expire, pay, refundOrder, returnGoods } from "../../../services/orders/domain/order.ts";
import type { OrderStatus, OrderStep } from "../../../services/orders/domain/order-status.ts";
import { transition, transitions } from "../../../services/orders/domain/order-status.ts";
import { partsOf } from "../../../services/orders/domain/part.ts";
import { allocate } from "../../../mixins/support/rounding.ts";
import { orderStatuses } from "../../../services/orders/orders.contract.ts";

const now = Date.UTC(2026, 0, 1);

function orderOf(
  bought: readonly { quantity: number; unitPrice: number }[],
  change: Partial<OrderWithLines> = {},
) {
  const subtotal = bought.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const { discount = 0, shipping = 495 } = change;
  const discounts = allocate(
    discount,
    bought.map(({ quantity, unitPrice }) => quantity * unitPrice),
  );
  const id = newId();
  const whole = {
    id,
    number: "K7Q2-9XMD",
    customerId: newId(),
    status: "placed" as OrderStatus,
    currency: "GBP",
    subtotal,
    discount,
    shipping,
    tax: 0,
    taxRateBasisPoints: 2000,
    total: subtotal - discount + shipping,
    refunded: 0,
    payBefore: now + 1000,
    shippingAddress: { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1", country: "GB" },
    note: null,
    couponCode: null,
    couponMerchantId: null,
    cartId: newId(),
    receivedAt: null,
    afterSales: 0,
    toReview: 0,
    version: 1,
    placedAt: now,
    updatedAt: now,
    ...change,
  };
  const lines = bought.map((line, index) => ({
    ...line,
    id: `line-${index}`,
    variantId: `variant-${index}`,
    productId: newId(),
    sku: "SKU",
    name: "Thing",
    options: {},
    ...unfulfilled,
    discount: discounts[index] ?? 0,
    merchantId: null,
    partId: id,
    shipping: index === 0 ? shipping : 0,
  }));
  const order: OrderWithLines = { ...whole, lines, parts: partsOf(whole, lines), ...change };
  return order;
}

const paid = (
  bought: readonly { quantity: number; unitPrice: number }[],
  change: Partial<OrderWithLines> = {},
) => pay(orderOf(bought, change), now);

describe("the status of an order", () => {
  const steps: OrderStep[] = [
    "pay",
    "cancel",
    "expire",
    "pack",
    "unpack",
    "ship",
    "deliver",
    "refund",
    "return",
  ];
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
      if (allowed.get(from)?.includes(step))
        expect(Object.keys(transitions)).toContain(transition(from, step));
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
  test("a customer cannot cancel a paid order; staff can, and the total is refunded", () => {
    const order = paid([{ quantity: 2, unitPrice: 100 }]);
    expect(() => cancel(order, "customer", now)).toThrow(
      expect.objectContaining({ type: "illegal-transition" }),
    );
    expect(cancel(order, "staff", now)).toMatchObject({ status: "cancelled", refunded: order.total });
  });

  test("an order of which goods came back cannot be cancelled", () => {
    const { order } = returnGoods(
      paid([{ quantity: 2, unitPrice: 100 }]),
      [{ lineId: "line-0", quantity: 1 }],
      now,
    );
    expect(() => cancel(order, "staff", now)).toThrow(
      expect.objectContaining({ type: "illegal-transition", data: { from: "paid" } }),
    );
  });

  test("a packed order can be cancelled by staff, a shipped one cannot", () => {
    const packed = paid([{ quantity: 2, unitPrice: 100 }], { status: "placed" });
    expect(cancel({ ...packed, status: "packed" }, "staff", now)).toMatchObject({
      status: "cancelled",
      refunded: 695,
    });
    expect(() => cancel({ ...packed, status: "packed" }, "customer", now)).toThrow(
      expect.objectContaining({ type: "illegal-transition", data: { from: "packed" } }),
    );
    expect(() => cancel({ ...packed, status: "shipped" }, "staff", now)).toThrow(
      expect.objectContaining({ type: "illegal-transition", data: { from: "shipped" } }),
    );
  });

  test("not even one whose returned goods cost nothing", () => {
    const { order } = returnGoods(
      paid([{ quantity: 2, unitPrice: 0 }]),
      [{ lineId: "line-0", quantity: 1 }],
      now,
    );
    expect(() => cancel(order, "staff", now)).toThrow(
      expect.objectContaining({ type: "illegal-transition" }),
    );
  });
});

describe("taking goods back", () => {
  test("a part is refunded at its price and leaves the order paid; the rest makes it returned", () => {
    const order = paid([
      { quantity: 2, unitPrice: 100 },
      { quantity: 1, unitPrice: 50 },
    ]);
    const first = returnGoods(order, [{ lineId: "line-0", quantity: 1 }], now);
    expect(first).toMatchObject({ refund: 100, order: { status: "paid", refunded: 100 } });
    const rest = [
      { lineId: "line-0", quantity: 1 },
      { lineId: "line-1", quantity: 1 },
    ];
    const second = returnGoods(first.order, rest, now);
    expect(second).toMatchObject({ refund: 150, order: { status: "returned", refunded: 250 } });
  });

  test("goods that come back after all was refunded give back nothing more", () => {
    const { order } = refundOrder(paid([{ quantity: 2, unitPrice: 100 }]), undefined, now);
    expect(order).toMatchObject({ status: "refunded", refunded: 695 });
    const part = returnGoods<OrderWithLines>(order, [{ lineId: "line-0", quantity: 1 }], now);
    expect(part).toMatchObject({ refund: 0, order: { status: "refunded", refunded: 695 } });
    const rest = returnGoods(part.order, [{ lineId: "line-0", quantity: 1 }], now);
    expect(rest).toMatchObject({ refund: 0, order: { status: "returned", refunded: 695 } });
  });

  test("discounted goods are refunded at the price paid, unit by unit to the penny", () => {
    // 10.00 off three at 3.33 and one at 5.01: 6.66 and 3.34 off; the three cost 3.33 together.
    const order = paid(
      [
        { quantity: 3, unitPrice: 333 },
        { quantity: 1, unitPrice: 501 },
      ],
      { discount: 1000 },
    );
    expect(order.lines.map(({ discount }) => discount)).toEqual([666, 334]);
    const one = [{ lineId: "line-0", quantity: 1 }];
    const first = returnGoods(order, one, now);
    const second = returnGoods(first.order, [...one, { lineId: "line-1", quantity: 1 }], now);
    const third = returnGoods(second.order, one, now);
    expect([first.refund, second.refund, third.refund]).toEqual([111, 278, 111]);
    expect(third.order).toMatchObject({ status: "returned", refunded: 500 });
  });

  test("a line named twice counts for both quantities", () => {
    const order = paid([{ quantity: 3, unitPrice: 100 }]);
    const twice = [
      { lineId: "line-0", quantity: 2 },
      { lineId: "line-0", quantity: 2 },
    ];
    expect(() => returnGoods(order, twice, now)).toThrow(
      expect.objectContaining({ type: "limit-reached", data: { lineId: "line-0", limit: 3 } }),
    );
  });

  test("a line of another order is not found", () => {
    const order = paid([{ quantity: 1, unitPrice: 100 }]);
    expect(() => returnGoods(order, [{ lineId: "other", quantity: 1 }], now)).toThrow(
      expect.objectContaining({ type: "not-found" }),
    );
  });

  test("refunds of all goods add up to the price paid, in any portions and order", () => {
    const bought = fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 12 }),
        unitPrice: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(maxPriceMinor)),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const turns = fc.infiniteStream(fc.record({ line: fc.nat(), pieces: fc.integer({ min: 1, max: 5 }) }));
    fc.assert(
      fc.property(bought, fc.double({ min: 0, max: 1, noNaN: true }), turns, (lines, off, next) => {
        const subtotal = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
        let order = paid(lines, { discount: Math.floor(subtotal * off) });
        const refunds = new Map<string, number>();
        while (order.status === "paid") {
          const open = order.lines.filter(({ quantity, returnedQuantity }) => returnedQuantity < quantity);
          const { line, pieces } = next.next().value ?? { line: 0, pieces: 1 };
          const chosen = open[line % open.length];
          if (!chosen) throw new Error("a paid order has goods to take back");
          const quantity = Math.min(pieces, chosen.quantity - chosen.returnedQuantity);
          const taken = returnGoods(order, [{ lineId: chosen.id, quantity }], now);
          expect(taken.refund).toBeGreaterThanOrEqual(0);
          refunds.set(chosen.id, (refunds.get(chosen.id) ?? 0) + taken.refund);
          order = taken.order;
        }
        expect(order.status).toBe("returned");
        expect(order.refunded).toBe(order.subtotal - order.discount);
        for (const line of order.lines)
          expect(refunds.get(line.id)).toBe(line.quantity * line.unitPrice - line.discount);
      }),
    );
  });

  test("refunds of returned parts, in any portions, never exceed what was paid for the goods", () => {
    const bought = fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 20 }),
        unitPrice: fc.integer({ min: 0, max: 100_000 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const portions = fc.array(
      fc.array(fc.record({ line: fc.nat(6), quantity: fc.integer({ min: 1, max: 20 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
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
            const taken = returnGoods(
              order,
              portion.map(({ line, quantity }) => ({ lineId: `line-${line}`, quantity })),
              now,
            );
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
