import { canonicalJson } from "../../../mixins/contract/canonical.ts";
import { expect, test } from "@jest/globals";
import { isShopError } from "../../../mixins/contract/errors.ts";
import { allocate } from "../../../mixins/support/rounding.ts";
import { unfulfilled } from "../../../services/orders/domain/fulfilment.ts";
import { cancel, pay, refundOrder, returnGoods } from "../../../services/orders/domain/order.ts";
import type { OrderLine, OrderWithLines } from "../../../services/orders/domain/order-model.ts";
import {
  completedParts,
  partsOf,
  pricedParts,
  refundedShares,
} from "../../../services/orders/domain/part.ts";
import { priceLines, shippingByMerchant } from "../../../services/orders/domain/pricing.ts";
import { receivableParts, receive } from "../../../services/orders/domain/receipt.ts";
import type { Shipment } from "../../../services/orders/domain/shipment.ts";
import { advanceShipment, dispatch } from "../../../services/orders/domain/shipment.ts";
import { randomFrom } from "../../cluster/nemesis.ts";

const baskets = 100_000;
const merchants = [null, ...Array.from({ length: 19 }, (_, index) => `merchant-${index}`)];
const now = Date.UTC(2026, 0, 1);
const pricing = {
  currency: "GBP",
  taxRateBasisPoints: 2000,
  shippingMinor: 495,
  freeShippingFromMinor: 5000,
  destinations: new Map([
    ["NO", { taxRateBasisPoints: 2500, shippingMinor: 1990, freeShippingFromMinor: null }],
  ]),
};
const amounts = ["subtotal", "discount", "shipping", "tax", "total", "refunded"] as const;
const random = randomFrom(20);
const upTo = (most: number) => Math.floor(random() * (most + 1));
const oneOf = <T>(choices: readonly T[]): T => choices[upTo(choices.length - 1)] as T;

