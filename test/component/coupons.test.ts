import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Service } from "moleculer";
import { configOf } from "../../mixins/service/config-of.ts";
import { findViolations } from "../../mixins/database/invariant.ts";
import type { Database } from "../../mixins/database/database.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Input, Result } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { couponInvariants } from "../../services/orders/data/coupon-invariants.ts";
import { expireUnpaidOrders } from "../../services/orders/jobs/expire-unpaid-orders.job.ts";
import type { OrdersDependencies } from "../../services/orders/orders.dependencies.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

type Coupon = Result<"orders.coupons.get">;
type Terms = Partial<Input<"orders.coupons.create">>;

const hour = 3_600_000;
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const newCode = () => `C-${newId().slice(-12)}`.toUpperCase();
const tenPercent = { kind: "percent", basisPoints: 1000 } as const;

let shop: Shop;
let world: FakeCheckoutServices;

beforeAll(async () => {
  world = new FakeCheckoutServices();
  const german = { taxRateBasisPoints: 1900, shippingMinor: 1295 };
  // The tests run the sweepers.
  const env = { SWEEP_INTERVAL_SECONDS: "3600", DESTINATIONS: JSON.stringify({ DE: german }) };
  shop = await startShop({ services: ["orders"], env, prepare: world.install });
});
afterAll(() => shop.stop());
afterEach(() => {
  jest.restoreAllMocks();
  world.whenReserved = () => Promise.resolve();
});

const staff = (): Caller & { kind: "user" } => ({
  ...customer(),
  role: "support",
  permissions: ["orders:read", "orders:write"],
});
const make = (terms: Terms = {}, as: Caller = staff()): Promise<Coupon> =>
  shop.call("orders.coupons.create", { code: newCode(), discount: tenPercent, ...terms }, { as });
const look = (code: string) => shop.call("orders.coupons.get", { code });

/** A new cart with two of a variant of 10.00 and this coupon. With 10 % off it comes to 18.00 and shipping of 4.95. */
function cartWith({ code }: { code: string }, variantId = world.stock(1000, 1000)): string {
  const cartId = world.cart([variantId, 2]);
  world.coupons.set(cartId, code);
  return cartId;
}
const order = (cartId: string, as: Caller = customer(), total = 2295, key = newId(), country = "GB") => {
  const shippingAddress = { ...address, country };
  const params = { idempotencyKey: key, cartId, total: gbp(total), shippingAddress };
  return shop.call("orders.place", params, { as });
};
const cancel = (id: string) => shop.call("orders.cancel", { id, reason: "No" });
const pay = (id: string) => shop.call("orders.payments.record", { id, idempotencyKey: newId() });
const onHand = (cartId: string) => world.stocks.get(world.carts.get(cartId)?.[0]?.variantId ?? "")?.onHand;

function service() {
  return shop.broker.getLocalService("orders") as Service & {
    database: Database;
    collaborators: OrdersDependencies;
  };
}

/** Stored uses of the coupon, its valid redemptions, and both for the customer, if any. */
async function counted({ id }: Coupon, customerId?: string) {
  const { database } = service();
  const one = async (sql: string, values: string[]) =>
    (await database.select<{ n: number }>(sql, values))[0]?.n ?? 0;
  const live = "SELECT COUNT(*) AS n FROM coupon_redemptions WHERE coupon_id = ? AND given_back_at IS NULL";
  return {
    uses: await one("SELECT uses AS n FROM coupons WHERE id = ?", [id]),
    redemptions: await one(live, [id]),
    byCustomers: await one(
      "SELECT CAST(SUM(uses) AS SIGNED) AS n FROM coupon_customers WHERE coupon_id = ?",
      [id],
    ),
    ...(customerId ? { byCustomer: await one(`${live} AND customer_id = ?`, [id, customerId]) } : {}),
  };
}
const agreeing = (n: number) => ({ uses: n, redemptions: n, byCustomers: n });

