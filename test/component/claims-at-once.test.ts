import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { ActionName, Input } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { findViolations } from "../../mixins/database/invariant.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { publishCounts } from "../../services/favourites/jobs/publish-counts.job.ts";
import { couponInvariants } from "../../services/orders/data/coupon-invariants.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import type { Bought } from "../support/buyers.ts";
import { receive } from "../support/buyers.ts";
import { dataServices } from "../support/data-services.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import { application } from "../support/merchant-of.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";

const requests = 1000;
const atOnce = 50;

/** Sends requests, many at once. @returns how many were answered `ok`, and with each problem */
async function burst(send: (index: number) => Promise<unknown>): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  let next = 0;
  const worker = async () => {
    while (next < requests) {
      const index = next;
      next += 1;
      const outcome = await send(index).then(
        () => "ok",
        (error: unknown) => (isShopError(error) ? error.type : String(error)),
      );
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes;
}

const once = (problem: string) => ({ ok: 1, [problem]: requests - 1 });

describe(`of ${requests} requests, ${atOnce} at once, in a shop`, () => {
  let shop: Shop;
  let traffic: ShopTraffic;
  let merchantId: string;
  let bought: Bought;
  beforeAll(async () => {
    shop = await startShop({ services: dataServices, env: { SWEEP_INTERVAL_SECONDS: "3600" } });
    traffic = new ShopTraffic(shop.broker, () => 0.99);
    merchantId = await newMerchant();
    bought = await receive(traffic, await newVariant());
    await shop.settled();
  }, 60_000);
  afterAll(() => shop?.stop());

  const sender =
    <N extends ActionName>(name: N, params: Input<N>, as: Caller) =>
    () =>
      shop.call(name, params, { as });

  async function newMerchant(): Promise<string> {
    const owner = await traffic.newCustomer();
    const { id } = await shop.call("merchants.apply", application(), { as: owner });
    await shop.call("merchants.approve", { id });
    await shop.settled();
    return id;
  }

  /** Of the merchant. */
  async function newVariant(): Promise<string> {
    const { variants } = await shop.call("catalog.products.create", {
      merchantId,
      slug: `p-${newId()}`,
      name: "Mug",
      status: "published",
      variants: [{ sku: `S-${newId()}`, priceMinor: 1000, options: {} }],
    });
    const variantId = variants[0]?.id ?? "";
    await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 9, reason: "new" });
    return variantId;
  }

  /** No invariant of any service is violated. */
  async function expectSound(): Promise<void> {
    await runJob(shop, "favourites", publishCounts);
    await shop.settled();
    const report = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 2000 });
    expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
  }

  test("one reviews an order line, and it counts once for product and merchant", async () => {
    const { buyer, productId, lineId } = bought;
    const outcomes = await burst((index) =>
      shop.call("reviews.create", { productId, lineId, rating: 1 + (index % 5) }, { as: buyer }),
    );
    expect(outcomes).toEqual(once("already-exists"));
    const ofProduct = await shop.call("reviews.products.list", { idOrSlug: productId });
    const ofMerchant = await shop.call("reviews.merchants.list", { merchantId });
    expect([ofProduct.items.length, ofProduct.rating.count, ofMerchant.rating.count]).toEqual([1, 1, 1]);
    await shop.settled();
    const [{ rating }, [review]] = [
      await shop.call("catalog.products.get", { idOrSlug: productId }),
      ofProduct.items,
    ];
    expect(rating).toEqual({ average: review?.rating, count: 1 });
    await expectSound();
  }, 60_000);

  test("a user's votes on a review count once, whichever way and however often they are taken back", async () => {
    const { buyer, productId, lineId } = await receivedAnother();
    const { id } = await shop.call("reviews.create", { productId, lineId, rating: 5 }, { as: buyer });
    const as = customer();
    const put = (vote: "up" | "down") => shop.call("reviews.votes.put", { id, vote }, { as });
    const votes = async () => {
      const { upVotes, downVotes } = await shop.call("reviews.get", { id });
      return { upVotes, downVotes };
    };
    expect(await burst(() => put("up"))).toEqual({ ok: requests });
    expect(await votes()).toEqual({ upVotes: 1, downVotes: 0 });
    const back = sender("reviews.votes.remove", { id }, as);
    const mixed = [() => put("up"), () => put("down"), back] as const;
    expect(await burst((index) => mixed[index % 3]!())).toEqual({ ok: requests });
    const { upVotes, downVotes } = await votes();
    expect(upVotes + downVotes).toBeLessThanOrEqual(1);
    expect(await put("down")).toEqual({ upVotes: 0, downVotes: 1, yours: "down" });
    await expectSound();
  }, 60_000);

  test("a customer's favourite is one, and counts what is left when others are removed meanwhile", async () => {
    const { productId } = bought;
    const eager = customer();
    const add = (as: Caller) => shop.call("favourites.create", { productId }, { as });
    expect(await burst(() => add(eager))).toEqual({ ok: requests });
    const fickle = Array.from({ length: 5 }, () => customer());
    const outcomes = await burst((index) => {
      const as = fickle[index % fickle.length] ?? eager;
      return index % 2 ? add(as) : shop.call("favourites.remove", { id: productId }, { as });
    });
    expect(outcomes).toEqual({ ok: expect.any(Number), "not-found": expect.any(Number) });
    const lists = await Promise.all(
      [eager, ...fickle].map((as) => shop.call("favourites.list", { productId }, { as })),
    );
    const left = lists.flatMap(({ items }) => items);
    expect(lists[0]?.items).toHaveLength(1);
    await expectSound();
    const { favourites } = await shop.call("catalog.products.get", { idOrSlug: productId });
    expect(favourites).toBe(left.length);
  }, 60_000);

  test("a customer follows a merchant once, and it counts who is left", async () => {
    const eager = customer();
    const follow = (as: Caller) => shop.call("merchants.followed.add", { id: merchantId }, { as });
    expect(await burst(() => follow(eager))).toEqual({ ok: requests });
    const fickle = Array.from({ length: 5 }, () => customer());
    const outcomes = await burst((index) => {
      const as = fickle[index % fickle.length] ?? eager;
      return index % 2 ? follow(as) : shop.call("merchants.followed.remove", { id: merchantId }, { as });
    });
    expect(outcomes).toEqual({ ok: expect.any(Number), "not-found": expect.any(Number) });
    const lists = await Promise.all(
      [eager, ...fickle].map((as) => shop.call("merchants.followed.list", {}, { as })),
    );
    const { followers } = await shop.call("merchants.profile", { id: merchantId });
    expect(lists[0]?.items).toHaveLength(1);
    expect(followers).toBe(lists.flatMap(({ items }) => items).length);
    await expectSound();
  }, 60_000);

  test("one claims the only unit of an order line for after-sale service", async () => {
    const { buyer, orderId, lineId } = await receivedAnother();
    const request = () =>
      shop.call(
        "after-sales.requests.create",
        {
          orderId,
          idempotencyKey: newId(),
          kind: "return-and-refund",
          reason: "damaged",
          lines: [{ lineId, quantity: 1 }],
        },
        { as: buyer },
      );
    expect(await burst(request)).toEqual(once("limit-reached"));
    expect((await shop.call("after-sales.requests.of-order", { orderId }, { as: buyer })).items).toHaveLength(
      1,
    );
    await expectSound();
  }, 60_000);

  async function receivedAnother(): Promise<Bought> {
    const other = await receive(traffic, await newVariant());
    await shop.settled();
    return other;
  }
});

