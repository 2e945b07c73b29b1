import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Input, Result } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

type Order = Result<"orders.place">;
type Shipment = Result<"orders.shipments.get">;

const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const desk: Caller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };

let shop: Shop;
let world: FakeCheckoutServices;
beforeAll(async () => {
  world = new FakeCheckoutServices();
  shop = await startShop({
    services: ["orders"],
    env: { SWEEP_INTERVAL_SECONDS: "3600" },
    prepare: world.install,
  });
});
afterAll(() => shop.stop());

/** An order with a line of 10.00 for each quantity. */
async function placed(quantities: readonly number[], as: Caller = customer()): Promise<Order> {
  const cartId = world.cart(
    ...quantities.map((quantity) => [world.stock(quantity, 1000), quantity] as const),
  );
  const goods = 1000 * quantities.reduce((sum, quantity) => sum + quantity, 0);
  const total = gbp(goods >= 5000 ? goods : goods + 495);
  return shop.call(
    "orders.place",
    { idempotencyKey: newId(), cartId, total, shippingAddress: address },
    { as },
  );
}

async function paid(quantities: readonly number[], as?: Caller): Promise<Order> {
  const order = await placed(quantities, as);
  await shop.call("orders.payments.record", { id: order.id, idempotencyKey: newId() }, { as: desk });
  return order;
}

type Send = Omit<Input<"orders.shipments.create">, "id" | "idempotencyKey">;
const send = ({ id }: Order, params: Send = {}) =>
  shop.call("orders.shipments.create", { id, idempotencyKey: newId(), ...params }, { as: desk });
type Change = Omit<Input<"orders.shipments.update">, "id" | "shipmentId" | "expectedVersion">;
const change = ({ orderId: id, id: shipmentId, version }: Shipment, params: Change) =>
  shop.call("orders.shipments.update", { id, shipmentId, expectedVersion: version, ...params }, { as: desk });
const read = ({ id }: Order) => shop.call("orders.get", { id });
const line = ({ lines }: Order, index = 0) => lines[index]?.id ?? "";
const giveBack = ({ id }: Order, lineId: string, quantity: number) =>
  shop.call("orders.returns.record", {
    id,
    idempotencyKey: newId(),
    lines: [{ lineId, quantity }],
    reason: "Too big",
  });
const eventsOf = ({ id }: Order) =>
  world.events.filter(({ payload }) => "orderId" in payload && payload.orderId === id);

async function outcome<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((error: unknown) => {
    if (isShopError(error)) return error.type;
    throw error;
  });
}

