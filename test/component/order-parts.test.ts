import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Input, Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { findViolations } from "../../mixins/database/invariant.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { invariants } from "../../services/orders/data/invariants.ts";
import { completeParts } from "../../services/orders/jobs/complete-parts.job.ts";
import { confirmReceipts } from "../../services/orders/jobs/confirm-receipts.job.ts";
import { executeRefunds } from "../../services/orders/jobs/execute-refunds.job.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";

type Order = Result<"orders.place">;

const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const desk: Caller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };
const shipping = 495;
const [books, records] = [newId(), newId()];

let shop: Shop;
let world: FakeCheckoutServices;
beforeAll(async () => {
  world = new FakeCheckoutServices();
  shop = await startShop({
    services: ["orders"],
    env: {
      // The desk moves more than a person may in a day.
      STAFF_MONEY_PER_DAY: '{"*":null}',
      SWEEP_INTERVAL_SECONDS: "3600",
    },
    prepare: world.install,
  });
});
afterEach(expectSound);
afterAll(() => shop.stop());

const database = () => (shop.broker.getLocalService("orders") as Service & ServiceWithDatabase).database;
const change = (sql: string, values: readonly (string | number)[]) =>
  database().transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, (tx) =>
    database().execute(sql, values, tx),
  );

/** No invariant of the orders is violated. */
async function expectSound(): Promise<void> {
  await shop.settled();
  const moments = { now: Date.now(), graceMs: 60_000, keysRetainedSince: Date.now(), inboxRetainedSince: 0 };
  const context = { moments, config: configOf(shop.broker) };
  for (const invariant of invariants.filter(({ severity }) => severity !== "warning")) {
    if (invariant.code === "refunds.given") continue;
    const found = await findViolations(database(), invariant, { after: "", upTo: undefined }, context);
    expect([invariant.code, ...found]).toEqual([invariant.code]);
  }
}

/** @param goods merchant, quantity and price of each line */
async function placed(
  goods: readonly (readonly [string | null, number, number])[],
  as: Caller = customer(),
): Promise<Order> {
  const cartId = world.cart(
    ...goods.map(
      ([merchant, quantity, price]) => [world.stock(quantity, price, merchant), quantity] as const,
    ),
  );
  const worth = Map.groupBy(goods, ([merchant]) => merchant);
  const total = [...worth.values()].reduce((sum, its) => {
    const subtotal = its.reduce((ofPart, [, quantity, price]) => ofPart + quantity * price, 0);
    return sum + subtotal + (subtotal >= 5000 ? 0 : shipping);
  }, 0);
  return shop.call(
    "orders.place",
    { idempotencyKey: newId(), cartId, total: gbp(total), shippingAddress: address },
    { as },
  );
}

async function paid(
  goods: readonly (readonly [string | null, number, number])[],
  as?: Caller,
): Promise<Order> {
  const order = await placed(goods, as);
  await shop.call("orders.payments.record", { id: order.id, idempotencyKey: newId() }, { as: desk });
  return read(order);
}

const read = ({ id }: Pick<Order, "id">) => shop.call("orders.get", { id });
const partOf = ({ parts }: Order, merchant: string | null) => {
  const part = parts.find(({ merchantId }) => merchantId === merchant);
  if (!part) throw new Error("no such part");
  return part;
};
const linesOf = ({ lines }: Order, merchant: string | null) =>
  lines
    .filter(({ merchantId }) => merchantId === merchant)
    .map(({ id, quantity }) => ({ lineId: id, quantity }));
const send = ({ id }: Order, lines?: readonly { lineId: string; quantity: number }[]) =>
  shop.call(
    "orders.shipments.create",
    { id, idempotencyKey: newId(), lines: lines && [...lines] },
    { as: desk },
  );
const giveBack = ({ id }: Order, lines: readonly { lineId: string; quantity: number }[]) =>
  shop.call(
    "orders.returns.record",
    { id, idempotencyKey: newId(), lines: [...lines], reason: "Broken" },
    { as: desk },
  );
const refund = ({ id }: Order, amount?: number, partId?: string) =>
  shop.call(
    "orders.refunds.record",
    {
      id,
      idempotencyKey: newId(),
      reason: "Late",
      partId,
      ...(amount === undefined ? {} : { amount: gbp(amount) }),
    },
    { as: desk },
  );
