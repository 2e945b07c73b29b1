import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

type Order = Result<"orders.place">;
type Lines = readonly (readonly [variantId: string, quantity: number])[];

const minute = 60_000;
const shippingAddress = {
  name: "Ada",
  line1: "1 Street",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};
const limits = {
  MAX_UNPAID_ORDERS: "5",
  MAX_UNPAID_UNITS: "40",
  MAX_UNPAID_ORDERS_NEW: "3",
  MAX_UNPAID_UNITS_NEW: "10",
  MAX_UNPAID_ORDERS_PER_ADDRESS: "4",
};

describe("limits of unpaid orders", () => {
  let shop: Shop;
  let variants: string[];
  beforeAll(async () => {
    shop = await startShop({ env: { ...limits, RATE_LIMIT_EXEMPT: "10.0.0.0/8", SHIPPING_MINOR: "0" } });
    const sizes = Array.from({ length: 6 }, (_, index) => ({
      sku: `MUG-${index}`,
      priceMinor: 1000,
      options: { size: `${index}` },
    }));
    const product = await shop.call("catalog.products.create", {
      slug: "mug",
      name: "Mug",
      status: "published",
      variants: sizes,
    });
    variants = product.variants.map(({ id }) => id);
    for (const variantId of variants)
      await shop.call("catalog.stock.change", {
        variantId,
        kind: "receive",
        quantity: 1000,
        reason: "delivery",
      });
  });
  afterAll(() => shop.stop());

  const newcomer = (): Caller => ({ ...customer(), isNew: true });
  const of = (index: number) => variants[index] ?? "";
  const stockOf = (variantId: string) => shop.call("catalog.stock.get", { variantId });

  /** A cart of a guest, as a customer can have several of. */
  async function cartOf(lines: Lines): Promise<{ cartId: string; cartToken: string }> {
    const { id, token } = await shop.call("cart.create", {}, { as: { kind: "guest" } });
    for (const [variantId, quantity] of lines)
      await shop.call(
        "cart.items.add",
        { id, cartToken: token ?? "", variantId, quantity },
        { as: { kind: "guest" } },
      );
    return { cartId: id, cartToken: token ?? "" };
  }
  const amountOf = (lines: Lines) => ({
    amount: lines.reduce((sum, [, quantity]) => sum + 1000 * quantity, 0),
    currency: "GBP",
  });

  async function place(as: Caller, lines: Lines, limitKey?: string): Promise<Order> {
    const params = {
      ...(await cartOf(lines)),
      idempotencyKey: newId(),
      total: amountOf(lines),
      shippingAddress,
    };
    return shop.broker.call("orders.place", params, {
      meta: { caller: as, client: { address: null, userAgent: null, limitKey } },
    });
  }
  /** The order, or the reason of the refusal. */
  const attempt = (...wanted: Parameters<typeof place>) =>
    place(...wanted).catch((error: unknown) => {
      if (isShopError(error, "too-many-unpaid-orders")) return error.data;
      throw error;
    });
  const refusals = (outcomes: readonly object[]) => outcomes.filter((outcome) => "limit" in outcome);
  const pay = ({ id }: { id: string }) =>
    shop.call("orders.payments.record", { id, idempotencyKey: newId() });

  test("When a new customer has as many unpaid orders as may be, another one fails and holds nothing, until one is paid or cancelled", async () => {
    const buyer = newcomer();
    const [first, second] = [await place(buyer, [[of(0), 1]]), await place(buyer, [[of(1), 1]])];
    await place(buyer, [[of(2), 1]]);
    const before = await stockOf(of(3));
    expect(await attempt(buyer, [[of(3), 1]])).toEqual({ of: "orders", limit: 3 });
    expect(await stockOf(of(3))).toEqual(before);
    await pay(first);
    expect(await attempt(buyer, [[of(3), 1]])).toMatchObject({ status: "placed" });
    expect(await attempt(buyer, [[of(3), 1]])).toEqual({ of: "orders", limit: 3 });
    await shop.call("orders.cancel", { id: second.id, reason: "No" }, { as: buyer });
    expect(await attempt(buyer, [[of(3), 1]])).toMatchObject({ status: "placed" });
  });

  test("When many checkouts of different goods come at once, no more of them pass than may", async () => {
    const buyer = newcomer();
    const outcomes = await Promise.all(variants.map((variantId) => attempt(buyer, [[variantId, 1]])));
    const placed = outcomes.length - refusals(outcomes).length;
    expect(placed).toBeLessThanOrEqual(3);
    // The conflicting checkouts have ended.
    for (let more = placed; more < 3; more += 1)
      expect(await attempt(buyer, [[of(0), 1]])).toMatchObject({ status: "placed" });
    expect(await attempt(buyer, [[of(0), 1]])).toEqual({ of: "orders", limit: 3 });
    expect(refusals(outcomes)).toEqual(refusals(outcomes).map(() => ({ of: "orders", limit: 3 })));
  });

  test("When several orders together would hold more units of a variant than may be, the last one fails, also when they come at once", async () => {
    const [buyer, other] = [newcomer(), newcomer()];
    const first = await place(buyer, [
      [of(0), 6],
      [of(1), 1],
    ]);
    const before = await stockOf(of(0));
    expect(
      await attempt(buyer, [
        [of(0), 5],
        [of(2), 1],
      ]),
    ).toEqual({ of: "units", variantId: of(0), limit: 10 });
    expect(await stockOf(of(0))).toEqual(before);
    await pay(first);
    await shop.settled();
    expect(await attempt(buyer, [[of(0), 10]])).toMatchObject({ status: "placed" });
    const outcomes = await Promise.all([6, 6, 6].map((quantity) => attempt(other, [[of(0), quantity]])));
    expect(outcomes.filter((outcome) => "status" in outcome)).toHaveLength(1);
    expect(refusals(outcomes)).toEqual([1, 2].map(() => ({ of: "units", variantId: of(0), limit: 10 })));
  });

  test("a customer who is no longer new may have more", async () => {
    const buyer = customer();
    expect(await attempt(buyer, [[of(3), 30]])).toMatchObject({ status: "placed" });
    expect(await attempt(buyer, [[of(3), 11]])).toEqual({ of: "units", variantId: of(3), limit: 40 });
    for (const index of [0, 1, 2, 4]) await place(buyer, [[of(index), 1]]);
    expect(await attempt(buyer, [[of(5), 1]])).toEqual({ of: "orders", limit: 5 });
  });

  test("When customers of one address have as many unpaid orders as may be, another one there fails, and elsewhere none does", async () => {
    const from = (address: string | undefined) => attempt(newcomer(), [[of(4), 1]], address);
    for (let count = 0; count < 4; count += 1)
      expect(await from("192.0.2.1")).toMatchObject({ status: "placed" });
    expect(await from("192.0.2.1")).toEqual({ of: "address", limit: 4 });
    expect(await from("192.0.2.2")).toMatchObject({ status: "placed" });
    for (let count = 0; count < 5; count += 1)
      expect(await from(undefined)).toMatchObject({ status: "placed" });
  });

  test("an order of half or more of the remaining stock has a shorter payment window", async () => {
    const { variants: made } = await shop.call("catalog.products.create", {
      slug: "rare",
      name: "Rare",
      status: "published",
      variants: [{ sku: "RARE", priceMinor: 1000, options: {} }],
    });
    const variantId = made[0]?.id ?? "";
    await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 5, reason: "delivery" });
    const windowOf = ({ placedAt, payBefore }: Order) => Date.parse(payBefore ?? "") - Date.parse(placedAt);
    expect(windowOf(await place(customer(), [[variantId, 1]]))).toBe(30 * minute);
    expect(windowOf(await place(customer(), [[variantId, 2]]))).toBe(30 * minute);
    expect(windowOf(await place(customer(), [[variantId, 2]]))).toBe(10 * minute);
  });

  test("Over REST, an account without a verified address is a new customer's, and its orders are counted by their address", async () => {
    const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
      const init = {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      };
      const response = await fetch(`${shop.url}/api/v1${path}`, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const credentials = { email: "ada@example.org", password: "correct horse battery" };
    await post("/auth/register", { ...credentials, name: "Ada" });
    const { body } = await post("/auth/login", credentials);
    const buy = async (quantity: number) => {
      const lines: Lines = [[of(5), quantity]];
      const order = { ...(await cartOf(lines)), total: amountOf(lines), shippingAddress };
      const { cartToken, ...rest } = order;
      const headers = {
        authorization: `Bearer ${String(body.accessToken)}`,
        "x-cart-token": cartToken,
        "idempotency-key": newId(),
      };
      return post("/orders", rest, headers);
    };
    const refused = {
      status: 409,
      body: { type: "/problems/too-many-unpaid-orders", of: "units", variantId: of(5), limit: 10 },
    };
    expect(await buy(11)).toMatchObject(refused);
    expect(await buy(10)).toMatchObject({ status: 201 });
    const { database } = shop.broker.getLocalService("orders") as Service & ServiceWithDatabase;
    expect(await database.select("SELECT client FROM checkouts WHERE client LIKE '127%'", [])).toHaveLength(
      1,
    );
    // Gateways cache a session's user for a second.
    const accounts = shop.broker.getLocalService("users") as Service & ServiceWithDatabase;
    const check = async () => {
      const [session] = await accounts.database.select<{ id: string }>("SELECT id FROM sessions", []);
      return shop.call("users.sessions.check", { sessionId: session?.id ?? "" });
    };
    expect(await check()).toMatchObject({ isNew: true });
    const day = 24 * 60 * minute;
    const account = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
    const update = (sql: string) =>
      accounts.database.transaction(account, (tx) => accounts.database.execute(sql, [Date.now() - day], tx));
    await update("UPDATE users SET email_verified_at = ?");
    expect(await check()).toMatchObject({ isNew: true });
    await update("UPDATE users SET created_at = ?");
    expect(await check()).not.toHaveProperty("isNew");
  });
});