async function expireAll(): Promise<void> {
  const { database, collaborators } = service();
  const origin = { actor: { kind: "system", id: "orders.expire" }, requestId: newId() } as const;
  const context = {
    call: () => Promise.reject(new Error("this job makes no calls")),
    now: Date.now() + hour,
    log: shop.broker.logger,
    transaction: <T>(work: Parameters<typeof database.transaction<T>>[1]) =>
      database.transaction(origin, work),
  };
  await expireUnpaidOrders.run(context, collaborators);
}

async function outcome<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((error: unknown) => {
    if (isShopError(error)) return error.type;
    throw error;
  });
}

describe("an order with a coupon", () => {
  test("costs less, says so line by line, and uses the coupon once however often it is sent", async () => {
    const coupon = await make();
    const variants = [world.stock(9, 333), world.stock(9, 501)] as const;
    const cartId = world.cart([variants[0], 3], [variants[1], 1]);
    world.coupons.set(cartId, coupon.code);
    const [buyer, key] = [customer(), newId()];
    // 15.00 less 10 %, and shipping of 4.95.
    const placed = await order(cartId, buyer, 1845, key);
    expect(placed).toMatchObject({
      coupon: coupon.code,
      subtotal: gbp(1500),
      discount: gbp(150),
      shipping: gbp(495),
      tax: gbp(308),
      total: gbp(1845),
      lines: [
        { lineTotal: gbp(999), discount: gbp(100) },
        { lineTotal: gbp(501), discount: gbp(50) },
      ],
    });
    expect(await shop.call("orders.get", { id: placed.id }, { as: buyer })).toEqual(placed);
    const again = await times(5, () => order(cartId, buyer, 1845, key));
    expect(new Set(again.map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify(placed)]));
    expect(await counted(coupon, buyer.userId)).toEqual({ ...agreeing(1), byCustomer: 1 });
    await shop.settled();
    expect(
      world.events.find(
        ({ name, payload }) => name === "orders.placed" && "cartId" in payload && payload.cartId === cartId,
      ),
    ).toMatchObject({ payload: { coupon: coupon.code, total: gbp(1845) } });
  });

  test("is charged the quoted total, to any country", async () => {
    const coupon = await make({ discount: { kind: "fixed", amountMinor: 750 } });
    const lines = [{ quantity: 2, unitPrice: gbp(1000) }];
    for (const [country, shipping] of [
      ["GB", 495],
      ["DE", 1295],
      ["FR", 495],
    ] as const) {
      const quote = await shop.call("orders.price", {
        lines,
        country,
        couponCode: coupon.code.toLowerCase(),
      });
      expect(quote).toMatchObject({
        discount: gbp(750),
        shipping: gbp(shipping),
        coupon: { code: coupon.code, reason: null },
      });
      const { subtotal, discount, tax, total } = await order(
        cartWith(coupon),
        customer(),
        quote.total.amount,
        newId(),
        country,
      );
      const { parts, ...quoted } = quote;
      expect({ subtotal, discount, shipping: gbp(shipping), tax, total, coupon: quote.coupon }).toEqual(
        quoted,
      );
      expect(parts).toEqual([{ merchantId: null, subtotal, discount, shipping: gbp(shipping), tax, total }]);
    }
    const elsewhere = order(cartWith(coupon), customer(), 2000 - 750 + 495, newId(), "DE");
    await expect(elsewhere).rejects.toMatchObject({
      type: "price-changed",
      data: { total: gbp(2000 - 750 + 1295) },
    });
  });

  test("that discounts some goods counts and discounts those alone, in the quote as in the order", async () => {
    const [brandId, kitchen, mugs, potter] = [newId(), newId(), newId(), newId()];
    const mug = world.stock(50, 999, potter, { brandId, categoryIds: [mugs, kitchen] });
    const spoon = world.stock(50, 501, null, { categoryIds: [kitchen] });
    const book = world.stock(50, 1250);
    const productOf = (variantId: string) => world.stocks.get(variantId)?.productId ?? "";
    const basket = [mug, spoon, book].map((variantId, index) => ({ variantId, quantity: 3 - index }));
    const priced = basket.map(({ variantId, quantity }) => {
      const { price, merchantId, productId, scope } = world.stocks.get(variantId) ?? { price: 0 };
      return { quantity, unitPrice: gbp(price), merchantId, productId, ...scope };
    });
    for (const [scope, discounts] of [
      [{ kind: "categories", ids: [kitchen] }, [300, 100, 0]],
      [{ kind: "categories", ids: [mugs] }, [300, 0, 0]],
      [{ kind: "brands", ids: [brandId, newId()] }, [300, 0, 0]],
      [{ kind: "merchants", ids: [potter] }, [300, 0, 0]],
      [{ kind: "products", ids: [productOf(book), productOf(spoon)] }, [0, 100, 125]],
      [{ kind: "all" }, [300, 100, 125]],
    ] as const) {
      const coupon = await make({ scope: structuredClone(scope) as NonNullable<Terms["scope"]> });
      expect(coupon.scope).toEqual(scope);
      const quote = await shop.call("orders.price", { lines: priced, couponCode: coupon.code });
      const discount = gbp(discounts.reduce<number>((sum, off) => sum + off, 0));
      expect(quote).toMatchObject({ discount, coupon: { reason: null } });
      const cartId = world.cart(...basket.map(({ variantId, quantity }) => [variantId, quantity] as const));
      world.coupons.set(cartId, coupon.code);
      const placed = await order(cartId, customer(), quote.total.amount);
      expect(placed.lines.map((line) => line.discount.amount)).toEqual(discounts);
      const { discount: off, tax, total, parts } = placed;
      expect({ discount: off, tax, total }).toEqual({ discount, tax: quote.tax, total: quote.total });
      expect(parts.map((part) => [part.merchantId, part.discount, part.total])).toEqual(
        quote.parts.map((part) => [part.merchantId, part.discount, part.total]),
      );
    }
  });

  test("that discounts none of the goods is refused, and its minimum is of the goods that it discounts", async () => {
    const [brandId, lines] = [newId(), [{ quantity: 2, unitPrice: gbp(1000) }]];
    const scope = { kind: "brands", ids: [brandId] } as const;
    const { code } = await make({ scope: { ...scope, ids: [brandId] }, minimumSubtotalMinor: 1500 });
    const outcome = async (more: typeof lines) =>
      (await shop.call("orders.price", { lines: [...lines, ...more], couponCode: code })).coupon?.reason;
    expect(await outcome([])).toBe("nothing-eligible");
    const branded = (amount: number) => [{ quantity: 1, unitPrice: gbp(amount), brandId }];
    expect(await outcome(branded(1499))).toBe("minimum-not-reached");
    expect(await outcome(branded(1500))).toBeNull();
    const cartId = cartWith({ code });
    const refused = { type: "price-changed", data: { coupon: code, reason: "nothing-eligible" } };
    await expect(order(cartId, customer(), 2295)).rejects.toMatchObject(refused);
    expect(await order(cartId, customer(), 2495)).toMatchObject({ discount: gbp(0), coupon: null });
    const all = await shop.call("orders.coupons.update", {
      code,
      expectedVersion: 1,
      scope: { kind: "all" },
    });
    expect(all).toMatchObject({ scope: { kind: "all" }, version: 2 });
    expect(await outcome([])).toBeNull();
  });

  test("refunds add up to the price paid, unit by unit", async () => {
    const coupon = await make({ discount: { kind: "fixed", amountMinor: 1001 } });
    const placed = await order(cartWith(coupon), customer(), 2000 - 1001 + 495);
    await pay(placed.id);
    const lines = [{ lineId: placed.lines[0]?.id ?? "", quantity: 1 }];
    const giveBack = () =>
      shop.call("orders.returns.record", {
        id: placed.id,
        idempotencyKey: newId(),
        lines,
        reason: "Too big",
      });
    const refunds = [(await giveBack()).refund.amount, (await giveBack()).refund.amount];
    expect(refunds).toEqual([500, 499]);
    expect(await shop.call("orders.get", { id: placed.id })).toMatchObject({
      status: "returned",
      refunded: gbp(999),
    });
    // Returned goods do not give the coupon's use back.
    expect(await counted(coupon)).toEqual(agreeing(1));
  });

  test.each<[string, Terms]>([
    ["inactive", { active: false }],
    ["not-yet-valid", { validFrom: new Date(Date.now() + hour).toISOString() }],
    ["expired", { validUntil: new Date(Date.now() - hour).toISOString() }],
    ["minimum-not-reached", { minimumSubtotalMinor: 2001 }],
  ])("one that is %s takes nothing off: the quote says so, and so it is charged", async (reason, terms) => {
    const coupon = await make(terms);
    const { code, minimumSubtotal } = coupon;
    const quote = await shop.call("orders.price", {
      lines: [{ quantity: 2, unitPrice: gbp(1000) }],
      couponCode: code,
    });
    expect(quote).toMatchObject({ discount: gbp(0), total: gbp(2495) });
    expect(quote.coupon).toEqual({
      code,
      reason,
      minimumSubtotal: reason === "minimum-not-reached" ? minimumSubtotal : null,
    });
    const cartId = cartWith(coupon);
    const refused = { type: "price-changed", data: { total: gbp(2495), coupon: code, reason } };
    await expect(order(cartId, customer(), 2295)).rejects.toMatchObject(refused);
    expect(onHand(cartId)).toBe(1000);
    expect(await order(cartId, customer(), 2495)).toMatchObject({ discount: gbp(0), coupon: null });
    expect(await counted(coupon)).toEqual(agreeing(0));
  });

  test("with an unknown code is an order without a coupon", async () => {
    const cartId = cartWith({ code: "NOBODY" });
    expect(await order(cartId, customer(), 2495)).toMatchObject({ discount: gbp(0), coupon: null });
  });

  test("that comes to nothing off does not use the coupon up", async () => {
    const coupon = await make({ discount: { kind: "percent", basisPoints: 1 }, totalLimit: 1 });
    const cartId = world.cart([world.stock(5, 49), 1]);
    world.coupons.set(cartId, coupon.code);
    expect(await order(cartId, customer(), 49 + 495)).toMatchObject({ discount: gbp(0), coupon: null });
    expect(await counted(coupon)).toEqual(agreeing(0));
  });

  test("can be free, goods and all", async () => {
    const coupon = await make({ discount: { kind: "percent", basisPoints: 10_000 } });
    const cartId = world.cart([world.stock(5, 5000), 1]);
    world.coupons.set(cartId, coupon.code);
    expect(await order(cartId, customer(), 0)).toMatchObject({
      discount: gbp(5000),
      total: gbp(0),
      tax: gbp(0),
    });
  });
});

