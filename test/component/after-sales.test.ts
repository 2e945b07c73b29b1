import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Service } from "moleculer";
import { configOf } from "../../mixins/service/config-of.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Job } from "../../mixins/service/jobs.ts";
import { jobContext } from "../../mixins/service/jobs.ts";
import type { Caller, UserCaller } from "../../mixins/contract/caller.ts";
import type { Input, Result } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { stepUpMs } from "../../mixins/contract/step-up.ts";
import { AfterSaleRepository } from "../../services/after-sales/data/after-sale-repository.ts";
import { endStatuses } from "../../services/after-sales/jobs/end-statuses.job.ts";
import { eraseTexts } from "../../services/after-sales/jobs/erase-texts.job.ts";
import { tellOrdersOfAfterSales } from "../../services/after-sales/jobs/tell-orders.job.ts";
import { giveRefunds } from "../../services/after-sales/jobs/give-refunds.job.ts";
import { settleOverdueReservations } from "../../services/catalog/jobs/settle-overdue-reservations.job.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { dataServices } from "../support/data-services.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

type Order = Result<"orders.get">;
type AfterSale = Result<"after-sales.requests.get">;
type Wish = Partial<Omit<Input<"after-sales.requests.create">, "lines">> & {
  readonly line?: number;
  readonly quantity?: number;
};

const hour = 3_600_000;
const day = 24 * hour;
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const shippingAddress = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1 1AA", country: "GB" };
const parcel = { carrier: "DHL", trackingNumber: "0034" };

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({
    services: dataServices,
    env: { SWEEP_INTERVAL_SECONDS: "3600", SHIPPING_MINOR: "0" },
  });
}, 60_000);
afterAll(() => shop?.stop());
afterEach(() => {
  jest.restoreAllMocks();
});

const staff: UserCaller = {
  ...customer(),
  role: "support",
  permissions: ["orders:read", "orders:write", "after-sales:write"],
};

/** Runs a job of after-sales, or of another service, as if it were `now`. */
async function run(job: Job<never>, now = Date.now(), name = "after-sales"): Promise<void> {
  const service = shop.broker.getLocalService(name) as Service &
    ServiceWithDatabase & { collaborators: never };
  await job.run({ ...jobContext(service, job.name), now }, service.collaborators);
}
const database = (name: string) =>
  (shop.broker.getLocalService(name) as Service & ServiceWithDatabase).database;

async function product(stock = 100, priceMinor = 1000): Promise<string> {
  const made = await shop.call("catalog.products.create", {
    slug: newId(),
    name: "Mug",
    status: "published",
    variants: [{ sku: newId(), priceMinor, options: {} }],
  });
  const variantId = made.variants[0]?.id ?? "";
  if (stock > 0)
    await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: stock, reason: "new" });
  // Customers may read from a replica.
  const isOnSale = async () =>
    (await shop.call("catalog.variants.lookup", { ids: [variantId] }, { as: customer() })).length > 0;
  while (!(await isOnSale()));
  return variantId;
}

/** A paid order with a line for each of the quantities. */
async function bought(as: Caller, quantities: readonly number[], stock = 100): Promise<Order> {
  const { id: cartId } = await shop.call("cart.create", {}, { as });
  for (const quantity of quantities)
    await shop.call("cart.items.add", { id: cartId, variantId: await product(stock), quantity }, { as });
  const { total } = await shop.call("cart.quote", { id: cartId, country: "GB" }, { as });
  const wish = { cartId, total, shippingAddress, idempotencyKey: newId() };
  const { id } = await shop.call("orders.place", wish, { as });
  await shop.call("orders.payments.record", { id, idempotencyKey: newId() });
  await shop.settled();
  return shop.call("orders.get", { id });
}

/** @param lines default: all that are not sent yet */
const send = ({ id }: Order, lines?: { lineId: string; quantity: number }[]) =>
  shop.call("orders.shipments.create", { id, idempotencyKey: newId(), lines });

async function deliver(order: Order, lines?: Parameters<typeof send>[1]): Promise<Order> {
  const { id } = order;
  const sent = await send(order, lines);
  const { id: shipmentId, version: expectedVersion } = sent;
  const change = { id, shipmentId, expectedVersion, status: "delivered" } as const;
  await shop.call("orders.shipments.update", change);
  return shop.call("orders.get", { id });
}

const lineOf = ({ lines }: Order, index = 0) => lines[index]?.id ?? "";
const ask = (as: Caller, order: Order, { line = 0, quantity = 1, ...wish }: Wish = {}) =>
  shop.call(
    "after-sales.requests.create",
    {
      orderId: order.id,
      idempotencyKey: newId(),
      kind: "return-and-refund",
      reason: "damaged",
      lines: [{ lineId: lineOf(order, line), quantity }],
      ...wish,
    },
    { as },
  );
const read = (id: string) => shop.call("after-sales.requests.get", { id });
const approve = ({ id }: { id: string }, as: Caller = staff) =>
  shop.call("after-sales.answers.approve", { id }, { as });
