import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import { Errors } from "moleculer";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import type { Input } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Database } from "../../mixins/database/database.ts";
import { findViolations } from "../../mixins/database/invariant.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { couponInvariants } from "../../services/orders/data/coupon-invariants.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";

const hour = 3_600_000;
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const tenPercent = { kind: "percent", basisPoints: 1000 } as const;
const newCode = () => `W-${newId().slice(-12)}`.toUpperCase();
const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

const desk: UserCaller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };

let shop: Shop;
let world: FakeCheckoutServices;
beforeAll(async () => {
  world = new FakeCheckoutServices();
  shop = await startShop({
    services: ["orders"],
    env: { SWEEP_INTERVAL_SECONDS: "3600", SHIPPING_MINOR: "0" },
    prepare: world.install,
  });
});
afterAll(() => shop?.stop());
afterEach(expectSound);

const database = () => (shop.broker.getLocalService("orders") as Service & { database: Database }).database;

/** No invariant of coupons is violated. */
async function expectSound(): Promise<void> {
  const moments = { now: Date.now(), graceMs: 60_000, keysRetainedSince: Date.now(), inboxRetainedSince: 0 };
  const context = { moments, config: configOf(shop.broker) };
  for (const invariant of couponInvariants) {
    const found = await findViolations(database(), invariant, { after: "", upTo: undefined }, context);
    expect([invariant.code, ...found]).toEqual([invariant.code]);
  }
}

const offer = (terms: Partial<Input<"orders.coupons.create">> = {}) =>
  shop.call("orders.coupons.create", { code: newCode(), discount: tenPercent, claimable: true, ...terms });
const claim = (id: string, as: UserCaller) => shop.call("orders.coupon-offers.claim", { id }, { as });
/** As a client on a slow machine: the same claim again gives the same answer. */
const claimInTheEnd = (id: string, as: UserCaller): ReturnType<typeof claim> =>
  claim(id, as).catch((error: unknown) => {
    if (error instanceof Errors.RequestTimeoutError) return claimInTheEnd(id, as);
    throw error;
  });
const wallet = async (as: UserCaller, state?: "usable" | "used" | "expired") =>
  (await shop.call("orders.claimed-coupons.list", { state }, { as })).items;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "claimed",
    (error: unknown) => {
      if (isShopError(error)) return error.type;
      throw error;
    },
  );

/** Orders goods of 20.00 with this coupon. */
function order(code: string, as: UserCaller, total = 1800) {
  const cartId = world.cart([world.stock(10, 1000), 2]);
  world.coupons.set(cartId, code);
  const params = { idempotencyKey: newId(), cartId, total: gbp(total), shippingAddress: address };
  return shop.call("orders.place", params, { as });
}

describe("offers", () => {
  test("are listed while they can be claimed, newest first, with their terms", async () => {
    const merchantId = newId();
    const scope = { kind: "brands" as const, ids: [newId()] };
    const one = await offer({ merchantId, scope, claimLimit: 2, perCustomerLimit: 1 });
    const other = await offer({ merchantId, validUntil: at(hour) });
    await Promise.all([
      offer({ merchantId, claimable: false }),
      offer({ merchantId, active: false }),
      offer({ merchantId, validUntil: at(-hour) }),
      offer({ merchantId, validFrom: at(hour) }),
    ]);
    const { items } = await shop.call("orders.coupon-offers.list", { merchantId });
    expect(items.map(({ id, left }) => [id, left])).toEqual([
      [other.id, null],
      [one.id, 2],
    ]);
    expect(items[1]).toMatchObject({ merchantId, scope, discount: tenPercent, perCustomerLimit: 1 });
    expect(items[1]).not.toHaveProperty("code");
    await claim(one.id, customer());
    await claim(one.id, customer());
    // Claims do not clear caches; staff bypass them.
    const seen = await shop.call("orders.coupon-offers.list", { merchantId }, { as: desk });
    expect(seen.items.map(({ id }) => id)).toEqual([other.id]);
  });

  test("that cannot be claimed are not there", async () => {
    const [plain, ended] = [await offer({ claimable: false }), await offer({ validUntil: at(-hour) })];
    const off = await offer({ active: false });
    for (const id of [plain.id, ended.id, off.id, newId()])
      expect(await refusal(claim(id, customer()))).toBe("not-found");
  });

  test("are claimed once per customer: the same claim again gives the same answer", async () => {
    const { id, code } = await offer({ claimLimit: 1 });
    const buyer = customer();
    const first = await claim(id, buyer);
    expect(first).toMatchObject({ id, code, state: "usable", uses: 0, discount: tenPercent });
    const again = await Promise.all([claim(id, buyer), claim(id, buyer), claim(id, buyer)]);
    expect(again).toEqual([first, first, first]);
    expect(await refusal(claim(id, customer()))).toBe("coupon-exhausted");
    expect(await shop.call("orders.coupons.get", { code })).toMatchObject({ claims: 1, claimLimit: 1 });
  });

  test("1,000 claims at once by 200 customers for 100 coupons are exactly 100", async () => {
    const { id, code } = await offer({ claimLimit: 100 });
    const customers = Array.from({ length: 200 }, () => customer());
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const as = customers[index % customers.length] ?? customer();
        return [as.userId, await refusal(claimInTheEnd(id, as))] as const;
      }),
    );
    const winners = new Set(outcomes.flatMap(([who, outcome]) => (outcome === "claimed" ? [who] : [])));
    expect(winners.size).toBe(100);
    expect(new Set(outcomes.map(([, outcome]) => outcome))).toEqual(new Set(["claimed", "coupon-exhausted"]));
    // Who gets one is told so by every request.
    for (const [who, outcome] of outcomes)
      expect([who, outcome]).toEqual([who, winners.has(who) ? "claimed" : "coupon-exhausted"]);
    expect(await shop.call("orders.coupons.get", { code })).toMatchObject({ claims: 100 });
    const sql = "SELECT COUNT(*) AS n FROM coupon_claims WHERE coupon_id = ?";
    expect(await database().select(sql, [id])).toEqual([{ n: 100 }]);
  }, 120_000);

  test("cannot be limited below their claims, nor limited at all when they are none", async () => {
    const { id, code } = await offer();
    await Promise.all([claim(id, customer()), claim(id, customer())]);
    const limit = (claimLimit: number) =>
      refusal(shop.call("orders.coupons.update", { code, expectedVersion: 1, claimLimit }));
    expect(await limit(1)).toBe("limit-reached");
    expect(await limit(2)).toBe("claimed");
    expect(await refusal(offer({ claimable: false, claimLimit: 5 }))).toBe("validation-failed");
  });
});

