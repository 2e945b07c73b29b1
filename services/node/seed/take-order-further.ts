import type { Caller } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { callerOf } from "./accounts.ts";
import type { DemoShop } from "./demo-shop.ts";
import type { Outcome } from "./data/orders.ts";
import type { Order, PayMeans } from "./place-order.ts";
import { payOrder, sellerCaller, shipGoods } from "./place-order.ts";
import type { Customer } from "./seed-customers.ts";
import type { Seller } from "./seed-merchants.ts";

interface Trade {
  readonly shop: DemoShop;
  readonly buyer: Customer;
  readonly means: PayMeans;
  readonly sellers: ReadonlyMap<string, Seller>;
}

/** Takes a placed order to its outcome, each step by whom it is up to. */
export async function takeOrderFurther(order: Order, outcome: Outcome, trade: Trade): Promise<void> {
  const { shop, buyer, means } = trade;
  // An unpaid order expires by itself.
  if (outcome === "to-pay" || outcome === "expired") return;
  if (outcome === "cancelled") {
    const reason = "Changed my mind";
    await shop.call("orders.cancel", { id: order.id, reason }, callerOf(buyer.account));
    return;
  }
  await payOrder(order, buyer, means, shop);
  await afterPayment[outcome](order, trade);
}

type Paid = Exclude<Outcome, "to-pay" | "expired" | "cancelled">;

const afterPayment: Readonly<Record<Paid, (order: Order, trade: Trade) => Promise<unknown>>> = {
  "cancelled-paid": ({ id }, { shop }) =>
    shop.call("orders.cancel", { id, reason: "The customer asked for it by phone" }),
  "to-ship": () => Promise.resolve(),
  packed: (order, trade) => shipParts(order, "packed", trade),
  "partly-shipped": shipSome,
  shipped: (order, trade) => shipParts(order, "shipped", trade),
  delivered: deliver,
  async received(order, trade) {
    await deliver(order, trade);
    await trade.shop.call("orders.receipts.record", { id: order.id }, callerOf(trade.buyer.account));
  },
  async "partly-refunded"(order, trade) {
    await deliver(order, trade);
    const amount = { ...order.total, amount: Math.ceil(order.total.amount / 5) };
    const refund = { amount, reason: "A scratch; the customer keeps it" };
    await trade.shop.call("orders.refunds.record", { id: order.id, idempotencyKey: newId(), ...refund });
  },
  async refunded(order, trade) {
    await deliver(order, trade);
    const reason = "Damaged on the way; not worth sending back";
    await trade.shop.call("orders.refunds.record", { id: order.id, idempotencyKey: newId(), reason });
  },
  async returned(order, trade) {
    await deliver(order, trade);
    const lines = order.lines.map(({ id: lineId, quantity }) => ({ lineId, quantity }));
    const reason = "Brought back to the shop";
    await trade.shop.call("orders.returns.record", { id: order.id, idempotencyKey: newId(), lines, reason });
  },
};

async function deliver(order: Order, trade: Trade): Promise<void> {
  for (const { shipment, as } of await shipParts(order, "shipped", trade))
    await trade.shop.call(
      "orders.shipments.update",
      { id: order.id, shipmentId: shipment.id, status: "delivered", expectedVersion: shipment.version },
      as,
    );
}

/** Each seller sends its part. */
async function shipParts(order: Order, status: "packed" | "shipped", { shop, sellers }: Trade) {
  const sent = [];
  for (const { id, merchantId } of order.parts) {
    const as: Caller | undefined = sellerCaller(merchantId, sellers);
    const lines = order.lines.filter(({ partId }) => partId === id);
    sent.push({ as, shipment: await shipGoods(order, lines, { status, as }, shop) });
  }
  return sent;
}

/** One part of several, or one line or unit of the only one. */
async function shipSome(order: Order, { shop, sellers }: Trade): Promise<void> {
  const [first] = order.lines;
  if (!first) return;
  const as = sellerCaller(first.merchantId, sellers);
  const quantity = order.lines.length > 1 ? first.quantity : 1;
  await shipGoods(order, [{ id: first.id, quantity }], { status: "shipped", as }, shop);
}