const reject = ({ id }: { id: string }, as: Caller = staff) =>
  shop.call("after-sales.answers.reject", { id, reason: "No" }, { as });
const sendBack = ({ id }: { id: string }, as: Caller) =>
  shop.call("after-sales.requests.send-back", { id, ...parcel }, { as });
const receive = ({ id }: { id: string }, restock = true) =>
  shop.call("after-sales.answers.receive", { id, restock }, { as: staff });
const withdraw = ({ id }: { id: string }, as: Caller) =>
  shop.call("after-sales.requests.withdraw", { id }, { as });
const replace = ({ id }: { id: string }) =>
  shop.call("after-sales.answers.replace", { id, ...parcel }, { as: staff });
const decide = ({ id }: { id: string }, decision: "uphold" | "dismiss", as: Caller = staff) =>
  shop.call("after-sales.answers.decide", { id, decision, reason: "Seen" }, { as });
const refundsOf = async ({ id }: Order) => (await shop.call("orders.refunds.list", { id })).items;
const stockOf = ({ lines }: Order, index = 0) =>
  shop.call("catalog.stock.get", { variantId: lines[index]?.variantId ?? "" });
const stepsOf = async ({ id }: { id: string }) =>
  (await shop.call("after-sales.requests.timeline", { id })).items.map(({ step }) => step);
/** As the audit trail has them. */
async function eventsOf({ id }: { id: string }): Promise<string[]> {
  await shop.settled();
  const { items } = await shop.call("audit.list", { entity: "after-sale", entityId: id, limit: 100 });
  return items.map(({ type }) => type.slice("after-sales.".length)).toReversed();
}

/** A method of the repository, without a spy. */
function original<N extends "lock" | "update">(name: N) {
  const descriptor = originals[name];
  return descriptor?.value as AfterSaleRepository[N];
}
const originals = Object.getOwnPropertyDescriptors(AfterSaleRepository.prototype);

async function outcome<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((error: unknown) => {
    if (isShopError(error)) return error.type;
    throw error;
  });
}

describe("goods that come back", () => {
  test("are refunded when they have arrived, with times, events and stock", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [3]));
    const asked = await ask(buyer, order, { quantity: 2, text: "Both are broken" });
    expect(asked).toMatchObject({
      status: "requested",
      goods: "returned",
      amount: gbp(2000),
      refund: null,
      merchantId: null,
      text: "Both are broken",
      lines: [{ lineId: lineOf(order), quantity: 2, worth: gbp(2000) }],
    });
    expect(Date.parse(asked.dueAt ?? "")).toBeCloseTo(Date.now() + 48 * hour, -4);
    expect(await approve(asked)).toMatchObject({ status: "approved", remedy: "refund" });
    expect(await refundsOf(order)).toEqual([]);
    expect(await sendBack(asked, buyer)).toMatchObject({ status: "sent-back", returnParcel: parcel });
    const refunded = await receive(asked);
    expect(refunded).toMatchObject({ status: "refunded", refund: gbp(2000), restock: true, dueAt: null });
    expect(await refundsOf(order)).toMatchObject([{ amount: gbp(2000), cause: "return" }]);
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 99, sold: 3, returned: 2 });
    expect(await shop.call("orders.get", { id: order.id })).toMatchObject({
      status: "delivered",
      refunded: gbp(2000),
      lines: [{ returnedQuantity: 2 }],
    });
    expect(await stepsOf(asked)).toEqual(["request", "approve", "send-back", "receive", "refund"]);
    expect(await eventsOf(asked)).toEqual(["requested", "approved", "sent-back", "received", "refunded"]);
    const { items } = await shop.call("after-sales.requests.timeline", { id: asked.id }, { as: buyer });
    expect(items.map(({ actor }) => actor)).toEqual([
      `user:${buyer.userId}`,
      `user:${staff.userId}`,
      `user:${buyer.userId}`,
      `user:${staff.userId}`,
      "system:after-sales.give-refunds",
    ]);
  });

  test("that cannot be sold again are written off", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order);
    await approve(asked);
    await sendBack(asked, buyer);
    await receive(asked, false);
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 99, sold: 1, returned: 1 });
  });

  test("can be rejected when they arrive, and staff decide", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order);
    await approve(asked);
    await sendBack(asked, buyer);
    expect(await reject(asked)).toMatchObject({ status: "rejected" });
    expect(await outcome(withdraw(asked, buyer))).toBe("illegal-transition");
    const { id } = asked;
    await shop.call("after-sales.requests.escalate", { id, reason: "It was like that" }, { as: buyer });
    expect(await decide(asked, "uphold")).toMatchObject({ status: "refunded", refund: gbp(1000) });
    expect(await stepsOf(asked)).toEqual([
      "request",
      "approve",
      "send-back",
      "reject",
      "escalate",
      "uphold-received",
      "refund",
    ]);
  });
});