describe("a claimed coupon", () => {
  test("is used by who has claimed it, and comes back when the order is cancelled", async () => {
    const { id, code } = await offer({ perCustomerLimit: 1 });
    const [buyer, other] = [customer(), customer()];
    await expect(order(code, other)).rejects.toMatchObject({
      type: "price-changed",
      data: { coupon: code, reason: "not-claimed" },
    });
    const guests = await shop.call("orders.price", {
      lines: [{ quantity: 1, unitPrice: gbp(1000) }],
      couponCode: code,
    });
    expect(guests.coupon).toMatchObject({ reason: "not-claimed" });

    await claim(id, buyer);
    const placed = await order(code, buyer);
    expect(placed).toMatchObject({ coupon: code, discount: gbp(200) });
    expect(await wallet(buyer, "used")).toMatchObject([{ id, uses: 1, state: "used" }]);
    expect(await wallet(buyer, "usable")).toEqual([]);
    await expect(order(code, buyer)).rejects.toMatchObject({ type: "coupon-exhausted" });
    await shop.call("orders.cancel", { id: placed.id, reason: "No" });
    expect(await wallet(buyer, "usable")).toMatchObject([{ id, uses: 0, state: "usable" }]);
    await order(code, buyer);
    expect(await wallet(other)).toEqual([]);
  });

  test("is in one state, by which the wallet is listed page by page", async () => {
    const buyer = customer();
    const make = async (terms: Partial<Input<"orders.coupons.create">>) => {
      const coupon = await offer(terms);
      await claim(coupon.id, buyer);
      return coupon;
    };
    const states = new Map<string, string>();
    const expectState = ({ id }: { readonly id: string }, state: string) => states.set(id, state);
    const end = ({ code }: { readonly code: string }, change: object) =>
      shop.call("orders.coupons.update", { code, expectedVersion: 1, ...change });

    expectState(await make({}), "usable");
    const often = await make({ perCustomerLimit: 2 });
    await order(often.code, buyer);
    expectState(often, "usable");
    const once = await make({ perCustomerLimit: 1 });
    await order(once.code, buyer);
    expectState(once, "used");
    const usedThenEnded = await make({});
    await order(usedThenEnded.code, buyer);
    await end(usedThenEnded, { validUntil: at(-hour) });
    expectState(usedThenEnded, "used");
    const ended = await make({ perCustomerLimit: 1 });
    await end(ended, { validUntil: at(-hour) });
    expectState(ended, "expired");
    const disabled = await make({});
    await end(disabled, { active: false });
    expectState(disabled, "expired");
    const gone = await make({ totalLimit: 1 });
    const quick = customer();
    await claim(gone.id, quick);
    await order(gone.code, quick);
    expectState(gone, "expired");

    const all = await wallet(buyer);
    expect(Object.fromEntries(all.map(({ id, state }) => [id, state]))).toEqual(Object.fromEntries(states));
    for (const state of ["usable", "used", "expired"] as const) {
      const found: string[] = [];
      for (let cursor: string | undefined | null; cursor !== null;) {
        const page = await shop.call(
          "orders.claimed-coupons.list",
          { state, limit: 1, cursor },
          { as: buyer },
        );
        found.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(found).toEqual(all.filter((coupon) => coupon.state === state).map(({ id }) => id));
    }
  });

  test("that no order used is given back with the account; one that was used stays", async () => {
    const [unused, used] = [await offer({ claimLimit: 1 }), await offer({ claimLimit: 1 })];
    const buyer = customer();
    await claim(unused.id, buyer);
    await claim(used.id, buyer);
    await order(used.code, buyer);
    const deleted = {
      id: newId(),
      name: "users.account-deleted",
      occurredAt: Date.now(),
      actor: { kind: "system", id: "test" },
      requestId: "test",
      payload: { userId: buyer.userId },
    } as Parameters<typeof deliver>[1][number];
    const [fault] = await deliver(shop.broker, [deleted], "orders");
    expect(fault).toBeUndefined();
    expect((await wallet(buyer)).map(({ id }) => id)).toEqual([used.id]);
    expect(await refusal(claim(unused.id, customer()))).toBe("claimed");
    expect(await refusal(claim(used.id, customer()))).toBe("coupon-exhausted");
  });

  test("disappears with its coupon, which can be removed while no order uses it", async () => {
    const { id, code } = await offer();
    const buyer = customer();
    await claim(id, buyer);
    await shop.call("orders.coupons.remove", { code });
    expect(await wallet(buyer)).toEqual([]);
    expect(await refusal(claim(id, buyer))).toBe("not-found");
  });
});