const eventsOf = ({ id }: Order, name: string) =>
  world.events.filter(
    (event) => event.name === name && "orderId" in event.payload && event.payload.orderId === id,
  );

describe("an order of goods of several merchants", () => {
  test("has one part for each, each with shipping of its own, that add up to it", async () => {
    const order = await placed([
      [books, 2, 1000],
      [null, 1, 700],
      [records, 1, 6000],
      [books, 1, 500],
    ]);
    expect(order.parts).toMatchObject([
      { merchantId: books, status: "placed", subtotal: gbp(2500), shipping: gbp(495), total: gbp(2995) },
      { merchantId: null, subtotal: gbp(700), shipping: gbp(495), total: gbp(1195) },
      { merchantId: records, subtotal: gbp(6000), shipping: gbp(0), total: gbp(6000) },
    ]);
    for (const amount of ["subtotal", "discount", "shipping", "tax", "total", "refunded"] as const)
      expect(order.parts.reduce((sum, part) => sum + part[amount].amount, 0)).toBe(order[amount].amount);
    expect(await read(order)).toEqual(order);
    await shop.settled();
    const parts = order.parts.map(({ id: partId, merchantId, subtotal, discount, shipping, total }) => ({
      partId,
      merchantId,
      subtotal,
      discount,
      shipping,
      total,
    }));
    const [event] = eventsOf(order, "orders.placed");
    expect(event?.payload).toMatchObject({
      parts,
      lines: order.lines.map(({ id: lineId, productId, merchantId }) => ({ lineId, productId, merchantId })),
    });
  });

  test("tells its lines and parts when it is paid, and each part goes its own way", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 1000],
    ]);
    expect(order.parts.map(({ status }) => status)).toEqual(["paid", "paid"]);
    await send(order, linesOf(order, books));
    expect(await read(order)).toMatchObject({
      status: "paid",
      parts: [{ status: "shipped" }, { status: "paid" }],
    });
    await send(order);
    expect(await read(order)).toMatchObject({
      status: "shipped",
      parts: [{ status: "shipped" }, { status: "shipped" }],
    });
    await giveBack(order, linesOf(order, records));
    expect(await read(order)).toMatchObject({
      status: "shipped",
      refunded: gbp(1000),
      parts: [
        { status: "shipped", refunded: gbp(0) },
        { status: "returned", refunded: gbp(1000) },
      ],
    });
    await shop.settled();
    expect(eventsOf(order, "orders.paid")[0]?.payload).toMatchObject({
      parts: [{ merchantId: books }, { merchantId: records }],
    });
    const shares = [{ partId: partOf(order, records).id, merchantId: records, amount: gbp(1000) }];
    expect(eventsOf(order, "orders.returned")[0]?.payload).toMatchObject({
      lines: [{ lineId: linesOf(order, records)[0]?.lineId, merchantId: records, refund: gbp(1000) }],
      parts: shares,
    });
    expect(eventsOf(order, "orders.refund-requested")[0]?.payload).toMatchObject({ parts: shares });
    await runJob(shop, "orders", executeRefunds);
    await shop.settled();
    expect(eventsOf(order, "orders.refunded")[0]?.payload).toMatchObject({ parts: shares });
  });

  test("a refund by staff is of one part, or of all in proportion to what is left of them", async () => {
    const order = await paid([
      [books, 1, 1505],
      [records, 1, 505],
    ]);
    await refund(order, 100, partOf(order, books).id);
    await refund(order, 290);
    expect(await read(order)).toMatchObject({
      refunded: gbp(390),
      parts: [{ refunded: gbp(290) }, { refunded: gbp(100) }],
    });
    await expect(refund(order, 901, partOf(order, records).id)).rejects.toMatchObject({
      type: "limit-reached",
      data: { limit: 900 },
    });
    await expect(refund(order, 1, newId())).rejects.toMatchObject({ type: "not-found" });
    await refund(order, undefined, partOf(order, records).id);
    expect(await read(order)).toMatchObject({
      status: "paid",
      parts: [{ status: "paid" }, { status: "refunded" }],
    });
    await expect(send(order, linesOf(order, records))).rejects.toMatchObject({ type: "illegal-transition" });
    // Goods of a refunded part need not be sent.
    await send(order);
    expect(await read(order)).toMatchObject({
      status: "shipped",
      parts: [{ status: "shipped" }, { status: "refunded" }],
    });
    await giveBack(order, linesOf(order, records));
    expect(await read(order)).toMatchObject({
      status: "shipped",
      parts: [{ status: "shipped" }, { status: "returned" }],
    });
    await refund(order);
    expect(await read(order)).toMatchObject({
      status: "refunded",
      parts: [{ status: "refunded" }, { status: "returned" }],
    });
  });

  test("cancelled when paid, it refunds every part in full", async () => {
    const order = await paid([
      [books, 1, 1000],
      [null, 1, 6000],
    ]);
    await shop.call("orders.cancel", { id: order.id, reason: "Lost" }, { as: desk });
    const cancelled = await read(order);
    expect(cancelled.parts.map(({ status, refunded }) => ({ status, refunded }))).toEqual([
      { status: "cancelled", refunded: gbp(1495) },
      { status: "cancelled", refunded: gbp(6000) },
    ]);
  });

  test("when one part is refunded and the other one returned before shipping, it is returned", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 1000],
    ]);
    await giveBack(order, linesOf(order, books));
    await refund(order, undefined, partOf(order, records).id);
    expect(await read(order)).toMatchObject({
      status: "returned",
      parts: [{ status: "returned" }, { status: "refunded" }],
    });
    await giveBack(order, linesOf(order, records));
    expect(await read(order)).toMatchObject({ status: "returned", refunded: gbp(2495) });
  });
});

