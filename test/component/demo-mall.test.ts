/** @embedded The seed only calls actions, which have tests of their own on servers. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { DemoShop } from "../../services/node/seed/demo-shop.ts";
import { outcomes } from "../../services/node/seed/data/orders.ts";
import { sellers } from "../../services/node/seed/data/merchants.ts";
import type { Seeded } from "../../services/node/seed/seed-mall.ts";
import { seedMall } from "../../services/node/seed/seed-mall.ts";
import { connectionOutside, seedSettings } from "../../services/node/seed/seed-settings.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { serviceNames } from "../support/all-contracts.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";

/** Of each kind: making the sizes of all takes minutes. */
const pictures = 3;

async function startEmpty(without: readonly string[] = []): Promise<{ shop: Shop; media: string }> {
  const media = await mkdtemp(join(tmpdir(), "shop-media-"));
  const shop = await startShop({
    services: serviceNames.filter((name) => !without.includes(name)),
    env: {
      ...seedSettings,
      LOCALES: "en,zh-CN,ja",
      MEDIA_DIRECTORY: media,
      SHOP_WITHOUT: without.join(","),
    },
  });
  return { shop, media };
}

async function stop({ shop, media }: { shop: Shop; media: string }): Promise<void> {
  await shop.stop();
  await rm(media, { recursive: true, force: true });
}

async function expectConsistent(shop: Shop): Promise<void> {
  await shop.settled();
  // Refunds follow within a sweep.
  if (shop.broker.getLocalService("orders")) await new ShopTraffic(shop.broker, () => 0).refundsSettled();
  await shop.settled();
  const report = await verifyShop(configOf(shop.broker), { settled: true });
  expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
  expect(report.ok).toBe(true);
}