describe("limits", () => {
  test("a hundred checkouts at once with a coupon for ten make ten orders with it, and hold no stock for the others", async () => {
    const coupon = await make({ totalLimit: 10 });
    const variantId = world.stock(1000, 1000);
    const buyers = Array.from({ length: 100 }, () => ({
      as: customer(),
      cartId: cartWith(coupon, variantId),
    }));
    const outcomes = await Promise.all(buyers.map(({ as, cartId }) => outcome(order(cartId, as))));
    expect(outcomes.filter((result) => typeof result !== "string")).toHaveLength(10);
    expect(outcomes.filter((result) => result === "coupon-exhausted")).toHaveLength(90);
    expect(await counted(coupon)).toEqual(agreeing(10));
    expect(world.stocks.get(variantId)?.onHand).toBe(980);

    // A late buyer gets the reason and can order without the coupon.
    const late = buyers[outcomes.indexOf("coupon-exhausted")];
    if (!late) throw new Error("no buyer was too late");
    await expect(order(late.cartId, late.as)).rejects.toMatchObject({
      type: "coupon-exhausted",
      data: { coupon: coupon.code, reason: "exhausted" },
    });
    expect(await order(late.cartId, late.as, 2495)).toMatchObject({ coupon: null, discount: gbp(0) });
  });

  test("twenty checkouts of one customer at once with a coupon for two each make two orders with it", async () => {
    const coupon = await make({ perCustomerLimit: 2 });
    const [buyer, other] = [customer(), customer()];
    const outcomes = await times(20, () => outcome(order(cartWith(coupon), buyer)));
    expect(outcomes.filter((result) => typeof result !== "string")).toHaveLength(2);
    expect(outcomes.filter((result) => result === "coupon-exhausted")).toHaveLength(18);
    expect(await counted(coupon, buyer.userId)).toEqual({ ...agreeing(2), byCustomer: 2 });
    const cartId = cartWith(coupon);
    await expect(order(cartId, buyer)).rejects.toMatchObject({ data: { reason: "customer-limit-reached" } });
    expect(onHand(cartId)).toBe(1000);
    await order(cartWith(coupon), other);
    expect(await counted(coupon)).toEqual(agreeing(3));
  });

  test("a price that is wrong for other reasons is not put on a coupon that is used up", async () => {
    const coupon = await make({ totalLimit: 1 });
    await order(cartWith(coupon));
    const attempt = order(cartWith(coupon), customer(), 2000);
    await expect(attempt).rejects.toMatchObject({
      type: "price-changed",
      data: { total: gbp(2495), reason: "exhausted" },
    });
  });

  /** Runs between a checkout's read of its coupon and its write. */
  function onceCouponIsRead(work: () => Promise<unknown>): void {
    const { coupons } = service().collaborators;
    const real = coupons.byCode.bind(coupons);
    jest.spyOn(coupons, "byCode").mockImplementationOnce(async (code) => {
      const found = await real(code);
      await work();
      return found;
    });
  }

  test.each<[string, (coupon: Coupon) => Promise<unknown>]>([
    [
      "changed",
      ({ code }) =>
        shop.call("orders.coupons.update", {
          code,
          expectedVersion: 1,
          discount: { kind: "fixed", amountMinor: 1 },
        }),
    ],
    [
      "switched off",
      ({ code }) => shop.call("orders.coupons.update", { code, expectedVersion: 1, active: false }),
    ],
    ["removed", ({ code }) => shop.call("orders.coupons.remove", { code })],
  ])(
    "a coupon that is %s at the last moment is not used on the old terms, and nothing is held",
    async (_what, change) => {
      const coupon = await make();
      const cartId = cartWith(coupon);
      const [buyer, key] = [customer(), newId()];
      onceCouponIsRead(() => change(coupon));
      await expect(order(cartId, buyer, 2295, key)).rejects.toMatchObject({ type: "price-changed" });
      expect(onHand(cartId)).toBe(1000);
      expect((await shop.call("orders.list", {}, { as: buyer })).items).toEqual([]);
      expect(await counted(coupon)).toEqual(agreeing(0));
    },
  );

  test("when the answer to a commit is lost, the coupon is used as often as there are orders", async () => {
    const coupon = await make();
    const { database } = service();
    for (const committed of [true, false]) {
      const [cartId, buyer] = [cartWith(coupon), customer()];
      const real = database.transaction.bind(database);
      let count = 0;
      jest.spyOn(database, "transaction").mockImplementation(async (origin, body) => {
        // After the claim, placing is the buyer's first transaction.
        if (origin.actor.id === buyer.userId) count += 1;
        if (origin.actor.id !== buyer.userId || count !== 1) return real(origin, body);
        if (committed) await real(origin, body);
        throw new Error("the connection was lost");
      });
      const result = await order(cartId, buyer).then(({ coupon: code }) => code, String);
      jest.restoreAllMocks();
      expect(result).toBe(committed ? coupon.code : "Error: the connection was lost");
    }
    expect(await counted(coupon)).toEqual(agreeing(1));
  });
});

