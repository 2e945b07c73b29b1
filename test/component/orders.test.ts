import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Database } from "../../mixins/database/database.ts";
import type { Job } from "../../mixins/service/jobs.ts";
import type { ShopMeta } from "../../mixins/service/action-runtime.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Input, Result } from "../../mixins/contract/calls.ts";
import { isShopError, ShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { expireUnpaidOrders } from "../../services/orders/jobs/expire-unpaid-orders.job.ts";
import { removeOldKeys } from "../../services/orders/jobs/remove-old-keys.job.ts";
import type { OrdersDependencies } from "../../services/orders/orders.dependencies.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

type Order = Result<"orders.place">;
type PlaceInput = Input<"orders.place">;

const minute = 60_000;
const hour = 60 * minute;
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

let shop: Shop;
let world: FakeCheckoutServices;

beforeAll(async () => {
  world = new FakeCheckoutServices();
  // The tests run the sweepers.
  const env = { SWEEP_INTERVAL_SECONDS: "3600" };
  shop = await startShop({ services: ["orders"], env, prepare: world.install });
});
afterAll(() => shop.stop());
afterEach(async () => {
  // Otherwise an event published at a later time would not be due yet.
  await shop.settled();
  jest.restoreAllMocks();
  world.whenReserved = () => Promise.resolve();
  world.whenCartRead = () => Promise.resolve();
});

const staff = (): Caller & { kind: "user" } => ({
  ...customer(),
  role: "support",
  permissions: ["orders:read", "orders:write"],
});

/** A request to order two of a new variant of 10.00 with enough stock. */
function request(change: Partial<PlaceInput> = {}): PlaceInput {
  const cartId = change.cartId ?? world.cart([world.stock(100, 1000), 2]);
  return { idempotencyKey: newId(), cartId, total: gbp(2495), shippingAddress: address, ...change };
}
const place = (params: PlaceInput, as: Caller = customer()) => shop.call("orders.place", params, { as });
const ordersOf = async (as: Caller) => (await shop.call("orders.list", { limit: 100 }, { as })).items;
const settle = (orderIds: string[]) => shop.call("orders.checkouts.settle", { orderIds });
const onHand = ({ cartId }: PlaceInput) =>
  world.stocks.get(world.carts.get(cartId)?.[0]?.variantId ?? "")?.onHand;
const payment = (id: string, key = newId()) => ({ id, idempotencyKey: key, reference: "bank" });
const eventsOf = (orderId: string) =>
  world.events
    .filter(({ payload }) => "orderId" in payload && payload.orderId === orderId)
    .map(({ name }) => name);

async function placed(as: Caller = customer(), change: Partial<PlaceInput> = {}): Promise<Order> {
  return place(request(change), as);
}

/** Advances the clock. */
function later(milliseconds: number): void {
  const real = Date.now.bind(Date);
  const offset = milliseconds;
  jest.spyOn(Date, "now").mockImplementation(() => real() + offset);
}

function service() {
  return shop.broker.getLocalService("orders") as Service & {
    database: Database;
    collaborators: OrdersDependencies;
  };
}

async function run(job: Job<OrdersDependencies>, now = Date.now()): Promise<void> {
  const { database, collaborators } = service();
  const origin = { actor: { kind: "system", id: `orders.${job.name}` }, requestId: newId() } as const;
  const context = {
    call: () => Promise.reject(new Error("this job makes no calls")),
    now,
    log: shop.broker.logger,
    transaction: <T>(work: Parameters<typeof database.transaction<T>>[1]) =>
      database.transaction(origin, work),
  };
  await job.run(context, collaborators);
}

async function outcome<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((error: unknown) => {
    if (isShopError(error)) return error.type;
    throw error;
  });
}