describe("goods that do not come back", () => {
  test("and were not sent are withdrawn from the order and refunded at once", async () => {
    const buyer = customer();
    const order = await bought(buyer, [3]);
    const asked = await ask(buyer, order, { kind: "refund-only", quantity: 2, reason: "late" });
    expect(asked).toMatchObject({ goods: "unshipped", amount: gbp(2000) });
    expect(await approve(asked)).toMatchObject({ status: "refunded", refund: gbp(2000) });
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 99, sold: 3, returned: 2 });
    expect((await deliver(order)).lines).toMatchObject([{ shippedQuantity: 1, returnedQuantity: 2 }]);
  });

  test("of an order of which others were sent, are withdrawn all the same", async () => {
    const buyer = customer();
    const order = await bought(buyer, [3]);
    const lines = [{ lineId: lineOf(order), quantity: 1 }];
    await shop.call("orders.shipments.create", { id: order.id, idempotencyKey: newId(), lines });
    const asked = await ask(buyer, order, { kind: "refund-only", quantity: 2 });
    expect(asked).toMatchObject({ goods: "unshipped" });
    await approve(asked);
    expect(await shop.call("orders.get", { id: order.id })).toMatchObject({
      status: "shipped",
      lines: [{ shippedQuantity: 1, returnedQuantity: 2 }],
    });
  });

  test("and were packed meanwhile are not approved by anybody; in silence the request is closed", async () => {
    const buyer = customer();
    const order = await bought(buyer, [1]);
    const asked = await ask(buyer, order, { kind: "refund-only" });
    await shop.call("orders.shipments.create", { id: order.id, idempotencyKey: newId(), status: "packed" });
    expect(await outcome(approve(asked))).toBe("illegal-transition");
    await run(endStatuses, Date.now() + 48 * hour + 1000);
    expect(await read(asked.id)).toMatchObject({ status: "closed", dueAt: null });
    expect(await refundsOf(order)).toEqual([]);
  });

  test("stay with the buyer for a part of their price", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [2]));
    const wish = { kind: "refund-only", quantity: 2, reason: "damaged" } as const;
    expect(await outcome(ask(buyer, order, { ...wish, amount: gbp(2001) }))).toBe("validation-failed");
    expect(await outcome(ask(buyer, order, { ...wish, amount: { amount: 1, currency: "EUR" } }))).toBe(
      "validation-failed",
    );
    expect(await outcome(ask(buyer, order, { kind: "exchange", amount: gbp(1) }))).toBe("validation-failed");
    const asked = await ask(buyer, order, { ...wish, amount: gbp(300) });
    expect(asked).toMatchObject({ goods: "kept", amount: gbp(300) });
    expect(await approve(asked)).toMatchObject({ status: "refunded", refund: gbp(300) });
    expect(await refundsOf(order)).toMatchObject([{ amount: gbp(300), cause: "after-sale" }]);
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ sold: 2, returned: 0 });
    // Nothing more can be asked for them.
    expect(await outcome(ask(buyer, order))).toBe("limit-reached");
  });
});