describe("an order that comes to nothing gives its use back", () => {
  test("when it is cancelled, once, and someone else can have it", async () => {
    const coupon = await make({ totalLimit: 1, perCustomerLimit: 1 });
    const buyer = customer();
    const { id } = await order(cartWith(coupon), buyer);
    await expect(order(cartWith(coupon))).rejects.toMatchObject({ type: "coupon-exhausted" });
    await times(5, () => cancel(id));
    expect(await counted(coupon)).toEqual(agreeing(0));
    await order(cartWith(coupon), buyer);
    await cancel(id);
    expect(await counted(coupon)).toEqual(agreeing(1));
  });

  test("when staff cancel it although it was paid", async () => {
    const coupon = await make();
    const { id } = await order(cartWith(coupon));
    await pay(id);
    expect(await cancel(id)).toMatchObject({ status: "cancelled", refunded: gbp(2295) });
    expect(await counted(coupon)).toEqual(agreeing(0));
  });

  test("once, even on concurrent and repeated calls", async () => {
    const coupon = await make();
    const { id } = await order(cartWith(coupon));
    await order(cartWith(coupon));
    const { database, collaborators } = service();
    const origin = { actor: { kind: "system", id: "test" }, requestId: newId() } as const;
    const giveBack = () =>
      database.transaction(origin, (tx) =>
        collaborators.redemptions.release([id, id, newId()], Date.now(), tx),
      );
    await Promise.all([giveBack(), giveBack(), giveBack()]);
    await giveBack();
    expect(await counted(coupon)).toEqual(agreeing(1));
    // So that order and redemption agree again.
    await cancel(id);
    expect(await counted(coupon)).toEqual(agreeing(1));
  });

  test("when the order expires, for any number of orders and sweepers", async () => {
    const coupons = await times(3, () => make());
    await times(30, (index) => order(cartWith(coupons[index % 3] ?? { code: "" })));
    const kept = await order(cartWith(coupons[0] ?? { code: "" }));
    await pay(kept.id);
    await Promise.all([expireAll(), expireAll(), expireAll()]);
    expect(await Promise.all(coupons.map((coupon) => counted(coupon)))).toEqual([
      agreeing(1),
      agreeing(0),
      agreeing(0),
    ]);
  });

  test("under concurrency, uses equal the orders that count", async () => {
    const coupons = await times(2, () => make({ totalLimit: 25 }));
    const fates = await times(80, async (index) => {
      const placed = await outcome(order(cartWith(coupons[index % 2] ?? { code: "" })));
      if (typeof placed === "string") return placed;
      const steps: (() => Promise<unknown>)[] = [() => pay(placed.id), () => cancel(placed.id), expireAll];
      await Promise.all(
        [...steps, ...steps].slice(index % 3, (index % 3) + 3).map((step) => outcome(step())),
      );
      return (await shop.call("orders.get", { id: placed.id })).status;
    });
    for (const fate of fates) expect(["paid", "cancelled", "expired", "coupon-exhausted"]).toContain(fate);
    for (const [parity, coupon] of coupons.entries())
      expect(await counted(coupon)).toEqual(
        agreeing(fates.filter((fate, index) => index % 2 === parity && fate === "paid").length),
      );
  });
});