describe("placing an order", () => {
  test("answers with the order, holds the stock and tells everyone once", async () => {
    const buyer = customer();
    const params = request({ note: " Ring twice " });
    const order = await place(params, buyer);
    expect(order).toMatchObject({
      number: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
      customerId: buyer.userId,
      status: "placed",
      subtotal: gbp(2000),
      discount: gbp(0),
      shipping: gbp(495),
      tax: gbp(416),
      total: gbp(2495),
      refunded: gbp(0),
      version: 1,
      lines: [
        {
          quantity: 2,
          returnedQuantity: 0,
          unitPrice: gbp(1000),
          lineTotal: gbp(2000),
          options: { size: "M" },
        },
      ],
      shippingAddress: address,
      note: "Ring twice",
    });
    expect(Date.parse(order.payBefore ?? "") - Date.parse(order.placedAt)).toBe(30 * minute);
    expect(await shop.call("orders.get", { id: order.id }, { as: buyer })).toEqual(order);
    expect(onHand(params)).toBe(98);
    await shop.settled();
    const [event, ...more] = world.events.filter(
      ({ payload }) => "orderId" in payload && payload.orderId === order.id,
    );
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      name: "orders.placed",
      actor: { kind: "user", id: buyer.userId },
      payload: { number: order.number, cartId: params.cartId, total: gbp(2495), lines: [{ quantity: 2 }] },
    });
    const { items } = await shop.call("orders.timeline", { id: order.id }, { as: buyer });
    expect(items).toEqual([
      { at: order.placedAt, event: "placed", actor: `user:${buyer.userId}`, reason: null },
    ]);
  });

  test("the same request again answers byte for byte the same and says that it is a replay", async () => {
    const buyer = customer();
    const params = request();
    const first = await place(params, buyer);
    await shop.call("orders.cancel", { id: first.id, reason: "Changed my mind" }, { as: buyer });
    const meta: ShopMeta = { caller: buyer };
    const again = await shop.broker.call<Order, PlaceInput>("orders.place", params, { meta });
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(meta.replayed).toBe(true);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  test("another request under the same key is refused; someone else's same key is another key, and so is one in other letters", async () => {
    const buyer = customer();
    const params = request({ idempotencyKey: `Key-'"\\?-${newId()}` });
    await place(params, buyer);
    await expect(place({ ...params, note: "Other" }, buyer)).rejects.toMatchObject({
      type: "idempotency-mismatch",
    });
    const stranger = customer();
    const theirs = { ...params, cartId: request().cartId };
    expect(await place(theirs, stranger)).toMatchObject({ customerId: stranger.userId });
    const later = {
      ...params,
      cartId: request().cartId,
      idempotencyKey: params.idempotencyKey.toLowerCase(),
    };
    await place(later, buyer);
    expect(await ordersOf(buyer)).toHaveLength(2);
  });

  test("an address of the address book is copied; someone else's is not found", async () => {
    const buyer = customer();
    const id = newId();
    const at = new Date().toISOString();
    world.addresses.set(id, {
      id,
      label: null,
      address,
      isDefault: false,
      createdAt: at,
      updatedAt: at,
      userId: buyer.userId,
    });
    expect(await placed(buyer, { shippingAddress: { addressId: id } })).toMatchObject({
      shippingAddress: address,
    });
    const refused = request({ shippingAddress: { addressId: id } });
    await expect(place(refused)).rejects.toMatchObject({ type: "not-found" });
    expect(onHand(refused)).toBe(100);
  });

  test("When a saved address has a code that is no country's, from before that was refused, nothing is ordered or held", async () => {
    const buyer = customer();
    const id = newId();
    const at = new Date().toISOString();
    const unknown = { ...address, country: "ZZ" };
    world.addresses.set(id, {
      id,
      label: null,
      address: unknown,
      isDefault: false,
      createdAt: at,
      updatedAt: at,
      userId: buyer.userId,
    });
    const wanted = request({ shippingAddress: { addressId: id } });
    const refused = { type: "validation-failed", data: { errors: [{ path: "shippingAddress.country" }] } };
    await expect(place(wanted, buyer)).rejects.toMatchObject(refused);
    expect(onHand(wanted)).toBe(100);
  });

  test("the hundred different items of a full cart fit", async () => {
    const lines = Array.from({ length: 100 }, () => [world.stock(999, 100_000_000), 999] as const);
    const total = 100 * 999 * 100_000_000;
    const order = await placed(customer(), { cartId: world.cart(...lines), total: gbp(total) });
    expect(order).toMatchObject({ total: gbp(total), shipping: gbp(0) });
    expect(order.lines.map(({ variantId }) => variantId)).toEqual(lines.map(([variantId]) => variantId));
  });
});

describe("an order that is refused", () => {
  test("when stock is short, it says so, holds nothing, and the same key works once there is enough", async () => {
    const buyer = customer();
    const variantId = world.stock(1, 1000);
    const params = request({ cartId: world.cart([variantId, 2]) });
    await expect(place(params, buyer)).rejects.toMatchObject({
      type: "stock-shortage",
      data: { shortages: [{ variantId, wanted: 2, available: 1 }] },
    });
    expect(await ordersOf(buyer)).toEqual([]);
    world.stocks.set(variantId, { onHand: 2, price: 1000 });
    expect(await place(params, buyer)).toMatchObject({ status: "placed" });
  });

  test("when the price is another than agreed, it names the new total and holds nothing", async () => {
    const buyer = customer();
    const params = request({ total: gbp(2494) });
    await expect(place(params, buyer)).rejects.toMatchObject({
      type: "price-changed",
      data: { total: gbp(2495) },
    });
    expect(onHand(params)).toBe(100);
    expect(await ordersOf(buyer)).toEqual([]);
    // The key is free again for the corrected request.
    await place({ ...params, total: gbp(2495) }, buyer);
  });

  test("when the total is in another currency, it is refused as well", async () => {
    const params = request({ total: { amount: 2495, currency: "EUR" } });
    await expect(place(params)).rejects.toMatchObject({ type: "price-changed" });
    expect(onHand(params)).toBe(100);
  });

  test("an empty cart and an unknown cart", async () => {
    await expect(place(request({ cartId: world.cart() }))).rejects.toMatchObject({ type: "cart-empty" });
    await expect(place(request({ cartId: newId() }))).rejects.toMatchObject({ type: "not-found" });
  });

  test("when another service fails, nothing is held and the same key can be tried again at once", async () => {
    const buyer = customer();
    const params = request();
    world.whenReserved = () => Promise.reject(new Error("the network ate the answer"));
    await expect(place(params, buyer)).rejects.toThrow("the network ate the answer");
    expect(onHand(params)).toBe(100);
    world.whenReserved = () => Promise.resolve();
    expect(await place(params, buyer)).toMatchObject({ status: "placed" });
    expect(onHand(params)).toBe(98);
  });
});

