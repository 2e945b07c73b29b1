import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { newId } from "../../mixins/contract/ids.ts";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import { sendHttp } from "../support/http.ts";
import { callerOf, newMerchant } from "../support/merchant-of.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const notFound = { type: "not-found" };

describe("products of merchants", () => {
  let shop: Shop;
  let teapots: string;
  let kettles: string;
  /** Owners of both. */
  let ada: UserCaller;
  let grace: UserCaller;
  beforeAll(async () => {
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "3600" } });
    const [one, other] = await Promise.all([newPerson(shop), newPerson(shop)]);
    teapots = await newMerchant(shop, one, { slug: "teapots" });
    kettles = await newMerchant(shop, other, { slug: "kettles" });
    [ada, grace] = await Promise.all([callerOf(shop, one), callerOf(shop, other)]);
  }, 60_000);
  afterAll(() => shop?.stop());

  async function newProduct(as: UserCaller, name = "Pot") {
    const variants = [{ sku: newId(), priceMinor: 1000, options: {} }];
    const made = await shop.call(
      "catalog.products.create",
      { slug: newId(), name, status: "published", variants },
      { as },
    );
    const variantId = made.variants[0]?.id ?? "";
    const delivery = { variantId, kind: "receive", quantity: 100, reason: "delivery" } as const;
    await shop.call("catalog.stock.change", delivery, { as });
    await shop.settled();
    return { ...made, variantId };
  }

  test("belong to the merchant of the member who adds them, and say so", async () => {
    const product = await newProduct(ada);
    const merchant = { id: teapots, slug: "teapots", name: "Merchant teapots" };
    expect(product).toMatchObject({ merchantId: teapots, merchant });
    const listed = await shop.call("catalog.products.list", { merchant: "teapots" }, { as: customer() });
    expect(listed.items).toMatchObject([{ id: product.id, merchant }]);
    const read = await shop.call("catalog.products.get", { idOrSlug: product.id }, { as: customer() });
    expect(read).toMatchObject({ merchant });
    const draft = { slug: newId(), name: "Foreign" };
    await expect(
      shop.call("catalog.products.create", { ...draft, merchantId: kettles }, { as: ada }),
    ).rejects.toMatchObject(notFound);
    await expect(
      shop.call("catalog.products.create", { ...draft, merchantId: newId() }),
    ).rejects.toMatchObject(notFound);
  });

  test("are not there for members of another merchant who would change them", async () => {
    const { id, variantId } = await newProduct(ada);
    const as = grace;
    for (const attempt of [
      shop.call("catalog.products.update", { id, name: "Mine", expectedVersion: 1 }, { as }),
      shop.call("catalog.products.texts", { id }, { as }),
      shop.call("catalog.products.relate", { id, productIds: [] }, { as }),
      shop.call("catalog.products.remove", { id }, { as }),
      shop.call("catalog.variants.create", { productId: id, sku: newId(), priceMinor: 1 }, { as }),
      shop.call("catalog.variants.update", { id: variantId, priceMinor: 1, expectedVersion: 1 }, { as }),
      shop.call("catalog.variants.remove", { id: variantId }, { as }),
      shop.call("catalog.stock.get", { variantId }, { as }),
      shop.call("catalog.stock.movements", { variantId }, { as }),
      shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 1, reason: "mine" }, { as }),
      shop.call("catalog.products.images.list", { id }, { as }),
    ])
      await expect(attempt).rejects.toMatchObject(notFound);
    const own = await newProduct(grace);
    await expect(
      shop.call("catalog.products.relate", { id: own.id, productIds: [id] }, { as }),
    ).rejects.toMatchObject(notFound);
  });

  test("are moved to another merchant by staff only, and counted where they are", async () => {
    const { id } = await newProduct(ada);
    const count = async (merchantId: string) => {
      await shop.settled();
      return (await shop.call("merchants.profile", { id: merchantId })).products;
    };
    const [before, others] = [await count(teapots), await count(kettles)];
    const move = { id, merchantId: kettles, expectedVersion: 1 };
    await expect(shop.call("catalog.products.update", move, { as: ada })).rejects.toMatchObject({
      type: "forbidden",
    });
    await shop.call("catalog.products.update", move);
    expect([await count(teapots), await count(kettles)]).toEqual([before - 1, others + 1]);
    await shop.call("catalog.products.update", { id, status: "archived", expectedVersion: 2 });
    expect([await count(teapots), await count(kettles)]).toEqual([before - 1, others]);
  });

  test("are counted by merchant, and drafts are found by their own members", async () => {
    await newProduct(ada, "Counted");
    await newProduct(grace, "Counted");
    const { facets } = await shop.call("catalog.products.list", { q: "counted", facets: "merchant" });
    expect(facets?.[0]?.values).toEqual(
      expect.arrayContaining([
        { value: "teapots", label: "Merchant teapots", products: 1 },
        { value: "kettles", label: "Merchant kettles", products: 1 },
      ]),
    );
    const draft = await shop.call("catalog.products.create", { slug: newId(), name: "Draft" }, { as: ada });
    const drafts = async (as: UserCaller) =>
      (await shop.call("catalog.products.list", { status: "draft" }, { as })).items.map(({ id }) => id);
    expect(await drafts(ada)).toContain(draft.id);
    expect(await drafts(grace)).not.toContain(draft.id);
    await expect(
      shop.call("catalog.products.list", { status: "draft" }, { as: customer() }),
    ).rejects.toMatchObject({ type: "forbidden" });
    await expect(
      shop.call("catalog.products.get", { idOrSlug: draft.id }, { as: grace }),
    ).rejects.toMatchObject(notFound);
  });

  test("are off sale everywhere within a second of the merchant's suspension, and on sale again", async () => {
    const { id, variantId, slug } = await newProduct(grace, "Suspendable");
    const buyer = customer();
    const cart = await shop.call("cart.create", {}, { as: buyer });
    await shop.call("cart.items.add", { id: cart.id, variantId, quantity: 1 }, { as: buyer });
    const get = async (path: string) => sendHttp(shop.url, { method: "GET", path: `/api/v1${path}` });
    const list = async (query: string) =>
      (JSON.parse((await get(`/products?${query}`)).body) as { items: { id: string }[] }).items.map(
        (one) => one.id,
      );
    const seen = async () => ({
      page: (await get(`/products/${slug}`)).status,
      listed: (await list("merchant=kettles")).includes(id),
      found: (await list("q=suspendable")).includes(id),
      suggested: (await get("/products/suggestions?q=suspendable")).body.includes(id),
      counted: (await get("/products?q=suspendable&facets=merchant")).body.includes('"products":'),
      variant: (await get(`/variants/${variantId}`)).status,
      inCart: (await shop.call("cart.get", { id: cart.id }, { as: buyer })).items[0]?.available,
      reserved: await shop
        .call("catalog.stock.reserve", { orderId: newId(), lines: [{ variantId, quantity: 1 }] })
        .then(() => true)
        .catch(({ type }: { type: string }) => type),
    });
    const onSale = await seen();
    expect(onSale).toMatchObject({ page: 200, listed: true, found: true, suggested: true, reserved: true });
    await shop.call("merchants.suspend", { id: kettles, reason: "complaints" });
    await shop.settled();
    const since = Date.now();
    while ((await get(`/products/${slug}`)).status !== 404 && Date.now() - since < 2000) await pause(20);
    expect(Date.now() - since).toBeLessThan(1500);
    expect(await seen()).toMatchObject({
      page: 404,
      listed: false,
      found: false,
      suggested: false,
      counted: false,
      variant: 404,
      reserved: "stock-shortage",
    });
    // Its members and staff still see it.
    await shop.call("catalog.products.get", { idOrSlug: slug }, { as: grace });
    await shop.call("catalog.products.get", { idOrSlug: slug });
    await shop.call("merchants.resume", { id: kettles });
    await shop.settled();
    await pause(1000);
    expect(await seen()).toMatchObject({ ...onSale, inCart: 99 });
  });

  test("are in categories of their merchant, with those below", async () => {
    const add = (name: string, parentId: string | null = null, position = 0) =>
      shop.call(
        "catalog.merchant-categories.create",
        { merchantId: teapots, name, parentId, position },
        { as: ada },
      );
    const [second, first] = [await add("Second", null, 2), await add("First", null, 1)];
    const below = await add("Below", first.id);
    const { items } = await shop.call("catalog.merchant-categories.list", { merchantId: teapots });
    expect(items.map(({ name, depth }) => [name, depth])).toEqual([
      ["First", 0],
      ["Below", 1],
      ["Second", 0],
    ]);
    const move = { merchantId: teapots, id: first.id, parentId: below.id, expectedVersion: 1 };
    await expect(shop.call("catalog.merchant-categories.update", move, { as: ada })).rejects.toMatchObject({
      type: "illegal-transition",
    });
    const own = await newProduct(ada, "Sorted");
    const put = (categoryIds: string[], as = ada) =>
      shop.call("catalog.products.sort-in", { id: own.id, categoryIds }, { as });
    await put([below.id, second.id]);
    const listed = async (merchantCategory: string) =>
      (await shop.call("catalog.products.list", { merchant: "teapots", merchantCategory })).items.map(
        ({ id }) => id,
      );
    expect(await listed(first.id)).toEqual([own.id]);
    await expect(put([newId()])).rejects.toMatchObject(notFound);
    await expect(put([], grace)).rejects.toMatchObject(notFound);
    await expect(
      shop.call("catalog.merchant-categories.create", { merchantId: teapots, name: "Mine" }, { as: grace }),
    ).rejects.toMatchObject(notFound);
    // Of two requests that would make each the other's parent, one is refused.
    const under = (id: string, parentId: string) =>
      shop.call(
        "catalog.merchant-categories.update",
        { merchantId: teapots, id, parentId, expectedVersion: 1 },
        { as: ada },
      );
    const outcomes = await Promise.allSettled([under(first.id, second.id), under(second.id, first.id)]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await put([]);
    expect(await listed(first.id)).toEqual([]);
  });

  test("are exported and imported by their members only", async () => {
    const own = await newProduct(ada, "Exported");
    const foreign = await newProduct(grace, "Foreign");
    const done = async (id: string, as: UserCaller) => {
      for (;;) {
        const task = await shop.call("catalog.tasks.get", { id }, { as });
        if (task.state === "succeeded" || task.state === "failed") return task;
        await pause(20);
      }
    };
    const { task } = await shop.call("catalog.exports.start", { format: "ndjson" }, { as: ada });
    await done(task.id, ada);
    const { content } = await shop.call("catalog.tasks.result", { id: task.id, part: 0 }, { as: ada });
    const text = JSON.stringify(content);
    expect(text).toContain(own.slug);
    expect(text).toContain("teapots");
    expect(text).not.toContain(foreign.slug);
  });
});