describe("the invariants of coupons and discounts", () => {
  const soon = { now: Date.now() + hour, graceMs: 0, keysRetainedSince: 0, inboxRetainedSince: 0 };
  const circumstances = () => ({ moments: soon, config: configOf(shop.broker) });
  const everything = { after: "", upTo: undefined };
  const brokenBy = async () => {
    const found = await Promise.all(
      couponInvariants.map(async (invariant) => {
        const rows = await findViolations(service().database, invariant, everything, circumstances());
        return rows.length > 0 ? [invariant.code] : [];
      }),
    );
    return found.flat();
  };

  test("hold after all this", async () => {
    expect(await brokenBy()).toEqual([]);
  });

  test.each([
    ["orders.discount", "UPDATE order_lines SET discount = discount + 1 WHERE order_id = ?"],
    ["orders.discount", "UPDATE order_lines SET discount = 2001 WHERE order_id = ?"],
    ["coupons.of-orders", "UPDATE orders SET coupon_code = NULL WHERE id = ?"],
    ["coupons.of-orders", "UPDATE orders SET status = 'cancelled' WHERE id = ?"],
    ["coupons.of-orders", "UPDATE coupon_redemptions SET customer_id = 'x' WHERE order_id = ?"],
    ["coupons.redemptions", "UPDATE coupon_redemptions SET coupon_id = 'x' WHERE order_id = ?"],
    ["coupons.uses", "UPDATE coupon_redemptions SET given_back_at = 1 WHERE order_id = ?"],
    [
      "coupons.uses",
      "UPDATE coupons SET uses = 2 WHERE id = (SELECT coupon_id FROM coupon_redemptions WHERE order_id = ?)",
    ],
    [
      "coupons.uses",
      "UPDATE coupon_customers SET uses = 0 WHERE coupon_id = (SELECT coupon_id FROM coupon_redemptions WHERE order_id = ?)",
    ],
    [
      "coupons.uses",
      "UPDATE coupons SET total_limit = 0 WHERE id = (SELECT coupon_id FROM coupon_redemptions WHERE order_id = ?)",
    ],
  ])("%s sees %s", async (code, sql) => {
    const { id } = await order(cartWith(await make()));
    const { database } = service();
    const origin = { actor: { kind: "system", id: "test" }, requestId: newId() } as const;
    const undone = new Error("undone");
    // Checked within the transaction, then rolled back for the next test.
    const broken = database.transaction(origin, async (tx) => {
      await database.execute(sql, [id], tx);
      const found: string[] = [];
      const inside = Object.assign(Object.create(database) as Database, {
        select: (text: string, values: string[]) => database.select(text, values, tx),
      });
      for (const invariant of couponInvariants)
        if ((await findViolations(inside, invariant, everything, circumstances())).length > 0)
          found.push(invariant.code);
      expect(found).toContain(code);
      throw undone;
    });
    await expect(broken).rejects.toBe(undone);
    expect(await brokenBy()).toEqual([]);
  });
});