describe("many at once", () => {
  test("twenty equal requests place one order; the others get the same response or a retry hint", async () => {
    const buyer = customer();
    const params = request();
    const outcomes = await times(20, () => outcome(place(params, buyer)));
    const answers = outcomes.filter((result) => typeof result !== "string");
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    for (const result of outcomes)
      if (typeof result === "string") expect(result).toBe("idempotency-in-flight");
    expect(await ordersOf(buyer)).toHaveLength(1);
    expect(onHand(params)).toBe(98);
  });

  test("fifty buyers of ten things make ten orders", async () => {
    const variantId = world.stock(10, 1000);
    const outcomes = await times(50, () =>
      outcome(place(request({ cartId: world.cart([variantId, 1]), total: gbp(1495) }))),
    );
    expect(outcomes.filter((result) => typeof result !== "string")).toHaveLength(10);
    expect(outcomes.filter((result) => result === "stock-shortage")).toHaveLength(40);
    expect(world.stocks.get(variantId)?.onHand).toBe(0);
  });

  test("of payment and cancellation, fifty times at once, one wins and the money agrees", async () => {
    const desk = staff();
    await times(50, async () => {
      const buyer = customer();
      const { id, total } = await placed(buyer);
      const [paid, cancelled] = await Promise.all([
        outcome(shop.call("orders.payments.record", payment(id), { as: desk })),
        outcome(shop.call("orders.cancel", { id, reason: "Too slow" }, { as: buyer })),
      ]);
      const order = await shop.call("orders.get", { id }, { as: buyer });
      const payments = await shop.call("orders.payments.list", { id }, { as: buyer });
      const { items } = await shop.call("orders.timeline", { id }, { as: buyer });
      expect(order).toMatchObject({ version: 2, refunded: gbp(0) });
      expect(items.map(({ event }) => event)).toEqual(["placed", order.status]);
      if (order.status === "paid") {
        expect(cancelled).toBe("illegal-transition");
        expect(payments.items).toMatchObject([{ amount: total }]);
      } else {
        expect(order.status).toBe("cancelled");
        expect(paid).toBe("illegal-transition");
        expect(payments.items).toEqual([]);
      }
      await shop.settled();
      expect(eventsOf(id)).toEqual(["orders.placed", `orders.${order.status}`]);
    });
  });

  test("of payment and expiry one wins", async () => {
    const desk = staff();
    const orders = await times(20, () => placed());
    const [, ...paid] = await Promise.all([
      run(expireUnpaidOrders, Date.now() + hour),
      ...orders.map(({ id }) => outcome(shop.call("orders.payments.record", payment(id), { as: desk }))),
    ]);
    for (const [index, { id }] of orders.entries()) {
      const { status } = await shop.call("orders.get", { id });
      expect(status).toBe(paid[index] === "illegal-transition" ? "expired" : "paid");
    }
  });
});

describe("a catalogue that is lost on the way", () => {
  test("when both the reservation and its compensation time out, the same key continues with the reserved stock", async () => {
    const buyer = customer();
    const params = request();
    const away = () => Promise.reject(new ShopError("unavailable"));
    world.whenReserved = away;
    world.whenReleased = away;
    expect(await outcome(place(params, buyer))).toBe("unavailable");
    const [held = ""] = world.held().slice(-1);
    expect(onHand(params)).toBe(98);
    world.whenReserved = () => Promise.resolve();
    world.whenReleased = () => Promise.resolve();
    expect(await place(params, buyer)).toMatchObject({ id: held, status: "placed" });
    expect(onHand(params)).toBe(98);
  });

  test("when it was only the answer to the undo that was lost, the same key makes a new order", async () => {
    const buyer = customer();
    const params = request();
    world.whenReserved = () => Promise.reject(new ShopError("unavailable"));
    world.whenReleased = (orderId) => {
      world.release(orderId);
      return Promise.reject(new ShopError("unavailable"));
    };
    expect(await outcome(place(params, buyer))).toBe("unavailable");
    world.whenReserved = () => Promise.resolve();
    world.whenReleased = () => Promise.resolve();
    expect(await place(params, buyer)).toMatchObject({ status: "placed" });
    expect(onHand(params)).toBe(98);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });
});