describe("the demonstration mall", () => {
  let started: { shop: Shop; media: string };
  let shop: Shop;
  let seeded: Seeded;
  let buyer: UserCaller;

  beforeAll(async () => {
    started = await startEmpty();
    shop = started.shop;
    seeded = await seedMall(new DemoShop(shop.broker, { pictures }), { people: true });
    const { items } = await shop.call("users.list", { email: seeded.logIn?.customer });
    buyer = customer(items[0]?.id);
  }, 600_000);
  afterAll(() => stop(started));

  test("has merchants in every state, those that sell with products, categories, logo and terms", async () => {
    const count = async (status: "active" | "pending" | "suspended" | "rejected" | "closed") =>
      (await shop.call("merchants.list", { status, limit: 100 })).items.length;
    expect(await count("active")).toBe(20);
    expect(await count("pending")).toBe(3);
    for (const status of ["suspended", "rejected", "closed"] as const) expect(await count(status)).toBe(1);

    const { items } = await shop.call("merchants.list", { limit: 100, locale: "zh-CN" }, { as: guest });
    expect(items.filter(({ products }) => products === 0)).toEqual([]);
    expect(items.filter(({ logo }) => logo)).toHaveLength(pictures);
    const tea = items.find(({ slug }) => slug === "tea-road");
    expect(tea).toMatchObject({ name: "茶路", followers: expect.any(Number) });
    const merchantId = tea?.id ?? "";
    const { items: categories } = await shop.call("catalog.merchant-categories.list", { merchantId });
    const top = categories.find(({ name }) => name === "Coffee and tea");
    expect(categories.some(({ parentId }) => parentId === top?.id)).toBe(true);
    const within = await shop.call("catalog.products.list", { merchantCategory: top?.id, count: true });
    expect(within).toMatchObject({ total: tea?.products });
    const { items: terms } = await shop.call("merchants.terms.get", { id: merchantId });
    expect(terms).toHaveLength(2);
    const { items: members } = await shop.call("merchants.members.list", { id: merchantId });
    expect(members).toMatchObject([{ role: "owner", email: "owner@tea-road.example" }]);
  });

  test("sells nothing of a suspended merchant, and much of the house", async () => {
    const { items } = await shop.call("merchants.list", { status: "suspended" });
    const list = (merchant: string) =>
      shop.call("catalog.products.list", { merchant, count: true }, { as: guest });
    expect(await list(items[0]?.id ?? "")).toMatchObject({ total: 0 });
    const { total } = await shop.call("catalog.products.list", { count: true }, { as: guest });
    expect(total).toBeGreaterThan(200);
  });

  test("has orders in every state, as planned, with parts of several merchants", async () => {
    const planned = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    expect(seeded.orders.length).toBeGreaterThan(planned);
    const count = async (status: string) =>
      (await shop.call("orders.list", { status, count: true, limit: 1 })).total ?? 0;
    // Those that are to expire may have done so.
    expect((await count("placed")) + (await count("expired"))).toBe(
      outcomes["to-pay"] + outcomes.expired + 1,
    );
    for (const status of ["paid", "packed", "shipped", "delivered", "refunded"])
      expect([status, (await count(status)) > 0]).toEqual([status, true]);
    expect(await count("cancelled")).toBe(outcomes.cancelled + outcomes["cancelled-paid"] + 1);
    expect(await count("returned")).toBeGreaterThanOrEqual(outcomes.returned);
    const several = seeded.orders.filter(({ order }) => order.parts.length > 1);
    expect(several.length).toBeGreaterThan(20);
    const { items: coupons } = await shop.call("orders.coupons.list", { limit: 100 });
    const uses = new Map(coupons.map((coupon) => [coupon.code, coupon.uses]));
    expect(uses.get("FIRST-FIVE")).toBe(5);
    expect(uses.get("LAST-SUMMER")).toBe(0);
  });

  test("shows the first customer each of their screens", async () => {
    const counts = await shop.call("orders.counts", {}, { as: buyer });
    expect(Object.values(counts)).toHaveLength(6);
    expect(Object.values(counts).filter((count) => count === 0)).toEqual([]);
    expect(await shop.call("users.me.get", {}, { as: buyer })).toMatchObject({
      nickname: "Nora",
      locale: "en",
    });
    const lists = await Promise.all([
      shop.call("users.addresses.list", {}, { as: buyer }),
      shop.call("favourites.list", {}, { as: buyer }),
      shop.call("browsing-history.list", {}, { as: buyer }),
      shop.call("merchants.followed.list", {}, { as: buyer }),
      shop.call("reviews.own.list", {}, { as: buyer }),
      shop.call("reviews.purchases.list", {}, { as: buyer }),
      shop.call("after-sales.requests.mine", {}, { as: buyer }),
    ]);
    expect(lists.map(({ items }) => items.length > 0)).toEqual(lists.map(() => true));
  });

  test("shows the first merchant parts, after-sales, reviews and its balance", async () => {
    const { id: merchantId } = await shop.call("merchants.get", { idOrSlug: sellers[0]?.slug ?? "" });
    const parts = async (status: "paid" | "shipped" | "delivered") =>
      (await shop.call("orders.parts.list", { merchantId, status })).items.length;
    for (const status of ["paid", "shipped", "delivered"] as const)
      expect([status, (await parts(status)) > 0]).toEqual([status, true]);
    const { items: requests } = await shop.call("after-sales.requests.list", { merchantId });
    expect(requests.length).toBeGreaterThan(0);
    const { rating } = await shop.call("reviews.merchants.list", { merchantId }, { as: guest });
    expect(rating.count).toBeGreaterThan(5);
    const { items: transactions } = await shop.call("settlements.ledger.list", { merchantId, limit: 100 });
    const kinds = new Set(transactions.map(({ kind }) => kind));
    for (const kind of ["sale", "release", "adjustment", "payout"] as const) expect(kinds).toContain(kind);
  });

  test("has after-sales in every status", async () => {
    const { items } = await shop.call("after-sales.requests.list", { limit: 100 });
    const statuses = new Set(items.map(({ status }) => status));
    expect([...statuses].toSorted()).toEqual([
      "approved",
      "closed",
      "disputed",
      "received",
      "refunded",
      "rejected",
      "replaced",
      "requested",
      "sent-back",
      "withdrawn",
    ]);
  });

  test("has reviews with all stars, pictures, votes, replies and follow-ups, and some for the staff", async () => {
    const reviewsIn = async (state: "published" | "pending" | "hidden") => {
      const { items } = await shop.call("reviews.moderation.list", { state, limit: 100 });
      return items;
    };
    const published = await reviewsIn("published");
    expect(new Set(published.map(({ rating }) => rating)).size).toBe(5);
    expect(published.some(({ images }) => images.length > 0)).toBe(true);
    expect(published.some(({ upVotes }) => upVotes > 1)).toBe(true);
    expect(published.some(({ downVotes }) => downVotes > 0)).toBe(true);
    expect(published.some(({ replies }) => replies > 1)).toBe(true);
    expect(published.some(({ followUp }) => followUp !== null)).toBe(true);
    expect(published.some(({ author }) => author.isAnonymous)).toBe(true);
    expect(published.some(({ text }) => /\p{Script=Hiragana}/u.test(text))).toBe(true);
    const [hidden, ...others] = await reviewsIn("hidden");
    expect(others).toEqual([]);
    const { items: reports } = await shop.call("reviews.reports.list", { limit: 100 });
    expect(reports.filter(({ subjectId }) => subjectId === hidden?.id)).toHaveLength(hidden?.reports ?? 0);
    expect(reports.some(({ subjectId }) => subjectId !== hidden?.id)).toBe(true);
    expect(await reviewsIn("pending")).toHaveLength(1);
  });

  test("has a payout with transfers that were paid, failed and are open, and figures of today", async () => {
    const { items } = await shop.call("settlements.payouts.list", {});
    expect(items).toHaveLength(1);
    const { transfers } = await shop.call("settlements.payouts.get", { id: items[0]?.id ?? "" });
    expect(new Set(transfers.map(({ status }) => status))).toEqual(new Set(["paid", "failed", "open"]));
    const { items: days } = await shop.call("statistics.sales.days", {});
    expect(days.reduce((sum, { ordersPaid }) => sum + ordersPaid, 0)).toBeGreaterThan(100);
    const { items: users } = await shop.call("statistics.users.days", {});
    expect(users.reduce((sum, { logins }) => sum + logins, 0)).toBeGreaterThan(40);
  });

  test("is added once", async () => {
    const again = await seedMall(new DemoShop(shop.broker, { pictures }), { people: true });
    expect(again).toMatchObject({ products: 0, customers: 0, orders: [] });
    expect(again.logIn).toBeUndefined();
    const { total } = await shop.call("orders.list", { count: true, limit: 1 });
    expect(total).toBe(seeded.orders.length);
  }, 120_000);

  test("agrees with itself", () => expectConsistent(shop), 120_000);
});

