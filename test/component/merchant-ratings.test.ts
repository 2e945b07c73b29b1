import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { receive } from "../support/buyers.ts";
import { dataServices } from "../support/data-services.ts";
import { application } from "../support/merchant-of.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";

describe("the rating of a merchant", () => {
  let shop: Shop;
  let traffic: ShopTraffic;
  beforeAll(async () => {
    shop = await startShop({ services: dataServices, env: { SWEEP_INTERVAL_SECONDS: "3600" } });
    traffic = new ShopTraffic(shop.broker, () => 0.99);
  }, 60_000);
  afterAll(() => shop?.stop());

  /** A merchant that sells one product. */
  async function seller() {
    const { id, slug } = await traffic.call("merchants.apply", application(), await traffic.newCustomer());
    await shop.call("merchants.approve", { id });
    await shop.settled();
    const { variants } = await shop.call("catalog.products.create", {
      merchantId: id,
      slug: `p-${newId()}`,
      name: "Teapot",
      status: "published",
      variants: [{ sku: `S-${newId()}`, priceMinor: 900, options: {} }],
    });
    const variantId = variants[0]?.id ?? "";
    await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 9, reason: "delivery" });
    return { id, slug, variantId };
  }

  async function review(variantId: string, rating: number) {
    const { buyer, productId, lineId } = await receive(traffic, variantId);
    await shop.settled();
    const { id } = await shop.call("reviews.create", { productId, lineId, rating }, { as: buyer });
    return { id, buyer };
  }

  const ratingOf = async (idOrSlug: string) => (await shop.call("merchants.get", { idOrSlug })).rating;
  const none = { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };

  test("is on its page, in its profile and in lists, and follows the reviews of its products", async () => {
    const { id, slug, variantId } = await seller();
    expect(await ratingOf(slug)).toEqual({ average: null, count: 0, stars: none });
    const bad = await review(variantId, 2);
    await review(variantId, 5);
    await review(variantId, 5);
    await shop.settled();
    const rating = { average: 4, count: 3, stars: { ...none, "2": 1, "5": 2 } };
    expect(await ratingOf(slug)).toEqual(rating);
    expect(await shop.call("merchants.profile", { id })).toMatchObject({ rating, products: 1, followers: 0 });
    const { items } = await shop.call("merchants.list", {});
    expect(items.find((item) => item.id === id)).toMatchObject({ rating });
    await shop.call("reviews.own.remove", { id: bad.id }, { as: bad.buyer });
    await shop.settled();
    expect(await ratingOf(id)).toEqual({ average: 5, count: 2, stars: { ...none, "5": 2 } });
    const { version } = await shop.call("merchants.profile", { id });
    await shop.call("merchants.update", { id, description: "Teapots", expectedVersion: version });
    expect(await ratingOf(id)).toMatchObject({ count: 2 });
    const { findings } = await verifyShop(configOf(shop.broker), { patienceMs: 2000 });
    expect(findings.filter(({ broken }) => broken > 0)).toEqual([]);
  }, 60_000);

  test("is the newest that was told, in whatever order it is heard", async () => {
    const { id } = await seller();
    const told = (version: number): EventEnvelope<"reviews.merchant-rated"> => ({
      id: newId(),
      name: "reviews.merchant-rated",
      occurredAt: Date.now(),
      actor: { kind: "system", id: "reviews" },
      requestId: "test",
      payload: { merchantId: id, stars: { ...none, "3": version }, average: 3, count: version, version },
    });
    expect(await deliver(shop.broker, [told(3), told(9), told(7)])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await deliver(shop.broker, [told(8)])).toEqual([undefined]);
    expect(await ratingOf(id)).toEqual({ average: 3, count: 9, stars: { ...none, "3": 9 } });
  });
});