describe("an exchange", () => {
  test("reserves the replacement, sells it when it is sent, and puts back what came back", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [2], 3));
    const asked = await ask(buyer, order, { kind: "exchange" });
    expect(await approve(asked)).toMatchObject({ status: "approved", remedy: "replacement" });
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 0, reserved: 1, sold: 2 });
    await run(settleOverdueReservations, Date.now() + hour, "catalog");
    expect(await stockOf(order)).toMatchObject({ reserved: 1 });
    await sendBack(asked, buyer);
    expect(await receive(asked)).toMatchObject({ status: "received", refund: null });
    expect(await replace(asked)).toMatchObject({ status: "replaced", replacementParcel: parcel });
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 1, reserved: 0, sold: 3, returned: 1 });
    expect(await refundsOf(order)).toEqual([]);
    // What the buyer has now can be returned.
    const again = await ask(buyer, order, { quantity: 2 });
    await approve(again);
    await sendBack(again, buyer);
    expect(await receive(again)).toMatchObject({ status: "refunded", refund: gbp(2000) });
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 3, sold: 3, returned: 3 });
  });

  test("without stock fails with stock-shortage and reserves nothing; in silence it becomes a refund", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [2], 2));
    const asked = await ask(buyer, order, { kind: "exchange" });
    expect(await outcome(approve(asked))).toBe("stock-shortage");
    expect(await read(asked.id)).toMatchObject({ status: "requested" });
    await run(endStatuses, Date.now() + 48 * hour + 1000);
    expect(await read(asked.id)).toMatchObject({ status: "approved", remedy: "refund" });
    await sendBack(asked, buyer);
    expect(await receive(asked)).toMatchObject({ status: "refunded", refund: gbp(1000) });
  });

  test("whose replacement is not sent in time is refunded; its stock is free", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1], 2));
    const asked = await ask(buyer, order, { kind: "exchange" });
    await approve(asked);
    await sendBack(asked, buyer);
    await receive(asked);
    await run(endStatuses, Date.now() + 8 * day);
    await run(giveRefunds, Date.now() + 8 * day);
    expect(await read(asked.id)).toMatchObject({ status: "refunded", remedy: "refund", refund: gbp(1000) });
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 2, reserved: 0, sold: 1, returned: 1 });
  });

  test.each(["withdrawn", "closed"])("that is %s releases its replacement", async (how) => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1], 2));
    const asked = await ask(buyer, order, { kind: "exchange" });
    await approve(asked);
    await (how === "withdrawn" ? withdraw(asked, buyer) : run(endStatuses, Date.now() + 8 * day));
    expect(await read(asked.id)).toMatchObject({ status: how });
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 1, reserved: 0 });
    expect(await ask(buyer, order)).toMatchObject({ status: "requested" });
  });

  test("whose approval crashes behind the reservation gives the stock back, and can be approved again", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1], 2));
    const asked = await ask(buyer, order, { kind: "exchange" });
    jest.spyOn(AfterSaleRepository.prototype, "update").mockRejectedValueOnce(new Error("killed"));
    jest
      .spyOn(shop.broker.getLocalService("after-sales")?.logger ?? console, "warn")
      .mockImplementation(() => undefined);
    await expect(approve(asked)).rejects.toThrow("killed");
    await shop.settled();
    expect(await stockOf(order)).toMatchObject({ onHand: 1, reserved: 0 });
    expect(await approve(asked)).toMatchObject({ status: "approved" });
  });

  test("that was ruled out while its stock was reserved is not promised", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1], 2));
    const asked = await ask(buyer, order, { kind: "exchange" });
    jest.spyOn(AfterSaleRepository.prototype, "lock").mockImplementationOnce(async function (
      this: AfterSaleRepository,
      ...params
    ) {
      // The lease has expired before the decision.
      const sql = "UPDATE reservations SET lease_until = 1 WHERE status = 'held'";
      const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
      await database("catalog").transaction(origin, (tx) => database("catalog").execute(sql, [], tx));
      return original("lock").apply(this, params);
    });
    const settling = run(settleOverdueReservations, Date.now() + 2 * hour, "catalog");
    await Promise.all([outcome(approve(asked)), settling]);
    await run(settleOverdueReservations, Date.now() + 2 * hour, "catalog");
    await shop.settled();
    const { status } = await read(asked.id);
    expect(await stockOf(order)).toMatchObject({ reserved: status === "approved" ? 1 : 0 });
  });
});

describe("deadlines", () => {
  test("no answer approves, once, on however many nodes", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order, { kind: "refund-only", amount: gbp(10) });
    await run(endStatuses, Date.now() + 47 * hour);
    expect(await read(asked.id)).toMatchObject({ status: "requested" });
    const later = Date.now() + 48 * hour + 1000;
    await Promise.all([run(endStatuses, later), run(endStatuses, later), run(endStatuses, later)]);
    await Promise.all([run(giveRefunds, later), run(giveRefunds, later)]);
    expect(await read(asked.id)).toMatchObject({ status: "refunded" });
    expect(await stepsOf(asked)).toEqual(["request", "approve", "refund"]);
    expect(await refundsOf(order)).toHaveLength(1);
  });

  test("nothing sent back closes, goods on their way for long are taken as received", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [2]));
    const [kept, sent] = [await ask(buyer, order), await ask(buyer, order)];
    for (const one of [kept, sent]) await approve(one);
    await sendBack(sent, buyer);
    await run(endStatuses, Date.now() + 8 * day);
    expect(await read(kept.id)).toMatchObject({ status: "closed" });
    expect(await read(sent.id)).toMatchObject({ status: "sent-back" });
    await run(endStatuses, Date.now() + 11 * day);
    await run(giveRefunds, Date.now() + 11 * day);
    expect(await read(sent.id)).toMatchObject({ status: "refunded", restock: false, refund: gbp(1000) });
    expect(await eventsOf(kept)).toEqual(["requested", "approved", "closed"]);
  });

  test("a rejection is final when it is not escalated; an overdue decision is called for again and again", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [2]));
    const [quiet, loud] = [await ask(buyer, order), await ask(buyer, order)];
    for (const one of [quiet, loud]) await reject(one);
    await shop.call("after-sales.requests.escalate", { id: loud.id, reason: "No!" }, { as: buyer });
    await run(endStatuses, Date.now() + 8 * day);
    expect(await read(quiet.id)).toMatchObject({ status: "closed" });
    expect(await read(loud.id)).toMatchObject({ status: "disputed" });
    await run(endStatuses, Date.now() + 16 * day);
    expect(await stepsOf(loud)).toEqual(["request", "reject", "escalate", "remind", "remind"]);
    expect(await decide(loud, "dismiss")).toMatchObject({ status: "closed" });
    await shop.settled();
    expect(await eventsOf(loud)).toEqual([
      "requested",
      "rejected",
      "escalated",
      "overdue",
      "overdue",
      "closed",
    ]);
  });

  test("a request that is withdrawn while its time runs out is one of the two", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [10]));
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => ask(buyer, order, { kind: "refund-only" })),
    );
    const late = Date.now() + 48 * hour + 1000;
    const [outcomes] = await Promise.all([
      Promise.all(asked.map((one) => outcome(withdraw(one, buyer)))),
      run(endStatuses, late),
    ]);
    await run(giveRefunds, late);
    const ends = await Promise.all(asked.map(({ id }) => read(id)));
    for (const [index, { status }] of ends.entries())
      expect(status).toBe(outcomes[index] === "illegal-transition" ? "refunded" : "withdrawn");
    expect(await refundsOf(order)).toHaveLength(ends.filter(({ status }) => status === "refunded").length);
  });

  test("an order can be complained about for so long after its delivery", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const orders = database("orders");
    const arrived = (at: number) =>
      orders.transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, (tx) =>
        orders.execute("UPDATE shipments SET delivered_at = ? WHERE order_id = ?", [at, order.id], tx),
      );
    await arrived(Date.now() - 31 * day);
    expect(await outcome(ask(buyer, order))).toBe("illegal-transition");
    await arrived(Date.now() - 29 * day);
    expect(await ask(buyer, order)).toMatchObject({ status: "requested" });
    await arrived(Date.now());
  });
});