describe("a part of a cart", () => {
  test("is bought with the items named; a double click buys it once", async () => {
    const buyer = customer();
    const variants = [books, records].map((merchant) => world.stock(5, 1000, merchant));
    const cartId = world.cart(...variants.map((variantId) => [variantId, 1] as const));
    const [chosen = ""] = variants;
    const buy = (items: string[], idempotencyKey = newId()) =>
      shop.call(
        "orders.place",
        { idempotencyKey, cartId, total: gbp(1495), shippingAddress: address, items },
        { as: buyer },
      );
    const key = newId();
    const clicks = await Promise.allSettled([buy([chosen], key), buy([chosen])]);
    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { items } = await shop.call("orders.list", {}, { as: buyer });
    const [bought] = items;
    expect(items).toHaveLength(1);
    expect(await read({ id: bought?.id ?? "" })).toMatchObject({
      lines: [{ variantId: chosen, merchantId: books }],
      parts: [{ merchantId: books }],
    });
    await expect(buy([variants[1] ?? ""], key)).rejects.toMatchObject({
      type: expect.stringMatching(/idempotency-mismatch|cart-empty/),
    });
  });
});

describe("an order that a node of an earlier version has changed", () => {
  /** As that version leaves an order: without parts, without shares, and with marked steps. */
  async function forgetParts({ id }: Order): Promise<void> {
    await change("DELETE FROM refund_parts WHERE refund_id IN (SELECT id FROM refunds WHERE order_id = ?)", [
      id,
    ]);
    await change("DELETE FROM order_parts WHERE order_id = ?", [id]);
    await change("UPDATE timeline SET parts_due = 1 WHERE order_id = ?", [id]);
  }
  async function forgetMerchants({ id }: Order): Promise<void> {
    await change("UPDATE order_lines SET part_id = NULL, shipping = 0 WHERE order_id = ?", [id]);
    await forgetParts({ id } as Order);
  }

  test("gets its parts and shares by the job, and reads the same before", async () => {
    const order = await paid([
      [null, 2, 1000],
      [null, 1, 500],
    ]);
    await send(order, linesOf(order, null).slice(0, 1));
    await refund(order, 300);
    await giveBack(order, linesOf(order, null).slice(0, 1));
    const before = await read(order);
    await forgetMerchants(order);
    const whole = {
      ...before,
      lines: before.lines.map((line) => ({ ...line, partId: order.id })),
      parts: before.parts.map((part) => ({ ...part, id: order.id })),
    };
    expect(await read(order)).toEqual(whole);
    await runJob(shop, "orders", completeParts);
    expect(await read(order)).toEqual(whole);
  });

  test("gets them before the next change", async () => {
    const order = await paid([[null, 2, 3000]]);
    await refund(order, 1000);
    await forgetMerchants(order);
    await refund(order, 500);
    expect(await read(order)).toMatchObject({
      refunded: gbp(1500),
      parts: [{ id: order.id, refunded: gbp(1500) }],
    });
    await runJob(shop, "orders", completeParts);
  });

  test("of several merchants, which it has paid, shipped and refunded, has all its parts again", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 3000],
    ]);
    await send(order, linesOf(order, books));
    await refund(order, 499);
    await forgetParts(order);
    await runJob(shop, "orders", completeParts);
    expect(await read(order)).toMatchObject({
      status: "paid",
      parts: [
        { status: "shipped", refunded: gbp(150) },
        { status: "paid", refunded: gbp(349) },
      ],
    });
  });

  test("a refund that it has made since the parts were stored is shared out", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 1000],
    ]);
    await refund(order, 200);
    await change("DELETE FROM refund_parts WHERE refund_id IN (SELECT id FROM refunds WHERE order_id = ?)", [
      order.id,
    ]);
    await change("UPDATE order_parts SET refunded = 0 WHERE order_id = ?", [order.id]);
    await giveBack(order, linesOf(order, books));
    expect(await read(order)).toMatchObject({ parts: [{ refunded: gbp(1000) }, { refunded: gbp(100) }] });
  });
});