describe("sending an order", () => {
  test("packed, shipped and delivered in one shipment, with a timeline and events that say who and what", async () => {
    const buyer = customer();
    const order = await paid([2, 1], buyer);
    const packed = await send(order, { status: "packed" });
    expect(packed).toMatchObject({
      status: "packed",
      lines: [
        { lineId: line(order, 0), quantity: 2 },
        { lineId: line(order, 1), quantity: 1 },
      ],
      carrier: null,
      shippedAt: null,
      version: 1,
    });
    expect(await read(order)).toMatchObject({
      status: "packed",
      lines: [{ packedQuantity: 2 }, { packedQuantity: 1 }],
    });
    const shipped = await change(packed, { status: "shipped", carrier: "DHL", trackingNumber: "0034 0434" });
    expect(shipped).toMatchObject({
      status: "shipped",
      version: 2,
      shippedAt: expect.any(String),
      deliveredAt: null,
    });
    expect(await read(order)).toMatchObject({
      status: "shipped",
      lines: [{ packedQuantity: 0, shippedQuantity: 2 }, {}],
    });
    const delivered = await change(shipped, { status: "delivered", reason: "Signed by Ada" });
    expect(delivered).toMatchObject({ status: "delivered", carrier: "DHL", version: 3 });
    expect(await read(order)).toMatchObject({
      status: "delivered",
      lines: [{ deliveredQuantity: 2 }, { deliveredQuantity: 1 }],
    });

    const own = await shop.call("orders.shipments.list", { id: order.id }, { as: buyer });
    expect(own.items).toEqual([delivered]);
    const actor = `user:${"userId" in desk ? desk.userId : ""}`;
    const { items } = await shop.call("orders.timeline", { id: order.id }, { as: buyer });
    expect(items.slice(2)).toMatchObject([
      { event: "packed", actor, reason: null },
      { event: "shipped", actor, reason: "DHL 0034 0434" },
      { event: "delivered", actor, reason: "Signed by Ada" },
    ]);
    await shop.settled();
    const { customerId, number, id: orderId } = order;
    const lines = order.lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
    const same = { orderId, number, customerId, shipmentId: packed.id, lines, complete: true };
    const parcel = { carrier: "DHL", trackingNumber: "0034 0434" };
    expect(eventsOf(order).slice(2)).toMatchObject([
      { name: "orders.packed", payload: same },
      { name: "orders.shipped", payload: { ...same, ...parcel } },
      { name: "orders.delivered", payload: { ...same, ...parcel } },
    ]);
  });

  test("in parts, the order follows with the last of its goods", async () => {
    const order = await paid([3, 1]);
    const first = await send(order, { lines: [{ lineId: line(order), quantity: 2 }] });
    expect(await read(order)).toMatchObject({
      status: "paid",
      lines: [{ shippedQuantity: 2 }, { shippedQuantity: 0 }],
    });
    await change(first, { status: "delivered" });
    expect(await read(order)).toMatchObject({ status: "paid" });
    const rest = await send(order);
    expect(rest.lines).toEqual([
      { lineId: line(order, 0), quantity: 1 },
      { lineId: line(order, 1), quantity: 1 },
    ]);
    expect(await read(order)).toMatchObject({ status: "shipped" });
    await change(rest, { status: "delivered" });
    expect(await read(order)).toMatchObject({ status: "delivered" });
    await shop.settled();
    expect(
      eventsOf(order)
        .slice(2)
        .map(({ payload }) => "complete" in payload && payload.complete),
    ).toEqual([false, false, true, true]);
  });

  test("goods returned before shipping are not shipped", async () => {
    const order = await paid([3]);
    await send(order, { lines: [{ lineId: line(order), quantity: 1 }] });
    // The customer returns the first; the second was not shipped.
    await giveBack(order, line(order), 2);
    expect(await read(order)).toMatchObject({
      status: "paid",
      lines: [{ shippedQuantity: 1, returnedQuantity: 2 }],
    });
    await expect(send(order, { lines: [{ lineId: line(order), quantity: 2 }] })).rejects.toMatchObject({
      type: "limit-reached",
      data: { lineId: line(order), limit: 1 },
    });
    await send(order);
    expect(await read(order)).toMatchObject({ status: "shipped", lines: [{ shippedQuantity: 2 }] });
    await giveBack(order, line(order), 1);
    expect(await read(order)).toMatchObject({ status: "returned" });
  });

  test("when the only goods that were not sent are given back, the order is shipped", async () => {
    const order = await paid([1, 1]);
    await send(order, { lines: [{ lineId: line(order), quantity: 1 }] });
    // Of this line nothing was sent.
    await giveBack(order, line(order, 1), 1);
    expect(await read(order)).toMatchObject({ status: "shipped" });
    await expect(send(order)).rejects.toMatchObject({
      type: "illegal-transition",
      data: { from: "shipped" },
    });
  });

  test("a cancelled shipment's goods must be packed again; packed goods cannot be returned", async () => {
    const order = await paid([2]);
    const packed = await send(order, { status: "packed" });
    await expect(giveBack(order, line(order), 1)).rejects.toMatchObject({
      type: "limit-reached",
      data: { limit: 0 },
    });
    expect(await change(packed, { status: "cancelled", reason: "Wrong box" })).toMatchObject({
      status: "cancelled",
    });
    expect(await read(order)).toMatchObject({ status: "paid", lines: [{ packedQuantity: 0 }] });
    const { items } = await shop.call("orders.timeline", { id: order.id });
    expect(items.at(-1)).toMatchObject({ event: "unpacked", reason: "Wrong box" });
    await giveBack(order, line(order), 1);
    await send(order);
    expect(await read(order)).toMatchObject({ status: "shipped", lines: [{ shippedQuantity: 1 }] });
  });

  test("carrier and tracking number can be corrected, with an event", async () => {
    const order = await paid([1]);
    const shipped = await send(order, { carrier: "DHL", trackingNumber: "1" });
    const corrected = await change(shipped, { trackingNumber: "2" });
    expect(corrected).toMatchObject({ status: "shipped", carrier: "DHL", trackingNumber: "2", version: 2 });
    expect(await change(corrected, { status: "shipped", trackingNumber: "2" })).toEqual(corrected);
    const { id, orderId } = shipped;
    expect(await shop.call("orders.shipments.get", { id: orderId, shipmentId: id })).toEqual(corrected);
    await shop.settled();
    expect(
      eventsOf(order)
        .slice(2)
        .map(({ name }) => name),
    ).toEqual(["orders.shipped", "orders.shipment-changed"]);
  });
});