test("while a request is open, the order is in after-sale and does not count as received", async () => {
  const buyer = customer();
  const order = await deliver(await bought(buyer, [2]));
  const stateOf = async () => (await shop.call("orders.get", { id: order.id }, { as: buyer })).state;
  expect(await stateOf()).toBe("to-receive");
  const [first, second] = [await ask(buyer, order), await ask(buyer, order)];
  expect(await stateOf()).toBe("after-sale");
  for (const one of [first, second]) {
    await withdraw(one, buyer);
    expect(await stateOf()).toBe("after-sale");
    // Twice, and on two nodes.
    await Promise.all([run(tellOrdersOfAfterSales), run(tellOrdersOfAfterSales)]);
  }
  expect(await stateOf()).toBe("to-receive");
});

describe("of goods is claimed", () => {
  test("at most what was bought, however many requests come at once", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [5]));
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => outcome(ask(buyer, order, { quantity: 1 + (index % 2) }))),
    );
    const asked = outcomes.filter((one): one is AfterSale => typeof one !== "string");
    const units = asked.reduce((sum, { lines }) => sum + (lines[0]?.quantity ?? 0), 0);
    expect(units).toBeGreaterThanOrEqual(4);
    expect(units).toBeLessThanOrEqual(5);
    expect(new Set(outcomes.filter((one) => typeof one === "string"))).toEqual(new Set(["limit-reached"]));
    for (const one of asked) await withdraw(one, buyer);
    expect(await ask(buyer, order, { quantity: 5 })).toMatchObject({ status: "requested" });
  });

  test("nothing that came back by another way", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [2]));
    const lines = [{ lineId: lineOf(order), quantity: 1 }];
    const back = { id: order.id, idempotencyKey: newId(), lines, reason: "At the desk" };
    await shop.call("orders.returns.record", back);
    await expect(ask(buyer, order, { quantity: 2 })).rejects.toMatchObject({
      type: "limit-reached",
      data: { lineId: lineOf(order), limit: 1 },
    });
    const asked = await ask(buyer, order);
    await approve(asked);
    await sendBack(asked, buyer);
    // The same goods, at the desk: they are refunded once.
    await shop.call("orders.returns.record", { ...back, idempotencyKey: newId() });
    expect(await receive(asked)).toMatchObject({ status: "refunded", refund: gbp(0) });
    expect(await refundsOf(order)).toHaveLength(2);
  });

  test("once under one key, with the same answer", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [3]));
    const idempotencyKey = newId();
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask(buyer, order, { idempotencyKey })));
    await reject(answers[0] ?? { id: "" });
    answers.push(await ask(buyer, order, { idempotencyKey }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await outcome(ask(buyer, order, { idempotencyKey, quantity: 2 }))).toBe("idempotency-mismatch");
    // Another buyer's key is another one.
    const other = customer();
    const theirs = await deliver(await bought(other, [1]));
    expect((await ask(other, theirs, { idempotencyKey })).id).not.toBe(answers[0]?.id);
  });

  test("what is in question must be there: sent for a return, not unpaid, of the order, each line once", async () => {
    const buyer = customer();
    const order = await bought(buyer, [1]);
    expect(await outcome(ask(buyer, order))).toBe("limit-reached");
    const lineId = lineOf(order);
    const twice = [
      { lineId, quantity: 1 },
      { lineId, quantity: 1 },
    ];
    const create = (orderId: string, lines: typeof twice) =>
      outcome(
        shop.call(
          "after-sales.requests.create",
          { orderId, idempotencyKey: newId(), kind: "refund-only", reason: "late", lines },
          { as: buyer },
        ),
      );
    expect(await create(order.id, twice)).toBe("validation-failed");
    const other = await bought(buyer, [1]);
    expect(await create(other.id, twice.slice(0, 1))).toBe("not-found");
    expect(await create(newId(), twice.slice(0, 1))).toBe("not-found");
    await shop.call("orders.cancel", { id: other.id, reason: "No" });
    expect(await outcome(ask(buyer, other, { kind: "refund-only" }))).toBe("illegal-transition");
  });
});

