import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { newId } from "../../../mixins/contract/ids.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";
import type { LineQuantity } from "../../../services/orders/domain/fulfilment.ts";
import { unfulfilled } from "../../../services/orders/domain/fulfilment.ts";
import type { OrderWithLines } from "../../../services/orders/domain/order-model.ts";
import { cancel, returnGoods } from "../../../services/orders/domain/order.ts";
import { partsOf } from "../../../services/orders/domain/part.ts";
import type { Shipment } from "../../../services/orders/domain/shipment.ts";
import { dispatch, advanceShipment } from "../../../services/orders/domain/shipment.ts";

const now = Date.UTC(2026, 0, 1);

function paidOrder(quantities: readonly number[]): OrderWithLines {
  const subtotal = quantities.reduce((sum, quantity) => sum + quantity * 100, 0);
  const id = newId();
  const whole = {
    id,
    number: "K7Q2-9XMD",
    customerId: newId(),
    status: "paid" as const,
    currency: "GBP",
    subtotal,
    discount: 0,
    shipping: 0,
    tax: 0,
    taxRateBasisPoints: 2000,
    total: subtotal,
    refunded: 0,
    payBefore: null,
    shippingAddress: { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1", country: "GB" },
    note: null,
    couponCode: null,
    couponMerchantId: null,
    cartId: newId(),
    receivedAt: null,
    afterSales: 0,
    toReview: 0,
    version: 2,
    placedAt: now,
    updatedAt: now,
  };
  const lines = quantities.map((quantity, index) => ({
    id: `line-${index}`,
    variantId: `variant-${index}`,
    productId: newId(),
    sku: "SKU",
    name: "Thing",
    options: {},
    unitPrice: 100,
    discount: 0,
    quantity,
    ...unfulfilled,
    merchantId: null,
    partId: id,
    shipping: 0,
  }));
  return { ...whole, lines, parts: partsOf(whole, lines) };
}

const parcel = (status: "packed" | "shipped") => ({
  id: newId(),
  status,
  carrier: null,
  trackingNumber: null,
});

describe("whatever is packed, sent, received, unpacked, given back and called off, in whatever order", () => {
  const portion = fc.array(fc.record({ line: fc.nat(3), quantity: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  const step = fc.oneof(
    fc.record({
      do: fc.constantFrom("packed", "shipped", "return"),
      portion: fc.option(portion, { nil: undefined }),
    }),
    fc.record({
      do: fc.constantFrom("move"),
      at: fc.nat(9),
      to: fc.constantFrom("shipped", "delivered", "cancelled"),
    }),
    fc.record({ do: fc.constantFrom("cancel") }),
  );

  test("each piece is in one place, the status tells of the last of them, and parcels and lines agree", () => {
    const orders = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(orders, fc.array(step, { maxLength: 30 }), (quantities, steps) => {
        let order = paidOrder(quantities);
        const shipments: Shipment[] = [];
        const goodsOf = (wanted: readonly { line: number; quantity: number }[]): LineQuantity[] =>
          wanted.map(({ line, quantity }) => ({ lineId: `line-${line}`, quantity }));
        for (const taken of steps) {
          const { version } = order;
          try {
            if ("at" in taken) {
              const shipment = shipments[taken.at];
              if (!shipment) continue;
              const moved = advanceShipment(order, shipment, taken.to, now);
              shipments[taken.at] = moved.shipment;
              order = moved.order;
            } else if (!("portion" in taken)) {
              order = cancel(order, "staff", now);
              // As the database does.
              for (const [index, shipment] of shipments.entries())
                if (shipment.status === "packed") shipments[index] = { ...shipment, status: "cancelled" };
            } else if (taken.do === "return") {
              order = returnGoods(order, goodsOf(taken.portion ?? [{ line: 0, quantity: 1 }]), now).order;
            } else {
              const status = taken.do === "packed" ? "packed" : "shipped";
              const dispatched = dispatch(
                order,
                parcel(status),
                taken.portion && goodsOf(taken.portion),
                now,
              );
              shipments.push(dispatched.shipment);
              order = dispatched.order;
            }
            expect(order.version).toBe(version + 1);
          } catch (error) {
            expect(isShopError(error, "limit-reached", "not-found", "illegal-transition")).toBe(true);
            expect(order.version).toBe(version);
          }
          expectSound(order, shipments);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function expectSound(order: OrderWithLines, shipments: readonly Shipment[]): void {
  const inParcels = (lineId: string, ...statuses: Shipment["status"][]) =>
    shipments
      .filter(({ status }) => statuses.includes(status))
      .flatMap(({ lines }) => lines)
      .filter((line) => line.lineId === lineId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  for (const line of order.lines) {
    expect(line.packedQuantity).toBe(inParcels(line.id, "packed"));
    expect(line.shippedQuantity).toBe(inParcels(line.id, "shipped", "delivered"));
    expect(line.deliveredQuantity).toBe(inParcels(line.id, "delivered"));
    expect(line.packedQuantity + line.shippedQuantity + line.withdrawnQuantity).toBeLessThanOrEqual(
      line.quantity,
    );
    expect(line.withdrawnQuantity).toBeLessThanOrEqual(line.returnedQuantity);
    expect(line.returnedQuantity - line.withdrawnQuantity).toBeLessThanOrEqual(line.shippedQuantity);
  }
  const left = order.lines.map((line) => line.quantity - line.withdrawnQuantity - line.shippedQuantity);
  const isSent = left.every((quantity) => quantity === 0);
  const isPacked = !isSent && order.lines.every((line, index) => left[index] === line.packedQuantity);
  const isReceived = order.lines.every((line) => line.deliveredQuantity === line.shippedQuantity);
  const isBack = order.lines.every((line) => line.returnedQuantity === line.quantity);
  const byGoods = isSent ? (isReceived ? "delivered" : "shipped") : isPacked ? "packed" : "paid";
  if (order.status !== "cancelled") expect(order.status).toBe(isBack ? "returned" : byGoods);
  else expect(shipments.every(({ status }) => status === "cancelled")).toBe(true);
}