describe("refusals", () => {
  test("only paid goods are shipped, and once", async () => {
    const unpaid = await placed([1]);
    await expect(send(unpaid)).rejects.toMatchObject({
      type: "illegal-transition",
      data: { from: "placed" },
    });
    const order = await paid([1]);
    const shipment = await send(order);
    await expect(send(order)).rejects.toMatchObject({
      type: "illegal-transition",
      data: { from: "shipped" },
    });
    await expect(change(shipment, { status: "cancelled" })).rejects.toMatchObject({
      type: "illegal-transition",
      data: { from: "shipped" },
    });
    const other = await paid([1]);
    await expect(send(other, { lines: [{ lineId: line(order), quantity: 1 }] })).rejects.toMatchObject({
      type: "not-found",
    });
    const elsewhere = { id: other.id, shipmentId: shipment.id };
    await expect(shop.call("orders.shipments.get", elsewhere)).rejects.toMatchObject({ type: "not-found" });
    await expect(change({ ...shipment, orderId: other.id }, { status: "delivered" })).rejects.toMatchObject({
      type: "not-found",
    });
    expect(await read(other)).toMatchObject({ status: "paid", version: 2 });
  });

  test("the same request again is a replay; its key for something else is refused", async () => {
    const order = await paid([2]);
    const params = { id: order.id, idempotencyKey: newId(), lines: [{ lineId: line(order), quantity: 1 }] };
    const create = () => shop.call("orders.shipments.create", params, { as: desk });
    const answers = await Promise.all([create(), create(), create()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    params.lines = [];
    await expect(create()).rejects.toMatchObject({ type: "validation-failed" });
    params.lines = [{ lineId: line(order), quantity: 2 }];
    await expect(create()).rejects.toMatchObject({ type: "idempotency-mismatch" });
    expect(await read(order)).toMatchObject({ lines: [{ shippedQuantity: 1 }] });
  });

  test("a change that was based on an older version", async () => {
    const order = await paid([1]);
    const packed = await send(order, { status: "packed" });
    await change(packed, { carrier: "UPS" });
    await expect(change(packed, { status: "shipped" })).rejects.toMatchObject({
      type: "precondition-failed",
    });
  });

  test("an order of which goods were sent is not cancelled; one that is packed is unpacked", async () => {
    const sent = await paid([2]);
    await send(sent, { lines: [{ lineId: line(sent), quantity: 1 }] });
    const cancel = ({ id }: Order) => shop.call("orders.cancel", { id, reason: "No" }, { as: desk });
    await expect(cancel(sent)).rejects.toMatchObject({ type: "illegal-transition", data: { from: "paid" } });
    const order = await paid([2]);
    const packed = await send(order, { status: "packed" });
    expect(await cancel(order)).toMatchObject({
      status: "cancelled",
      refunded: order.total,
      lines: [{ packedQuantity: 0 }],
    });
    const { items } = await shop.call("orders.shipments.list", { id: order.id });
    expect(items).toMatchObject([{ id: packed.id, status: "cancelled", version: 2 }]);
  });

  test("customers see the shipments of their own orders and change none", async () => {
    const buyer = customer();
    const order = await paid([1], buyer);
    const { id: shipmentId, orderId: id } = await send(order);
    for (const as of [buyer, customer()]) {
      const create = shop.call("orders.shipments.create", { id, idempotencyKey: newId() }, { as });
      await expect(create).rejects.toMatchObject({ type: "forbidden" });
    }
    expect(await shop.call("orders.shipments.get", { id, shipmentId }, { as: buyer })).toMatchObject({
      id: shipmentId,
    });
    const stranger = { as: customer() };
    await expect(shop.call("orders.shipments.get", { id, shipmentId }, stranger)).rejects.toMatchObject({
      type: "not-found",
    });
    await expect(shop.call("orders.shipments.list", { id }, stranger)).rejects.toMatchObject({
      type: "not-found",
    });
  });
});

describe("many hands at once", () => {
  test("never is more sent than was ordered", async () => {
    const order = await paid([5]);
    const one = { lines: [{ lineId: line(order), quantity: 1 }] };
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => outcome(send(order, one))));
    expect(outcomes.filter((result) => typeof result !== "string")).toHaveLength(5);
    for (const result of outcomes)
      if (typeof result === "string") expect(["limit-reached", "illegal-transition"]).toContain(result);
    expect(await read(order)).toMatchObject({ status: "shipped", lines: [{ shippedQuantity: 5 }] });
    // The order of steps is independent of clock skew.
    const { items } = await shop.call("orders.timeline", { id: order.id });
    expect(items.map(({ event }) => event)).toEqual([
      "placed",
      "paid",
      ...Array.from({ length: 5 }, () => "shipped"),
    ]);
    const times = items.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
  });

  test("of cancelling and sending one wins", async () => {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const order = await paid([1]);
        const [sent, cancelled] = await Promise.all([
          outcome(send(order)),
          outcome(shop.call("orders.cancel", { id: order.id, reason: "No" }, { as: desk })),
        ]);
        const { status, refunded } = await read(order);
        expect(refunded).toEqual(status === "cancelled" ? order.total : gbp(0));
        expect([sent, cancelled]).toContain("illegal-transition");
        expect(status).toBe(sent === "illegal-transition" ? "cancelled" : "shipped");
      }),
    );
  });

  test("of returning and sending the same goods, each piece is on one way only", async () => {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const order = await paid([2]);
        await Promise.all([outcome(send(order)), outcome(giveBack(order, line(order), 1))]);
        const { status, lines } = await read(order);
        expect(status).toBe("shipped");
        expect([1, 2]).toContain(lines[0]?.shippedQuantity);
        expect(lines[0]?.returnedQuantity).toBe(1);
      }),
    );
  });

  test("a shipment is delivered once", async () => {
    const order = await paid([1]);
    const shipment = await send(order);
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => outcome(change(shipment, { status: "delivered" }))),
    );
    expect(outcomes.filter((result) => typeof result !== "string")).toHaveLength(1);
    expect(outcomes.filter((result) => result === "precondition-failed")).toHaveLength(5);
    expect(await read(order)).toMatchObject({ status: "delivered", lines: [{ deliveredQuantity: 1 }] });
  });
});