describe("a checkout that is cut off", () => {
  /** State after a crash during checkout: stock reserved, key claimed. */
  async function cutOff(
    params: PlaceInput,
    as: Caller,
  ): Promise<{ orderId: string; comeBack: () => Promise<unknown> }> {
    let finish = (): void => undefined;
    let attempt: Promise<unknown> = Promise.resolve();
    const orderId = await new Promise<string>((resolve) => {
      world.whenReserved = (id) =>
        new Promise((goOn) => {
          finish = goOn;
          resolve(id);
        });
      attempt = outcome(place(params, as));
    });
    world.whenReserved = () => Promise.resolve();
    const comeBack = () => {
      finish();
      return attempt;
    };
    return { orderId, comeBack };
  }

  test("once its outcome was asked for, it never yields an order, and the same key makes a new one", async () => {
    const buyer = customer();
    const params = request();
    const { orderId, comeBack } = await cutOff(params, buyer);
    await world.sweep(settle);
    expect(world.held()).not.toContain(orderId);
    expect(await comeBack()).toBe("unavailable");
    expect(await ordersOf(buyer)).toEqual([]);
    const order = await place(params, buyer);
    expect(order.id).not.toBe(orderId);
    expect(await settle([orderId, order.id])).toEqual(
      expect.arrayContaining([
        { orderId, outcome: "abandoned" },
        { orderId: order.id, outcome: "placed" },
      ]),
    );
    expect(onHand(params)).toBe(98);
  });

  test("during its claim, the same request gets a retry hint; then it takes over with the existing reservation", async () => {
    const buyer = customer();
    const params = request();
    const { orderId, comeBack } = await cutOff(params, buyer);
    await expect(place(params, buyer)).rejects.toMatchObject({ type: "idempotency-in-flight" });
    await expect(place({ ...params, note: "x" }, buyer)).rejects.toMatchObject({
      type: "idempotency-mismatch",
    });
    later(hour);
    const order = await place(params, buyer);
    expect(order.id).toBe(orderId);
    expect(onHand(params)).toBe(98);
    // The first attempt was still alive: it finds the order and gives the same response.
    expect(JSON.stringify(await comeBack())).toBe(JSON.stringify(order));
    expect(onHand(params)).toBe(98);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  test("a call that is made again because its node died takes over at once", async () => {
    const buyer = customer();
    const params = request();
    const { orderId, comeBack } = await cutOff(params, buyer);
    const order = await shop.broker.call<Order, PlaceInput>("orders.place", params, {
      meta: { caller: buyer, takesOver: true },
    });
    expect(order.id).toBe(orderId);
    // The node was still alive.
    expect(JSON.stringify(await comeBack())).toBe(JSON.stringify(order));
    expect(onHand(params)).toBe(98);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  test("one that comes back and fails does not take the stock from the one that took over", async () => {
    const buyer = customer();
    const params = request();
    const { orderId, comeBack } = await cutOff(params, buyer);
    later(hour);
    const second = await cutOff(params, buyer);
    expect(second.orderId).toBe(orderId);
    // Changes the price in the first response of the catalogue.
    const reservation = world.reservations.get(orderId);
    const line = reservation?.answer.lines[0];
    if (!line) throw new Error("there is no reservation");
    line.unitPrice.amount += 1;
    expect(await comeBack()).toBe("idempotency-in-flight");
    expect(world.held()).toContain(orderId);
    line.unitPrice.amount -= 1;
    expect(await second.comeBack()).toMatchObject({ id: orderId, status: "placed" });
    expect(onHand(params)).toBe(98);
  });

  test("when its reservation was given up meanwhile, the same request places a new order", async () => {
    const buyer = customer();
    const params = request();
    const { orderId, comeBack } = await cutOff(params, buyer);
    later(hour);
    world.release(orderId);
    const order = await place(params, buyer);
    expect(order.id).not.toBe(orderId);
    expect(JSON.stringify(await comeBack())).toBe(JSON.stringify(order));
    expect(onHand(params)).toBe(98);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  const turnsOf = async (count: number) => {
    for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
  };

  test.each(Array.from({ length: 24 }, (_, index) => index - 16))(
    "concurrent placing and settling agree in any order (settled %d turns after the stock was reserved)",
    async (turns) => {
      const buyer = customer();
      const params = request();
      const settledAfter = async (count: number, orderId: string) => {
        await turnsOf(count);
        return settle([orderId]);
      };
      const asked = new Promise<Result<"orders.checkouts.settle">>((resolve) => {
        world.whenReserved = (orderId) => {
          resolve(settledAfter(Math.max(turns, 0), orderId));
          return turnsOf(Math.max(-turns, 0));
        };
      });
      const result = await outcome(place(params, buyer));
      const [answer] = await asked;
      const orders = await ordersOf(buyer);
      expect(orders.map(({ id }) => id)).toEqual(answer?.outcome === "placed" ? [answer.orderId] : []);
      if (answer?.outcome === "placed") expect(result).toMatchObject({ id: answer.orderId });
      else expect(result).toBe("unavailable");
      expect(await settle([answer?.orderId ?? ""])).toEqual([answer]);
    },
  );

  /** After its claim, placing is a checkout's first transaction, giving up its second. */
  function loseAnswers(of: readonly number[], { committed }: { committed: boolean }): void {
    const { database } = service();
    const real = database.transaction.bind(database);
    let count = 0;
    jest.spyOn(database, "transaction").mockImplementation(async (origin, work) => {
      count += 1;
      if (!of.includes(count)) return real(origin, work);
      if (committed) await real(origin, work);
      throw new Error("the connection was lost");
    });
  }

  test("when the answer to its commit is lost but the order is there, it answers with the order", async () => {
    const buyer = customer();
    const params = request();
    loseAnswers([1], { committed: true });
    const order = await place(params, buyer);
    expect(await shop.call("orders.get", { id: order.id }, { as: buyer })).toEqual(order);
    expect(onHand(params)).toBe(98);
    await shop.settled();
    expect(eventsOf(order.id)).toEqual(["orders.placed"]);
  });

  test("when its commit failed, nothing is held and the same key works at once", async () => {
    const buyer = customer();
    const params = request();
    loseAnswers([1], { committed: false });
    await expect(place(params, buyer)).rejects.toThrow("the connection was lost");
    expect(onHand(params)).toBe(100);
    jest.restoreAllMocks();
    await place(params, buyer);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  test("when the commit's outcome is unknown, stock stays reserved until the checkout is settled", async () => {
    const buyer = customer();
    const params = request();
    loseAnswers([1, 2], { committed: false });
    await expect(place(params, buyer)).rejects.toThrow("the connection was lost");
    jest.restoreAllMocks();
    expect(onHand(params)).toBe(98);
    await expect(place(params, buyer)).rejects.toMatchObject({ type: "idempotency-in-flight" });
    await world.sweep(settle);
    expect(onHand(params)).toBe(100);
    await place(params, buyer);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  test("an unknown order is ruled out, idempotently", async () => {
    const unknown = newId();
    expect(await settle([unknown, unknown])).toEqual([{ orderId: unknown, outcome: "abandoned" }]);
    expect(await settle([unknown])).toEqual([{ orderId: unknown, outcome: "abandoned" }]);
  });

  test("an order's outcome is known long after its key was removed", async () => {
    const buyer = customer();
    const params = request();
    const order = await place(params, buyer);
    await run(removeOldKeys, Date.now() + 47 * hour);
    expect((await place(params, buyer)).id).toBe(order.id);
    await run(removeOldKeys, Date.now() + 49 * hour);
    expect(await settle([order.id])).toEqual([{ orderId: order.id, outcome: "placed" }]);
    expect(await settle([order.id])).toEqual([{ orderId: order.id, outcome: "placed" }]);
    expect((await place({ ...params, cartId: request().cartId }, buyer)).id).not.toBe(order.id);
  });

  test("a cart is ordered once, even when a double click sends two keys concurrently", async () => {
    const buyer = customer();
    const params = request();
    const clicks = Array.from({ length: 5 }, () => place({ ...params, idempotencyKey: newId() }, buyer));
    const outcomes = await Promise.allSettled(clicks);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ type: "cart-empty" });
    expect(await ordersOf(buyer)).toHaveLength(1);
    expect(onHand(params)).toBe(98);
  });
});

describe("who sees which order", () => {
  test("a customer's order is not found by others, whatever they try", async () => {
    const order = await placed();
    const { id } = order;
    const as = customer();
    const tries = [
      shop.call("orders.get", { id }, { as }),
      shop.call("orders.timeline", { id }, { as }),
      shop.call("orders.payments.list", { id }, { as }),
      shop.call("orders.returns.list", { id }, { as }),
      shop.call("orders.cancel", { id, reason: "Mine" }, { as }),
      shop.call("orders.payments.record", payment(id), { as }),
    ];
    for (const attempt of tries) await expect(attempt).rejects.toMatchObject({ type: "not-found" });
    expect((await shop.call("orders.list", { customerId: order.customerId }, { as })).items).toEqual([]);
  });

  test("someone who may see orders but not change them cannot cancel another's", async () => {
    const { id } = await placed();
    const auditor: Caller = { ...customer(), role: "auditor", permissions: ["orders:read"] };
    expect(await shop.call("orders.get", { id }, { as: auditor })).toMatchObject({ id });
    const attempt = shop.call("orders.cancel", { id, reason: "No" }, { as: auditor });
    await expect(attempt).rejects.toMatchObject({ type: "not-found" });
  });

  test("lists are filtered, sorted and paged", async () => {
    const as = customer();
    const orders: Order[] = [];
    for (const price of [3000, 1000, 2000])
      orders.push(
        await placed(as, { cartId: world.cart([world.stock(9, price), 1]), total: gbp(price + 495) }),
      );
    const [dear, cheap, middle] = orders;
    const list = (params: Input<"orders.list">, caller: Caller = as) =>
      shop.call("orders.list", params, { as: caller });
    const ids = (page: Result<"orders.list">) => page.items.map(({ id }) => id);

    const first = await list({ sort: "total", limit: 2, count: true });
    expect(ids(first)).toEqual([cheap?.id, middle?.id]);
    expect(first.total).toBe(3);
    expect(ids(await list({ sort: "total", limit: 2, cursor: first.nextCursor ?? "" }))).toEqual([dear?.id]);
    await shop.call("orders.cancel", { id: cheap?.id ?? "", reason: "No" }, { as });
    expect(ids(await list({ status: "cancelled" }))).toEqual([cheap?.id]);
    expect(ids(await list({ number: dear?.number.toLowerCase().replace("-", "") ?? "" }, staff()))).toEqual([
      dear?.id,
    ]);
    expect(ids(await list({ customerId: as.userId }, staff()))).toHaveLength(3);
    const from = dear?.placedAt ?? "";
    expect(ids(await list({ placedFrom: from }))).toHaveLength(3);
    expect(ids(await list({ placedBefore: from }))).toHaveLength(0);
    await expect(list({ cursor: "'; DROP TABLE orders" })).rejects.toMatchObject({
      type: "validation-failed",
    });
  });
});

describe("searches by staff", () => {
  test("orders by status, totals, time, customer and product, each page in its order", async () => {
    const as = customer();
    const desk = staff();
    const orders: Order[] = [];
    for (const price of [1000, 2000, 3000, 4000])
      orders.push(
        await placed(as, { cartId: world.cart([world.stock(9, price), 1]), total: gbp(price + 495) }),
      );
    const [first, second, third, fourth] = orders.map(({ id }) => id);
    const find = async (params: Input<"orders.list">) => {
      const { items } = await shop.call(
        "orders.list",
        { customerId: as.userId, sort: "total", ...params },
        { as: desk },
      );
      return items.map(({ id }) => id);
    };
    for (const id of [first, second, third])
      await shop.call("orders.payments.record", payment(id ?? ""), { as: desk });
    const parcel = { id: second ?? "", idempotencyKey: newId() };
    await shop.call("orders.shipments.create", { ...parcel, status: "packed" }, { as: desk });
    await shop.call(
      "orders.shipments.create",
      { ...parcel, id: third ?? "", idempotencyKey: newId() },
      { as: desk },
    );

    expect(await find({ status: "placed,shipped,placed" })).toEqual([third, fourth]);
    expect(await find({ unshipped: true })).toEqual([first, second]);
    expect(await find({ unshipped: true, status: "packed,shipped" })).toEqual([second]);
    expect(await find({ minTotal: 2495, maxTotal: 3495, sort: "-total" })).toEqual([third, second]);
    const { productId = "", sku = "" } = orders[1]?.lines[0] ?? {};
    expect(await find({ productId })).toEqual([second]);
    expect(await find({ productId: newId() })).toEqual([]);
    expect(await find({ sku, limit: 3 })).toEqual([first, second, third]);
    expect(await find({ sku: "' OR 1=1" })).toEqual([]);
    await expect(find({ status: "paid,lost" })).rejects.toMatchObject({ type: "validation-failed" });

    const page = await shop.call(
      "orders.list",
      { status: "paid,packed,shipped", sku, limit: 2, count: true },
      { as },
    );
    expect(page).toMatchObject({ items: [{ id: third }, { id: second }], total: 3 });
    const next = { status: "paid,packed,shipped", sku, cursor: page.nextCursor ?? "" };
    expect(await shop.call("orders.list", next, { as })).toMatchObject({
      items: [{ id: first }],
      nextCursor: null,
    });
  });
});

describe("cancelling", () => {
  test("twice is the same as once", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    const cancel = () => shop.call("orders.cancel", { id, reason: "No" }, { as: buyer });
    const first = await cancel();
    expect(first).toMatchObject({ status: "cancelled", payBefore: null, refunded: gbp(0), version: 2 });
    expect(await Promise.all([cancel(), cancel()])).toEqual([first, first]);
    await shop.settled();
    expect(eventsOf(id)).toEqual(["orders.placed", "orders.cancelled"]);
  });

  test("a paid order is cancelled by staff only, and the total is due back", async () => {
    const buyer = customer();
    const desk = staff();
    const { id, total } = await placed(buyer);
    await shop.call("orders.payments.record", payment(id), { as: desk });
    const own = shop.call("orders.cancel", { id, reason: "No" }, { as: buyer });
    await expect(own).rejects.toMatchObject({ type: "illegal-transition", data: { from: "paid" } });
    const cancelled = await shop.call("orders.cancel", { id, reason: "Damaged" }, { as: desk });
    expect(cancelled).toMatchObject({ status: "cancelled", refunded: total });
    await shop.settled();
    expect(world.events.at(-1)).toMatchObject({
      name: "orders.cancelled",
      actor: { kind: "user", id: desk.userId },
      payload: { orderId: id, refund: total, reason: "Damaged" },
    });
  });
});

describe("payments", () => {
  test("the same payment five times at once is one payment with one answer", async () => {
    const desk = staff();
    const { id, total } = await placed();
    const params = payment(id);
    const answers = await times(5, () => shop.call("orders.payments.record", params, { as: desk }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ orderId: id, provider: "manual", reference: "bank", amount: total });
    expect((await shop.call("orders.payments.list", { id })).items).toEqual([answers[0]]);
    const meta: ShopMeta = { caller: desk };
    await shop.broker.call("orders.payments.record", params, { meta });
    expect(meta.replayed).toBe(true);
  });

  test("the key of one payment cannot be used for another", async () => {
    const desk = staff();
    const [one, two] = [await placed(), await placed()];
    const params = payment(one.id);
    await shop.call("orders.payments.record", params, { as: desk });
    for (const other of [
      { ...params, id: two.id },
      { ...params, reference: "cash" },
    ])
      await expect(shop.call("orders.payments.record", other, { as: desk })).rejects.toMatchObject({
        type: "idempotency-mismatch",
      });
    expect(await shop.call("orders.get", { id: two.id })).toMatchObject({ status: "placed" });
  });

  test("a paid, cancelled or unknown order cannot be paid, and the refused key stays free", async () => {
    const desk = staff();
    const { id } = await placed();
    await shop.call("orders.payments.record", payment(id), { as: desk });
    await expect(shop.call("orders.payments.record", payment(id), { as: desk })).rejects.toMatchObject({
      type: "illegal-transition",
      data: { from: "paid" },
    });
    const key = newId();
    const unknown = shop.call("orders.payments.record", payment(newId(), key), { as: desk });
    await expect(unknown).rejects.toMatchObject({ type: "not-found" });
    const { id: next } = await placed();
    expect(await shop.call("orders.payments.record", payment(next, key), { as: desk })).toMatchObject({
      orderId: next,
    });
  });

  test("an order not paid in time expires, once, and cannot be paid or cancelled afterwards", async () => {
    const buyer = customer();
    const { id } = await placed(buyer);
    await run(expireUnpaidOrders, Date.now() + 29 * minute);
    expect(await shop.call("orders.get", { id })).toMatchObject({ status: "placed" });
    await Promise.all([
      run(expireUnpaidOrders, Date.now() + hour),
      run(expireUnpaidOrders, Date.now() + hour),
    ]);
    expect(await shop.call("orders.get", { id })).toMatchObject({
      status: "expired",
      payBefore: null,
      version: 2,
    });
    await shop.settled();
    expect(eventsOf(id)).toEqual(["orders.placed", "orders.expired"]);
    const { items } = await shop.call("orders.timeline", { id }, { as: buyer });
    expect(items.at(-1)).toMatchObject({ event: "expired", actor: "system:orders.expire-unpaid-orders" });
    const from = { type: "illegal-transition", data: { from: "expired" } };
    await expect(shop.call("orders.payments.record", payment(id))).rejects.toMatchObject(from);
    await expect(shop.call("orders.cancel", { id, reason: "No" }, { as: buyer })).rejects.toMatchObject(from);
  });

  test("one that cannot expire is reported and holds up no other", async () => {
    const buyer = customer();
    const [broken, ...others] = await times(3, () => placed(buyer));
    const id = broken?.id ?? "";
    const { database } = service();
    const origin = { actor: { kind: "operator", id: "test" }, requestId: newId() } as const;
    const write = (address: string, payBefore: number) =>
      database.transaction(origin, (tx) =>
        database.execute(
          "UPDATE orders SET address = ?, pay_before = ? WHERE id = ?",
          [address, payBefore, id],
          tx,
        ),
      );
    await write("{", 1);
    const report = jest.spyOn(shop.broker.logger, "error").mockImplementation(() => undefined);
    await run(expireUnpaidOrders, Date.now() + hour);
    expect(report).toHaveBeenCalledWith(expect.stringContaining(id), expect.any(Error));
    for (const other of others)
      expect(await shop.call("orders.get", { id: other.id })).toMatchObject({ status: "expired" });
    await write(JSON.stringify(address), 1);
    await run(expireUnpaidOrders, Date.now() + hour);
    expect(await shop.call("orders.get", { id })).toMatchObject({ status: "expired" });
  });

  test("more orders than one batch holds expire in one go", async () => {
    const buyer = customer();
    await times(120, () => placed(buyer));
    await run(expireUnpaidOrders, Date.now() + hour);
    const page = await shop.call("orders.list", { status: "expired", count: true }, { as: buyer });
    expect(page.total).toBe(120);
  });
});

describe("returns", () => {
  async function paidOrder(): Promise<Order & { line: string }> {
    const order = await placed();
    await shop.call("orders.payments.record", payment(order.id));
    return { ...order, line: order.lines[0]?.id ?? "" };
  }
  const giveBack = (id: string, lineId: string, quantity: number, key = newId()) =>
    shop.call("orders.returns.record", {
      id,
      idempotencyKey: key,
      lines: [{ lineId, quantity }],
      reason: "Too big",
    });

  test("goods are refunded at their price; with the last one the order is returned", async () => {
    const { id, line } = await paidOrder();
    const first = await giveBack(id, line, 1);
    expect(first).toMatchObject({
      refund: gbp(1000),
      restocked: true,
      lines: [{ lineId: line, quantity: 1 }],
    });
    expect(await shop.call("orders.get", { id })).toMatchObject({ status: "paid", refunded: gbp(1000) });
    await expect(shop.call("orders.cancel", { id, reason: "No" })).rejects.toMatchObject({
      type: "illegal-transition",
    });
    const second = await shop.call("orders.returns.record", {
      id,
      idempotencyKey: newId(),
      lines: [{ lineId: line, quantity: 1 }],
      restock: false,
      reason: "Broken",
    });
    expect(await shop.call("orders.get", { id })).toMatchObject({ status: "returned", refunded: gbp(2000) });
    expect((await shop.call("orders.returns.list", { id })).items).toEqual([first, second]);
    await shop.settled();
    expect(world.events.at(-1)).toMatchObject({
      name: "orders.returned",
      payload: { returnId: second.id, restocked: false, refund: gbp(1000), lines: [{ quantity: 1 }] },
    });
  });

  test("never more comes back than was bought, however many hands take it at once", async () => {
    const { id, line } = await paidOrder();
    const outcomes = await times(8, () => outcome(giveBack(id, line, 1)));
    expect(outcomes.filter((result) => typeof result !== "string")).toHaveLength(2);
    for (const result of outcomes)
      if (typeof result === "string") expect(["limit-reached", "illegal-transition"]).toContain(result);
    expect(await shop.call("orders.get", { id })).toMatchObject({
      status: "returned",
      refunded: gbp(2000),
      lines: [{ returnedQuantity: 2 }],
    });
  });

  test("an excessive quantity fails with the line and its remainder, and changes nothing", async () => {
    const { id, line } = await paidOrder();
    await expect(giveBack(id, line, 3)).rejects.toMatchObject({
      type: "limit-reached",
      data: { lineId: line, limit: 2 },
    });
    await expect(giveBack(id, newId(), 1)).rejects.toMatchObject({ type: "not-found" });
    expect(await shop.call("orders.get", { id })).toMatchObject({ version: 2, refunded: gbp(0) });
  });

  test("the same return again is a replay, not a second return", async () => {
    const { id, line } = await paidOrder();
    const key = newId();
    const answers = await times(5, () => giveBack(id, line, 1, key));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await expect(giveBack(id, line, 2, key)).rejects.toMatchObject({ type: "idempotency-mismatch" });
    expect((await shop.call("orders.returns.list", { id })).items).toHaveLength(1);
  });

  test("an unpaid order cannot be returned", async () => {
    const order = await placed();
    const attempt = giveBack(order.id, order.lines[0]?.id ?? "", 1);
    await expect(attempt).rejects.toMatchObject({ type: "illegal-transition", data: { from: "placed" } });
  });
});

test("a quote is priced like the order", async () => {
  const lines = [{ quantity: 2, unitPrice: gbp(1000) }];
  const { subtotal, discount, shipping, tax, total, parts } = await placed();
  expect(await shop.call("orders.price", { lines })).toEqual({
    subtotal,
    discount,
    shipping,
    tax,
    total,
    coupon: null,
    parts: parts.map((part) => ({
      merchantId: part.merchantId,
      subtotal: part.subtotal,
      discount: part.discount,
      shipping: part.shipping,
      tax: part.tax,
      total: part.total,
    })),
  });
});