describe("a member of a merchant", () => {
  const memberOf = (merchantId: string): Caller => ({
    ...customer(),
    merchants: [{ merchantId, role: "support" }],
  });
  const seller = memberOf(books);

  test("sees the merchant's part of an order and nothing else", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 2, 2000],
    ]);
    await send(order);
    const part = partOf(order, books);
    const own = await shop.call("orders.parts.get", { id: part.id }, { as: seller });
    expect(own).toMatchObject({
      id: part.id,
      orderId: order.id,
      number: order.number,
      merchantId: books,
      status: "shipped",
      total: gbp(1495),
      shippingAddress: address,
      lines: [{ merchantId: books }],
      shipments: [{ lines: linesOf(order, books) }],
      returns: [],
    });
    const foreign = [order.total.amount, order.subtotal.amount, 4000, records, partOf(order, records).id];
    for (const text of foreign) expect(JSON.stringify(own)).not.toContain(String(text));
    await expect(
      shop.call("orders.parts.get", { id: partOf(order, records).id }, { as: seller }),
    ).rejects.toMatchObject({ type: "not-found" });
    const { items } = await shop.call("orders.parts.list", { number: order.number }, { as: seller });
    expect(items).toMatchObject([{ id: part.id, status: "shipped" }]);
    const listed = async (params: Input<"orders.parts.list">, as: Caller) =>
      (await shop.call("orders.parts.list", params, { as })).items.map(({ id }) => id);
    const { number } = order;
    expect(await listed({ number }, desk)).toHaveLength(2);
    expect(await listed({ number, merchantId: records }, desk)).toEqual([partOf(order, records).id]);
    expect(await listed({ number, merchantId: records }, seller)).toEqual([]);
    expect(await listed({ number, status: "paid" }, seller)).toEqual([]);
    const both: Caller = {
      ...customer(),
      merchants: [books, records].map((merchantId) => ({ merchantId, role: "support" })),
    };
    expect(await listed({ number, status: "shipped", placedFrom: order.placedAt }, both)).toHaveLength(2);
  });

  test("sends and takes back the merchant's goods; those of others are not found", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 2000],
    ]);
    const sendAs = (lines?: ReturnType<typeof linesOf>) =>
      shop.call("orders.shipments.create", { id: order.id, idempotencyKey: newId(), lines }, { as: seller });
    await expect(sendAs(linesOf(order, records))).rejects.toMatchObject({ type: "not-found" });
    expect((await sendAs()).lines).toEqual(linesOf(order, books));
    expect(await read(order)).toMatchObject({ parts: [{ status: "shipped" }, { status: "paid" }] });
    await expect(sendAs()).rejects.toMatchObject({ type: "illegal-transition" });

    const others = await send(order);
    const advance = (shipmentId: string, as: Caller) =>
      shop.call(
        "orders.shipments.update",
        { id: order.id, shipmentId, expectedVersion: 1, status: "delivered" },
        { as },
      );
    await expect(advance(others.id, seller)).rejects.toMatchObject({ type: "not-found" });
    const takeBack = (lines: ReturnType<typeof linesOf>, as: Caller) =>
      shop.call(
        "orders.returns.record",
        { id: order.id, idempotencyKey: newId(), lines, reason: "Broken" },
        { as: { ...as, verifiedAt: Date.now() } as Caller },
      );
    await expect(takeBack(linesOf(order, records), seller)).rejects.toMatchObject({ type: "not-found" });
    expect(await takeBack(linesOf(order, books), seller)).toMatchObject({ refund: gbp(1000) });
    expect(await read(order)).toMatchObject({
      parts: [
        { status: "returned", refunded: gbp(1000) },
        { status: "shipped", refunded: gbp(0) },
      ],
    });
    const shelf = await paid([[null, 1, 1000]]);
    await expect(
      shop.call("orders.shipments.create", { id: shelf.id, idempotencyKey: newId() }, { as: seller }),
    ).rejects.toMatchObject({ type: "not-found" });
  });
});