describe("a refund", () => {
  test("is given once, if the node is killed between orders' commit and its own", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order, { kind: "refund-only" });
    let saved = 0;
    jest.spyOn(AfterSaleRepository.prototype, "update").mockImplementation(function (
      this: AfterSaleRepository,
      ...params
    ) {
      saved += 1;
      return saved === 2 ? Promise.reject(new Error("killed")) : original("update").apply(this, params);
    });
    jest
      .spyOn(shop.broker.getLocalService("after-sales")?.logger ?? console, "warn")
      .mockImplementation(() => undefined);
    expect(await approve(asked)).toMatchObject({ status: "approved", refund: null });
    const [made] = await refundsOf(order);
    expect(await read(asked.id)).toMatchObject({ status: "approved" });
    await run(giveRefunds, Date.now() + 60_000);
    expect(await read(asked.id)).toMatchObject({ status: "refunded", refund: gbp(1000) });
    expect(await refundsOf(order)).toMatchObject([{ id: made?.id }]);
    await shop.settled();
    expect(await eventsOf(asked)).toEqual(["requested", "approved", "refunded"]);
  });

  test("is never more than what was paid", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order, { kind: "refund-only" });
    const amount = gbp(900);
    await shop.call("orders.refunds.record", {
      id: order.id,
      idempotencyKey: newId(),
      amount,
      reason: "Nice",
    });
    expect(await approve(asked)).toMatchObject({ status: "refunded", refund: gbp(100) });
    expect(await shop.call("orders.get", { id: order.id })).toMatchObject({
      status: "refunded",
      refunded: gbp(1000),
    });
  });

  test("needs a recent login of whoever allows it, the shop's permission, and another person than the buyer", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order, { kind: "refund-only" });
    const stale = { ...staff, verifiedAt: Date.now() - stepUpMs };
    expect(await outcome(approve(asked, stale))).toBe("step-up-required");
    expect(await outcome(approve(asked, buyer))).toBe("forbidden");
    expect(await outcome(approve(asked, { ...staff, userId: buyer.userId }))).toBe("forbidden");
    const key = { kind: "key", keyId: newId(), permissions: ["after-sales:write"] } as const;
    expect(await outcome(approve(asked, key))).toBe("forbidden");
    const money = { ...key, permissions: ["after-sales:write", "money:write"] } as const;
    expect(await approve(asked, money)).toMatchObject({ status: "refunded" });
  });

  test("repeating a step returns the after-sale as it is; that of another person is refused", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order);
    await Promise.all([approve(asked), approve(asked)]);
    expect(await approve(asked)).toMatchObject({ status: "approved" });
    expect(await outcome(approve(asked, { ...staff, userId: newId() }))).toBe("illegal-transition");
    await sendBack(asked, buyer);
    expect(await sendBack(asked, buyer)).toMatchObject({ status: "sent-back" });
    await receive(asked);
    expect(await receive(asked)).toMatchObject({ status: "refunded" });
    expect(await stepsOf(asked)).toEqual(["request", "approve", "send-back", "receive", "refund"]);
  });
});