describe("staff", () => {
  test("create, list, change and remove coupons, with events that contain the state before and after", async () => {
    const as = staff();
    const code = newCode();
    const validFrom = "2026-01-31T08:30:00.000Z";
    const made = await make(
      { code: code.toLowerCase(), description: " For friends ", validFrom, totalLimit: 3 },
      as,
    );
    expect(made).toMatchObject({
      code,
      description: "For friends",
      validFrom,
      totalLimit: 3,
      uses: 0,
      version: 1,
      active: true,
    });
    expect(await shop.call("orders.coupons.get", { code: code.toLowerCase() }, { as })).toEqual(made);

    const update = (change: object, expectedVersion = 1) =>
      shop.call("orders.coupons.update", { code, expectedVersion, ...change }, { as });
    expect(await update({ description: "For friends" })).toEqual(made);
    const discount = { kind: "fixed", amountMinor: 500 } as const;
    const changed = await update({ discount, totalLimit: null, minimumSubtotalMinor: 2500 });
    expect(changed).toMatchObject({
      discount: { kind: "fixed", amount: gbp(500) },
      totalLimit: null,
      minimumSubtotal: gbp(2500),
      validFrom,
      version: 2,
    });
    await expect(update({ active: false })).rejects.toMatchObject({ type: "precondition-failed" });
    const ends = update({ validUntil: validFrom }, 2);
    await expect(ends).rejects.toMatchObject({
      type: "validation-failed",
      data: { errors: [{ path: "validUntil" }] },
    });
    await shop.call("orders.coupons.remove", { code }, { as });
    await expect(look(code)).rejects.toMatchObject({ type: "not-found" });

    await shop.settled();
    const events = world.events.filter(
      ({ payload }) => "couponId" in payload && payload.couponId === made.id,
    );
    expect(events.map(({ name, actor }) => [name, actor.id])).toEqual(
      Array.from({ length: 3 }, () => ["orders.coupon-changed", as.userId]),
    );
    expect(events.map(({ payload }) => payload)).toMatchObject([
      { code, change: "created", before: null, after: { code, totalLimit: 3, discount: tenPercent } },
      {
        change: "updated",
        before: { totalLimit: 3, minimumSubtotal: gbp(0) },
        after: { totalLimit: null, discount: { kind: "fixed" } },
      },
      { change: "removed", before: { totalLimit: null, discount: { amount: gbp(500) } }, after: null },
    ]);
  });

  test("cannot have two of one code, in whatever letters", async () => {
    const { code } = await make();
    await expect(make({ code: code.toLowerCase() })).rejects.toMatchObject({
      type: "already-exists",
      data: { errors: [{ path: "code" }] },
    });
    const together = newCode();
    const outcomes = await times(5, () => outcome(make({ code: together })));
    expect(outcomes.filter((result) => typeof result !== "string")).toHaveLength(1);
  });

  test("cannot remove a coupon that orders use, nor limit it to less; it can be switched off", async () => {
    const coupon = await make({ totalLimit: 5 });
    const { code } = coupon;
    const placed = await times(2, () => order(cartWith(coupon)));
    await expect(shop.call("orders.coupons.remove", { code })).rejects.toMatchObject({ type: "in-use" });
    const lower = (totalLimit: number) =>
      shop.call("orders.coupons.update", { code, expectedVersion: 1, totalLimit });
    await expect(lower(1)).rejects.toMatchObject({ type: "limit-reached", data: { limit: 2 } });
    expect(await lower(2)).toMatchObject({ totalLimit: 2, uses: 2 });
    await shop.call("orders.coupons.update", { code, expectedVersion: 2, active: false });
    await expect(order(cartWith(coupon))).rejects.toMatchObject({ type: "price-changed" });
    // An unused coupon can be removed; old orders keep price and code.
    await Promise.all(placed.map(({ id }) => cancel(id)));
    await shop.call("orders.coupons.remove", { code });
    expect(await shop.call("orders.get", { id: placed[0]?.id ?? "" })).toMatchObject({
      coupon: code,
      discount: gbp(200),
    });
  });

  test("a coupon and its limit change at once with orders: neither is overrun", async () => {
    const coupon = await make({ totalLimit: 50 });
    const { code } = coupon;
    const [lowered] = await Promise.all([
      outcome(shop.call("orders.coupons.update", { code, expectedVersion: 1, totalLimit: 7 })),
      ...Array.from({ length: 30 }, () => outcome(order(cartWith(coupon)))),
    ]);
    const { uses, totalLimit } = await look(code);
    expect(typeof lowered === "string" ? lowered : lowered.totalLimit).toBe(
      typeof lowered === "string" ? "limit-reached" : 7,
    );
    expect(uses).toBeLessThanOrEqual(totalLimit ?? 0);
    expect(await counted(coupon)).toEqual(agreeing(uses));
  });

  test("list them by page and by whether they are active", async () => {
    const codes = (await times(3, (index) => make({ code: `PAGE-${index}`, active: index !== 1 }))).map(
      ({ code }) => code,
    );
    const list = async (params: Input<"orders.coupons.list">) => shop.call("orders.coupons.list", params);
    const mine = ({ items }: Result<"orders.coupons.list">) =>
      items.map(({ code }) => code).filter((code) => codes.includes(code));
    expect(mine(await list({ limit: 100, sort: "code", active: true }))).toEqual(["PAGE-0", "PAGE-2"]);
    expect(mine(await list({ limit: 100, sort: "-code", active: false }))).toEqual(["PAGE-1"]);
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await list({ limit: 2, sort: "code", cursor, count: true });
      seen.push(...page.items.map(({ code }) => code));
      cursor = page.nextCursor ?? undefined;
      more = cursor !== undefined;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((code) => codes.includes(code))).toEqual(codes);
  });

  test.each([
    { code: "" },
    { code: "two words" },
    { code: "ÜBER" },
    { code: "-X" },
    { code: "X".repeat(41) },
    { discount: { kind: "percent", basisPoints: 10_001 } },
    { discount: { kind: "percent", basisPoints: 0 } },
    { discount: { kind: "percent", basisPoints: 100, amountMinor: 5 } },
    { discount: { kind: "fixed", amountMinor: -1 } },
    { totalLimit: 0 },
    { uses: 5 },
    { validUntil: "yesterday" },
  ])("%j is refused", async (terms) => {
    await expect(make(terms as Terms)).rejects.toMatchObject({ type: "validation-failed" });
  });
});