describe("the receipt of goods", () => {
  const confirm = ({ id }: Order, as: Caller, partId?: string) =>
    shop.call("orders.receipts.record", { id, partId }, { as });
  const days = 24 * 3_600_000;
  const received = (order: Order) => eventsOf(order, "orders.received").map(({ payload }) => payload);

  test("is confirmed by the buyer for each part, once", async () => {
    const buyer = customer();
    const order = await paid(
      [
        [books, 1, 1000],
        [records, 1, 2000],
      ],
      buyer,
    );
    await expect(confirm(order, buyer)).rejects.toMatchObject({ type: "illegal-transition" });
    await send(order, linesOf(order, books));
    expect((await read(order)).state).toBe("to-ship");
    await confirm(order, buyer);
    await expect(confirm(order, customer())).rejects.toMatchObject({ type: "not-found" });
    await expect(confirm(order, buyer, partOf(order, records).id)).rejects.toMatchObject({
      type: "illegal-transition",
    });
    await expect(confirm(order, buyer, newId())).rejects.toMatchObject({ type: "not-found" });
    await send(order);
    expect((await read(order)).state).toBe("to-receive");
    const twice = await Promise.all([confirm(order, buyer), confirm(order, buyer), confirm(order, buyer)]);
    expect(twice.map(({ state }) => state)).toEqual(["to-review", "to-review", "to-review"]);
    await shop.settled();
    const theOrder = { orderId: order.id, number: order.number, customerId: order.customerId };
    expect(received(order)).toMatchObject([
      {
        ...theOrder,
        merchantId: books,
        by: "customer",
        lines: [{ lineId: linesOf(order, books)[0]?.lineId }],
      },
      { ...theOrder, merchantId: records, by: "customer", lines: [{ merchantId: records }] },
    ]);
    const { items } = await shop.call("orders.timeline", { id: order.id }, { as: buyer });
    expect(items.filter(({ event }) => event === "received")).toHaveLength(2);
  });

  test("is confirmed by itself some days after delivery, or after shipping", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 2000],
    ]);
    const parcel = await send(order, linesOf(order, books));
    await send(order);
    const shippedAt = Date.now();
    await runJob(shop, "orders", confirmReceipts, shippedAt + 9 * days);
    expect((await read(order)).state).toBe("to-receive");
    await shop.call("orders.shipments.update", {
      id: order.id,
      shipmentId: parcel.id,
      expectedVersion: 1,
      status: "delivered",
    });
    await change("UPDATE order_parts SET receivable_since = receivable_since + ? WHERE id = ?", [
      days,
      partOf(order, books).id,
    ]);
    await runJob(shop, "orders", confirmReceipts, shippedAt + 10 * days + 60_000);
    await runJob(shop, "orders", confirmReceipts, shippedAt + 10 * days + 60_000);
    await shop.settled();
    expect(received(order)).toMatchObject([{ merchantId: records, by: "system" }]);
    await runJob(shop, "orders", confirmReceipts, shippedAt + 11 * days + 60_000);
    await shop.settled();
    expect(received(order)).toMatchObject([{ merchantId: records }, { merchantId: books, by: "system" }]);
  });

  test("waits while a request for after-sale service is open, of its part or of the order", async () => {
    const buyer = customer();
    const order = await paid(
      [
        [books, 1, 1000],
        [records, 1, 2000],
      ],
      buyer,
    );
    await send(order);
    const afterSaleId = newId();
    const hold = (partId: string | null, id = afterSaleId) =>
      shop.call("orders.receipts.hold", { orderId: order.id, afterSaleId: id, partId });
    const release = (id = afterSaleId) =>
      shop.call("orders.receipts.release", { orderId: order.id, afterSaleId: id });
    await hold(partOf(order, books).id);
    await hold(partOf(order, books).id);
    expect((await read(order)).state).toBe("after-sale");
    await expect(confirm(order, buyer, partOf(order, books).id)).rejects.toMatchObject({
      type: "illegal-transition",
    });
    await runJob(shop, "orders", confirmReceipts, Date.now() + 100 * days);
    await shop.settled();
    expect(received(order)).toMatchObject([{ merchantId: records }]);
    await release();
    await release();
    await hold(partOf(order, books).id);
    expect((await read(order)).state).toBe("to-receive");
    // A release that overtakes its hold.
    const late = newId();
    await release(late);
    await hold(null, late);
    await runJob(shop, "orders", confirmReceipts, Date.now() + 100 * days);
    await shop.settled();
    expect(received(order)).toMatchObject([{ merchantId: records }, { merchantId: books }]);
    await expect(
      shop.call("orders.receipts.hold", { orderId: newId(), afterSaleId: newId() }),
    ).rejects.toMatchObject({ type: "not-found" });
  });

  test("leaves nothing to review of goods that came back by after-sale service", async () => {
    const buyer = customer();
    const order = await paid([[books, 1, 1000]], buyer);
    await send(order);
    expect((await confirm(order, buyer)).state).toBe("to-review");
    await shop.call("orders.after-sales.settle", {
      afterSaleId: newId(),
      orderId: order.id,
      goods: "returned",
      lines: linesOf(order, books),
      amount: gbp(0),
      restock: true,
      reason: "Broken",
    });
    const counts = await shop.call("orders.counts", {}, { as: buyer });
    expect(counts).toMatchObject({ "to-review": 0, closed: 1 });
  });

  test("makes the buyer's states, which are counted and listed", async () => {
    const buyer = customer();
    const counts = () => shop.call("orders.counts", {}, { as: buyer });
    const none = { "to-pay": 0, "to-ship": 0, "to-receive": 0, "to-review": 0, "after-sale": 0, closed: 0 };
    expect(await counts()).toEqual(none);
    await placed([[books, 1, 1000]], buyer);
    await paid([[books, 1, 1000]], buyer);
    const shipped = await paid([[books, 1, 1000]], buyer);
    await send(shipped);
    const done = await paid(
      [
        [books, 1, 1000],
        [books, 1, 500],
      ],
      buyer,
    );
    await send(done);
    await confirm(done, buyer);
    const disputed = await paid([[books, 1, 1000]], buyer);
    await shop.call("orders.receipts.hold", { orderId: disputed.id, afterSaleId: newId() });
    const gone = await placed([[books, 1, 1000]], buyer);
    await shop.call("orders.cancel", { id: gone.id, reason: "Mind changed" }, { as: buyer });
    const one = { "to-pay": 1, "to-ship": 1, "to-receive": 1, "to-review": 1, "after-sale": 1, closed: 1 };
    expect(await counts()).toEqual(one);
    for (const state of Object.keys(none) as (keyof typeof none)[]) {
      const { items } = await shop.call("orders.list", { state }, { as: buyer });
      expect(items.map((order) => order.state)).toEqual([state]);
    }
    await expect(shop.call("orders.list", { state: "to-pay" }, { as: desk })).rejects.toMatchObject({
      type: "validation-failed",
    });
    await review(done, 0);
    await review(done, 0);
    expect(await counts()).toEqual(one);
    await giveBack(done, [{ lineId: done.lines[1]?.id ?? "", quantity: 1 }]);
    expect(await counts()).toEqual({ ...one, "to-review": 0, closed: 2 });
  });

  async function review(order: Order, line: number): Promise<void> {
    const { id: lineId = "", productId = "", merchantId = null } = order.lines[line] ?? {};
    const event = {
      id: newId(),
      name: "reviews.created" as const,
      occurredAt: Date.now(),
      actor: { kind: "user" as const, id: order.customerId },
      requestId: newId(),
      payload: {
        reviewId: newId(),
        lineId,
        orderId: order.id,
        productId,
        merchantId,
        customerId: order.customerId,
        rating: 5,
        state: "published",
      },
    };
    const faults = await deliver(shop.broker, [event]);
    expect(faults).toEqual([undefined]);
  }
});