describe(`of ${requests} orders of a customer, ${atOnce} at once`, () => {
  let shop: Shop;
  const world = new FakeCheckoutServices();
  beforeAll(async () => {
    const env = { SWEEP_INTERVAL_SECONDS: "3600" };
    shop = await startShop({ services: ["orders"], env, prepare: world.install });
  }, 60_000);
  afterAll(() => shop?.stop());

  test("one redeems a coupon that each may use once", async () => {
    const code = `C-${newId().slice(-12)}`.toUpperCase();
    await shop.call("orders.coupons.create", {
      code,
      discount: { kind: "percent", basisPoints: 1000 },
      perCustomerLimit: 1,
    });
    const [as, variantId] = [customer(), world.stock(requests, 1000)];
    const shippingAddress = {
      name: "Ada",
      line1: "1 Row",
      city: "London",
      postalCode: "N1 1AA",
      country: "GB",
    };
    const order = () => {
      const cartId = world.cart([variantId, 1]);
      world.coupons.set(cartId, code);
      // 10.00 less 10 %, and shipping of 4.95.
      const total = { amount: 1395, currency: "GBP" };
      return shop.call("orders.place", { idempotencyKey: newId(), cartId, total, shippingAddress }, { as });
    };
    expect(await burst(order)).toEqual(once("coupon-exhausted"));
    expect(await shop.call("orders.coupons.get", { code })).toMatchObject({ uses: 1 });
    expect((await shop.call("orders.list", {}, { as })).items).toHaveLength(1);
    expect(world.stocks.get(variantId)?.onHand).toBe(requests - 1);
    const { database } = shop.broker.getLocalService("orders") as Service & ServiceWithDatabase;
    const moments = { now: Date.now(), graceMs: 0, keysRetainedSince: 0, inboxRetainedSince: 0 };
    const context = { moments, config: configOf(shop.broker) };
    for (const invariant of couponInvariants)
      expect(await findViolations(database, invariant, { after: "", upTo: undefined }, context)).toEqual([]);
  }, 60_000);
});