describe("a mall without some services", () => {
  const extras = [
    "merchants",
    "settlements",
    "reviews",
    "after-sales",
    "favourites",
    "browsing-history",
    "statistics",
    "notifications",
    "webhooks",
    "shipping",
    "audit",
  ];
  const trade = [...extras, "cart", "orders"];

  test.each([
    ["extras", extras, { merchants: 0, customers: 40, afterSales: 0, reviews: 0 }],
    ["trade", trade, { merchants: 0, customers: 40, orders: [] }],
    ["people", [...trade, "users"], { merchants: 0, customers: 0, orders: [] }],
  ])(
    "has the rest of it without %s",
    async (_what, without, expected) => {
      const started = await startEmpty(without);
      try {
        const seeded = await seedMall(new DemoShop(started.shop.broker, { pictures: 0 }), { people: true });
        expect(seeded).toMatchObject(expected);
        expect(seeded.products).toBeGreaterThan(200);
        await expectConsistent(started.shop);
      } finally {
        await stop(started);
      }
    },
    180_000,
  );
});

test("a shop that is connected to the world outside gets no people", () => {
  const config = { mail: { smtpUrl: "smtp://mail.example" }, notify: {}, payments: { providers: [] } };
  expect(connectionOutside(config as never)).toBe("SMTP_URL");
  const stripe = { mail: {}, notify: {}, payments: { providers: ["manual", "stripe"] } };
  expect(connectionOutside(stripe as never)).toBe("the payment provider stripe");
  const local = { mail: {}, notify: {}, payments: { providers: ["manual", "sandbox"] } };
  expect(connectionOutside(local as never)).toBeUndefined();
});