describe("at once", () => {
  const outcomes = async (works: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(works)).map((result) =>
      result.status === "fulfilled" ? "done" : (result.reason as { type: string }).type,
    );

  test.each([1, 2, 3])("two returns of the last piece take it back once (%d)", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 1000],
    ]);
    await send(order);
    const lines = linesOf(order, books);
    expect((await outcomes([giveBack(order, lines), giveBack(order, lines)])).sort()).toEqual([
      "done",
      expect.stringMatching(/limit-reached|illegal-transition/),
    ]);
    expect(await read(order)).toMatchObject({ refunded: gbp(1000) });
  });

  test.each([1, 2, 3])("receipt and return of a part end in one order of the two (%d)", async () => {
    const buyer = customer();
    const order = await paid([[books, 1, 1000]], buyer);
    await send(order);
    const receipt = shop.call("orders.receipts.record", { id: order.id }, { as: buyer });
    await outcomes([receipt, giveBack(order, linesOf(order, books))]);
    expect(await read(order)).toMatchObject({ status: "returned", state: "closed", refunded: gbp(1000) });
  });

  test.each([1, 2, 3])("shipping one part and cancelling the order exclude each other (%d)", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 1000],
    ]);
    const found = await outcomes([
      send(order, linesOf(order, books)),
      shop.call("orders.cancel", { id: order.id, reason: "Lost" }, { as: desk }),
    ]);
    expect(found.filter((outcome) => outcome === "done")).toHaveLength(1);
    const { parts } = await read(order);
    expect(["cancelled,cancelled", "shipped,paid"]).toContain(parts.map(({ status }) => status).join());
  });

  test("shipments by both merchants both count", async () => {
    const order = await paid([
      [books, 1, 1000],
      [records, 1, 1000],
    ]);
    expect(
      await outcomes([send(order, linesOf(order, books)), send(order, linesOf(order, records))]),
    ).toEqual(["done", "done"]);
    expect(await read(order)).toMatchObject({ status: "shipped" });
  });
});