describe("those who are concerned", () => {
  /** A paid order with one line of each merchant; null: of the shop itself. */
  async function paidOfMerchants(buyer: Caller, merchantIds: readonly (string | null)[]): Promise<Order> {
    const { id: cartId } = await shop.call("cart.create", {}, { as: buyer });
    const catalog = database("catalog");
    // Only while it is ordered: what a line of an order keeps is tested here, not the catalogue.
    const sellBy = (merchantId: string | null, variantId: string) =>
      catalog.transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, (tx) =>
        catalog.execute(
          "UPDATE products SET merchant_id = ? WHERE id = (SELECT v.product_id FROM variants v WHERE v.id = ?)",
          [merchantId, variantId],
          tx,
        ),
      );
    for (const merchantId of merchantIds) {
      const variantId = await product();
      await sellBy(merchantId, variantId);
      await shop.call("cart.items.add", { id: cartId, variantId, quantity: 2 }, { as: buyer });
    }
    const { total } = await shop.call("cart.quote", { id: cartId, country: "GB" }, { as: buyer });
    const wish = { cartId, total, shippingAddress, idempotencyKey: newId() };
    const { id, lines } = await shop.call("orders.place", wish, { as: buyer });
    for (const { variantId } of lines) await sellBy(null, variantId);
    await shop.call("orders.payments.record", { id, idempotencyKey: newId() });
    await shop.settled();
    return shop.call("orders.get", { id });
  }
  const ofMerchants = async (...params: Parameters<typeof paidOfMerchants>) =>
    deliver(await paidOfMerchants(...params));
  const memberOf = (merchantId: string, role: "support" | "stock-keeper"): UserCaller => ({
    ...customer(),
    merchants: [{ merchantId, role }],
  });

  test("members answer for their merchant only, and its part of the order is refunded", async () => {
    const buyer = customer();
    const [books, records] = [newId(), newId()];
    const order = await ofMerchants(buyer, [books, null, records]);
    const lines = order.lines.slice(0, 2).map(({ id: lineId }) => ({ lineId, quantity: 1 }));
    const both = { orderId: order.id, idempotencyKey: newId(), kind: "exchange", reason: "other" } as const;
    expect(await outcome(shop.call("after-sales.requests.create", { ...both, lines }, { as: buyer }))).toBe(
      "validation-failed",
    );

    const asked = await ask(buyer, order, { kind: "refund-only", amount: gbp(150) });
    expect(asked).toMatchObject({ merchantId: books });
    const [ours, others] = [memberOf(books, "support"), memberOf(records, "support")];
    expect(await outcome(approve(asked, others))).toBe("not-found");
    expect(await outcome(approve(asked, memberOf(books, "stock-keeper")))).toBe("forbidden");
    const { id } = asked;
    expect(await outcome(shop.call("after-sales.requests.get", { id }, { as: others }))).toBe("not-found");
    const written = await shop.call("after-sales.messages.add", { id, text: "Sorry" }, { as: ours });
    expect(written).toMatchObject({ author: "merchant" });
    const listed = async (as: Caller) =>
      (await shop.call("after-sales.requests.list", { orderId: order.id }, { as })).items.map(
        (one) => one.id,
      );
    expect([await listed(ours), await listed(others), await listed(staff)]).toEqual([[id], [], [id]]);

    expect(await approve(asked, ours)).toMatchObject({ status: "refunded", refund: gbp(150) });
    const { parts } = await shop.call("orders.get", { id: order.id });
    expect(parts.map(({ merchantId, refunded }) => [merchantId, refunded.amount])).toEqual([
      [books, 150],
      [null, 0],
      [records, 0],
    ]);
    const back = await ask(buyer, order, { line: 2 });
    await approve(back, others);
    await sendBack(back, buyer);
    await shop.call("after-sales.answers.receive", { id: back.id }, { as: others });
    const after = await shop.call("orders.get", { id: order.id });
    expect(after.parts[2]).toMatchObject({ merchantId: records, refunded: gbp(1000) });
  });

  test("goods of one merchant can be asked for until the time is over since that merchant's part arrived", async () => {
    const buyer = customer();
    const order = await paidOfMerchants(buyer, [newId(), newId(), newId()]);
    const lines = order.lines.map(({ id: lineId, quantity }) => [{ lineId, quantity }]);
    await deliver(order, lines[0]);
    const [first] = (await shop.call("orders.shipments.list", { id: order.id })).items;
    // The second was received, without a report of its delivery.
    await send(order, lines[1]);
    const partId = order.parts[1]?.id ?? "";
    await shop.call("orders.receipts.record", { id: order.id, partId }, { as: buyer });
    const move = (by: number) =>
      database("orders").transaction(
        { actor: { kind: "system", id: "test" }, requestId: "test" },
        async (tx) => {
          const delivery = "UPDATE shipments SET delivered_at = delivered_at + ? WHERE id = ?";
          await database("orders").execute(delivery, [by, first?.id ?? ""], tx);
          const receipt = "UPDATE order_parts SET received_at = received_at + ? WHERE id = ?";
          await database("orders").execute(receipt, [by, partId], tx);
        },
      );
    await move(-31 * day);
    const last = await deliver(order, lines[2]);
    expect(last.parts.map(({ status }) => status)).toEqual(["delivered", "shipped", "delivered"]);
    expect(await outcome(ask(buyer, order))).toBe("illegal-transition");
    expect(await outcome(ask(buyer, order, { line: 1 }))).toBe("illegal-transition");
    expect(await ask(buyer, order, { line: 2 })).toMatchObject({ status: "requested" });
    await move(31 * day);
    expect(await ask(buyer, order)).toMatchObject({ status: "requested" });
  });

  test("others find nothing, whatever they try", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order);
    const { id } = asked;
    const member: UserCaller = { ...customer(), merchants: [{ merchantId: newId(), role: "owner" }] };
    for (const as of [customer(), member]) {
      const tries = [
        shop.call("after-sales.requests.get", { id }, { as }),
        shop.call("after-sales.requests.timeline", { id }, { as }),
        shop.call("after-sales.messages.list", { id }, { as }),
        shop.call("after-sales.messages.add", { id, text: "Hi" }, { as }),
        withdraw(asked, as),
        sendBack(asked, as),
        shop.call("after-sales.requests.escalate", { id, reason: "x" }, { as }),
        shop.call("after-sales.requests.of-order", { orderId: order.id }, { as }),
        ask(as, order),
      ];
      expect(new Set(await Promise.all(tries.map((one) => outcome<unknown>(one))))).toEqual(
        new Set(["not-found"]),
      );
    }
    expect(await outcome(approve(asked, member))).toBe("not-found");
    expect(await outcome(reject(asked, member))).toBe("not-found");
    expect(await outcome(decide(asked, "uphold", member))).toBe("forbidden");
    expect((await shop.call("after-sales.requests.list", {}, { as: member })).items).toEqual([]);
    expect((await shop.call("after-sales.requests.mine", {}, { as: member })).items).toEqual([]);
  });

  test("find theirs by status, order and what is due soon, with counts", async () => {
    const buyer = customer();
    const order = await deliver(await bought(buyer, [3]));
    const [first, second] = [await ask(buyer, order), await ask(buyer, order)];
    await reject(first);
    const mine = async (params: Input<"after-sales.requests.mine">) =>
      (await shop.call("after-sales.requests.mine", params, { as: buyer })).items.map(({ id }) => id);
    expect(await mine({})).toEqual([second.id, first.id]);
    expect(await mine({ status: "rejected" })).toEqual([first.id]);
    expect(await mine({ orderId: order.id, sort: "dueAt" })).toEqual([second.id, first.id]);
    expect(await mine({ dueBefore: new Date(Date.now() + 3 * day).toISOString() })).toEqual([second.id]);
    const { items } = await shop.call("after-sales.requests.my-counts", {}, { as: buyer });
    expect(items.filter(({ count }) => count > 0)).toEqual([
      { status: "requested", count: 1 },
      { status: "rejected", count: 1 },
    ]);
    const ofOrder = await shop.call("after-sales.requests.of-order", { orderId: order.id }, { as: buyer });
    expect(ofOrder.items).toHaveLength(2);
    const ofStaff = await shop.call(
      "after-sales.requests.list",
      { customerId: buyer.userId, status: "requested", count: true },
      { as: staff },
    );
    expect(ofStaff).toMatchObject({ items: [{ id: second.id }], total: 1 });
    const { items: counts } = await shop.call("after-sales.requests.counts", {}, { as: staff });
    expect(counts.find(({ status }) => status === "requested")?.count).toBeGreaterThan(0);
  });

  test("write to each other; a deleted account's words are erased", async () => {
    const email = `${newId()}@example.org`;
    const password = "a quiet long sentence";
    await shop.call("users.register", { email, password, name: "Ada" });
    const { user } = await shop.call("users.login", { email, password });
    const buyer = customer(user.id);
    const order = await deliver(await bought(buyer, [1]));
    const asked = await ask(buyer, order, { text: "My name is Ada" });
    const { id } = asked;
    await shop.call("after-sales.messages.add", { id, text: "Call me at 123" }, { as: buyer });
    await shop.call("after-sales.messages.add", { id, text: "We will" }, { as: staff });
    const { items } = await shop.call("after-sales.messages.list", { id }, { as: buyer });
    expect(items).toMatchObject([
      { author: "buyer", text: "Call me at 123" },
      { author: "staff", text: "We will" },
    ]);
    await reject(asked);
    await shop.call("after-sales.requests.escalate", { id, reason: "I am Ada" }, { as: buyer });
    await shop.call("users.me.delete", {}, { as: buyer });
    await shop.settled();
    await Promise.all([run(eraseTexts), run(eraseTexts)]);
    expect(await read(id)).toMatchObject({ status: "disputed", text: null });
    const left = await shop.call("after-sales.messages.list", { id });
    expect(left.items.map(({ text }) => text)).toEqual(["–", "We will"]);
    const { items: steps } = await shop.call("after-sales.requests.timeline", { id });
    expect(steps.map(({ reason }) => reason)).toEqual([null, "No", null]);
    const tables = ["after_sales", "messages", "after_sale_steps"];
    for (const table of tables)
      expect(JSON.stringify(await database("after-sales").select(`SELECT * FROM ${table}`))).not.toContain(
        "Ada",
      );
    expect(await database("after-sales").select("SELECT * FROM deleted_customers")).toHaveLength(1);
    await run(eraseTexts, Date.now() + 2 * hour);
    expect(await database("after-sales").select("SELECT * FROM deleted_customers")).toEqual([]);
  });
});

test("what all of that left agrees, within and across services", async () => {
  await shop.settled();
  const { findings } = await verifyShop(configOf(shop.broker), { patienceMs: 5000 });
  const broken = findings.filter(({ broken: rows, severity }) => rows > 0 && severity === "violation");
  // The test's customers have no accounts.
  expect(broken.filter(({ code }) => !code.endsWith(".customers"))).toEqual([]);
}, 120_000);