function placed(): OrderWithLines {
  const bought = Array.from({ length: 1 + upTo(5) }, () => ({
    quantity: 1 + upTo(3),
    unitPrice: { amount: oneOf([0, 1, upTo(100), upTo(9000)]), currency: "GBP" },
    merchantId: oneOf(merchants),
  }));
  const country = oneOf(["GB", "NO", null]);
  const subtotal = bought.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
  const totals = priceLines(bought, pricing, { country, discount: oneOf([0, subtotal, upTo(subtotal)]) });
  const discounts = allocate(
    totals.discount,
    bought.map(({ quantity, unitPrice }) => quantity * unitPrice.amount),
  );
  const shipping = shippingByMerchant(bought, pricing, country);
  const lines: OrderLine[] = bought.map(({ quantity, unitPrice, merchantId }, index) => ({
    id: `line-${index}`,
    variantId: `variant-${index}`,
    productId: `product-${index}`,
    sku: "SKU",
    name: "Thing",
    options: {},
    merchantId,
    partId: `part-of-${merchantId}`,
    shipping:
      bought.findIndex((line) => line.merchantId === merchantId) === index
        ? (shipping.get(merchantId) ?? 0)
        : 0,
    unitPrice: unitPrice.amount,
    discount: discounts[index] ?? 0,
    quantity,
    ...unfulfilled,
  }));
  const whole = {
    ...totals,
    id: "order",
    number: "K7Q2-9XMD",
    customerId: "ada",
    status: "placed" as const,
    refunded: 0,
    payBefore: now + 1000,
    shippingAddress: { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1", country: "GB" },
    note: null,
    couponCode: null,
    couponMerchantId: null,
    cartId: "cart",
    receivedAt: null,
    afterSales: 0,
    toReview: 0,
    version: 1,
    placedAt: now,
    updatedAt: now,
  };
  const order = { ...whole, lines, parts: partsOf(whole, lines) };
  const quoted = pricedParts(bought, discounts, totals, pricing, country);
  const asQuoted = order.parts.map(
    ({ merchantId, subtotal: goods, discount, shipping: sent, tax, total }) => ({
      merchantId,
      subtotal: goods,
      discount,
      shipping: sent,
      tax,
      total,
    }),
  );
  same(canonicalJson(quoted), canonicalJson(asQuoted), "the quote's parts");
  return order;
}

/** Compares without the cost of a matcher. */
function same(found: unknown, wanted: unknown, what: string): void {
  if (found !== wanted) throw new Error(`${what}: ${String(found)} instead of ${String(wanted)}`);
}

function expectSound(order: OrderWithLines, refunds: readonly number[]): void {
  for (const amount of amounts) {
    const sum = order.parts.reduce((ofParts, part) => ofParts + part[amount], 0);
    same(sum, order[amount], amount);
    if (order.parts.some((part) => part[amount] < 0)) throw new Error(`negative ${amount}`);
  }
  for (const part of order.parts) {
    if (part.refunded > part.total || part.tax > part.total || part.discount > part.subtotal)
      throw new Error(`part out of bounds: ${JSON.stringify(part)}`);
    if (part.receivableSince !== null && part.receivedAt !== null) throw new Error("received twice");
  }
  same(
    refunds.reduce((sum, amount) => sum + amount, 0),
    order.refunded,
    "refunds",
  );
  if (order.parts.length === 1) same(order.parts[0]?.status, order.status, "status of the only part");
}

/** One random step; the order as it was when the step is illegal. */
function step(order: OrderWithLines, shipments: Shipment[]): OrderWithLines {
  const line = oneOf(order.lines);
  const wanted = [{ lineId: line.id, quantity: 1 + upTo(line.quantity) }];
  const part = oneOf(order.parts);
  switch (upTo(7)) {
    case 0: {
      const parcel = {
        id: `shipment-${shipments.length}`,
        status: oneOf(["packed", "shipped"] as const),
        carrier: null,
        trackingNumber: null,
      };
      const seller = part.merchantId === null ? undefined : [part.merchantId];
      const sent = dispatch(order, parcel, oneOf([wanted, undefined]), now, oneOf([undefined, seller]));
      shipments.push(sent.shipment);
      return sent.order;
    }
    case 1: {
      const index = upTo(shipments.length - 1);
      const known = shipments[index];
      if (!known) return order;
      const moved = advanceShipment(order, known, oneOf(["shipped", "delivered", "cancelled"] as const), now);
      shipments[index] = moved.shipment;
      return moved.order;
    }
    case 2:
    case 3:
      return returnGoods(
        order,
        oneOf([wanted, [...wanted, { lineId: oneOf(order.lines).id, quantity: 1 }]]),
        now,
      ).order;
    case 4:
      return refundOrder(order, oneOf([undefined, 1 + upTo(order.total)]), now, oneOf([undefined, part.id]))
        .order;
    case 5:
      return refundOrder(order, 1 + upTo(Math.max(0, part.total - part.refunded)), now, part.id).order;
    case 6:
      return upTo(5) === 0 ? cancel(order, "staff", now) : order;
    default: {
      const [free] = receivableParts(order, part.id, new Set());
      return free ? receive(order, free.id, now) : order;
    }
  }
}

test(`the parts of ${baskets} orders of 20 merchants add up to them, whatever is sent, returned and refunded`, () => {
  let refundCount = 0;
  let ofSeveral = 0;
  for (let basket = 0; basket < baskets; basket += 1) {
    let order = placed();
    expectSound(order, []);
    order = pay(order, now);
    const refunds: number[] = [];
    const shipments: Shipment[] = [];
    const steps = upTo(6);
    for (let index = 0; index < steps; index += 1) {
      let after: OrderWithLines;
      try {
        after = step(order, shipments);
      } catch (error) {
        if (!isShopError(error, "illegal-transition", "limit-reached", "not-found")) throw error;
        continue;
      }
      const shares = refundedShares(order.parts, after.parts);
      if (after.refunded !== order.refunded) refunds.push(after.refunded - order.refunded);
      same(
        shares.reduce((sum, { amount }) => sum + amount, 0),
        after.refunded - order.refunded,
        "shares of a refund",
      );
      order = after;
      expectSound(order, refunds);
    }
    refundCount += refunds.length;
    if (order.parts.length > 1) ofSeveral += 1;
    // As an earlier version leaves it: no shares are known.
    const { parts, shares } = completedParts(order, [], refunds);
    expectSound({ ...order, parts: parts.map((part) => ({ ...part, status: order.status })) }, refunds);
    if (shares.length !== refunds.length) throw new Error("a refund without shares");
  }
  expect(ofSeveral).toBeGreaterThan(baskets / 2);
  expect(refundCount).toBeGreaterThan(baskets / 4);
}, 300_000);