test("whatever is bought of 20 merchants, sent, returned, refunded and received, nothing is lost", async () => {
  const random = randomFrom(69);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const merchants = [null, ...Array.from({ length: 19 }, () => newId())];
  const buyer = customer();
  const visit = async () => {
    const goods = Array.from(
      { length: 1 + upTo(4) },
      () => [merchants[upTo(19)] ?? null, 1 + upTo(2), upTo(4000)] as const,
    );
    const order = await paid(goods, buyer);
    const line = () => order.lines[upTo(order.lines.length - 1)]?.id ?? "";
    const part = () => order.parts[upTo(order.parts.length - 1)]?.id;
    const some = () => [{ lineId: line(), quantity: 1 + upTo(1) }];
    const steps = [
      () => send(order, some()),
      () => send(order),
      () => giveBack(order, some()),
      () => refund(order, 1 + upTo(500), [undefined, part()][upTo(1)]),
      () => refund(order, undefined, part()),
      () => shop.call("orders.receipts.record", { id: order.id, partId: part() }, { as: buyer }),
      () => shop.call("orders.cancel", { id: order.id, reason: "Lost" }, { as: desk }),
    ];
    for (let step = 0; step < 5; step += 1) {
      const both = [steps[upTo(steps.length - 1)], steps[upTo(steps.length - 1)]];
      const done = await Promise.allSettled(both.map(async (work) => work?.()));
      for (const result of done)
        if (result.status === "rejected")
          expect(result.reason).toMatchObject({
            type: expect.stringMatching(/^(?:illegal-transition|limit-reached)$/),
          });
    }
    const { parts, ...whole } = await read(order);
    for (const amount of ["subtotal", "discount", "shipping", "tax", "total", "refunded"] as const)
      expect(parts.reduce((sum, one) => sum + one[amount].amount, 0)).toBe(whole[amount].amount);
  };
  const visits = async () => {
    for (let count = 0; count < 5; count += 1) await visit();
  };
  await Promise.all(Array.from({ length: 8 }, visits));
}, 120_000);
