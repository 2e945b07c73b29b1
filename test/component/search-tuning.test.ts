import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Input } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

let shop: Shop;
const ids = new Map<string, string>();
const idOf = (slug: string) => ids.get(slug) ?? "";

beforeAll(async () => {
  shop = await startShop({ services: ["catalog", "audit"] });
  for (const [slug, name, status, priceMinor] of [
    ["mobile", "Nokia mobile", "published", 9900],
    ["phone", "Pixel phone", "published", 59_900],
    ["chinese", "小米 智能手机", "published", 19_900],
    ["power-bank", "移动电源 20000", "published", 2900],
    ["trainers", "White trainers", "published", 7900],
    ["sneakers", "Black sneakers", "published", 8900],
    ["lamp", "Desk lamp", "published", 3900],
    ["floor-lamp", "Floor lamp", "published", 13_900],
    ["wall-lamp", "Wall lamp", "published", 4900],
    ["lantern", "Garden lantern", "published", 1900],
    ["unborn", "Lamp of next year", "draft", 4900],
  ] as const) {
    const variants = [{ sku: slug.toUpperCase(), priceMinor }];
    ids.set(slug, (await shop.call("catalog.products.create", { slug, name, status, variants })).id);
  }
});
afterAll(() => shop?.stop());

type Query = Input<"catalog.products.list">;
const list = async (q: string, query: Query = {}) => shop.call("catalog.products.list", { q, ...query });
const slugsOf = async (q: string, query: Query = {}) => (await list(q, query)).items.map(({ slug }) => slug);
const changesOf = async (entityId: string) => {
  await shop.settled();
  const { items } = await shop.call("audit.list", { entityId });
  return items.map(({ details }) => String(details["change"])).toSorted();
};

describe("synonyms", () => {
  test("find what is named otherwise, in every language, until they are changed or removed", async () => {
    expect(await slugsOf("phones")).toEqual(["phone"]);
    const { id, version } = await shop.call("catalog.synonyms.create", {
      words: ["phone", "mobile", "智能手机"],
    });
    for (const said of ["phones", "mobile", "智能手机"])
      expect((await slugsOf(said)).sort()).toEqual(["chinese", "mobile", "phone"]);
    expect(await slugsOf("nokia phone")).toEqual(["mobile"]);
    // Other orders, filters, counts and marks are of the same products.
    expect(await slugsOf("phone", { sort: "price" })).toEqual(["mobile", "chinese", "phone"]);
    const narrowed = await list("phone", { maxPrice: 20_000, count: true, facets: "price", highlight: true });
    expect(narrowed.total).toBe(2);
    expect(narrowed.facets?.[0]?.range).toEqual({ lowest: 9900, highest: 59_900 });
    const worded = await list("小米 phone", { sort: "price", count: true, facets: "price" });
    expect(worded).toMatchObject({ total: 1, items: [{ slug: "chinese" }] });
    expect(narrowed.highlights?.every(({ name }) => name.length > 0)).toBe(true);
    const { products } = await shop.call("catalog.products.suggestions", { q: "mobile" });
    expect(products).toHaveLength(3);

    const change = { id, words: ["phone", "mobile"], expectedVersion: version };
    await shop.call("catalog.synonyms.update", change);
    expect((await slugsOf("phone")).sort()).toEqual(["mobile", "phone"]);
    await expect(shop.call("catalog.synonyms.update", change)).rejects.toMatchObject({
      type: "precondition-failed",
    });
    const { items } = await shop.call("catalog.synonyms.list", {});
    expect(items).toMatchObject([{ id, words: ["phone", "mobile"], from: null, version: 2 }]);
    await shop.call("catalog.synonyms.remove", { id });
    expect(await slugsOf("phone")).toEqual(["phone"]);
    expect(await changesOf(id)).toEqual(["created", "removed", "updated"]);
  });

  test("of one way are found from there only", async () => {
    await shop.call("catalog.synonyms.create", { from: "sneaker", words: ["trainers"] });
    expect((await slugsOf("sneakers")).sort()).toEqual(["sneakers", "trainers"]);
    expect(await slugsOf("trainers")).toEqual(["trainers"]);
  });

  test("find phrases within text without blanks, and forgive no typing errors that nobody made", async () => {
    await shop.call("catalog.synonyms.create", { words: ["充电宝", "移动电源"] });
    expect(await slugsOf("充电宝20000")).toEqual(["power-bank"]);
    await shop.call("catalog.synonyms.create", { words: ["lantern", "lamb"] });
    expect(await slugsOf("lantern")).toEqual(["lantern"]);
    expect(await list("lantrn")).toMatchObject({ didYouMean: "lantern" });
  });

  test.each([
    { words: ["phone"] },
    { words: ["phone", "Phones"] },
    { words: ["phone"], from: "PHONE" },
    { words: ["phone", "?"] },
    { words: ["phone", "m".repeat(41)] },
  ])("%j is refused", async (group) => {
    await expect(shop.call("catalog.synonyms.create", group)).rejects.toMatchObject({
      type: "validation-failed",
    });
  });
});

describe("pins", () => {
  test("come first in results by relevance of exactly that search, with everything after them once", async () => {
    const pin = await shop.call("catalog.pins.create", {
      query: "  LÁMP ",
      productIds: [idOf("lantern"), idOf("unborn"), idOf("wall-lamp")],
    });
    expect(pin).toMatchObject({ query: "lamp", version: 1 });
    const all = await slugsOf("Lamp");
    expect(all.slice(0, 2)).toEqual(["lantern", "wall-lamp"]);
    expect(all.slice(2).sort()).toEqual(["floor-lamp", "lamp"]);
    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await list("lamp", { limit: 1, cursor, count: true });
      expect(page.total).toBe(4);
      paged.push(...page.items.map(({ slug }) => slug));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
    expect((await slugsOf("lamp", { minPrice: 2000 }))[0]).toBe("wall-lamp");
    expect(await slugsOf("lamp", { sort: "price" })).not.toContain("lantern");
    expect(await slugsOf("floor lamp")).toEqual(["floor-lamp"]);

    const other = { query: "light", productIds: [idOf("lamp")] };
    const { id } = await shop.call("catalog.pins.create", other);
    expect(await slugsOf("light")).toEqual(["lamp"]);
    const taken = { type: "already-exists", data: { errors: [{ path: "query" }] } };
    await expect(shop.call("catalog.pins.create", { ...other, query: "Lamp" })).rejects.toMatchObject(taken);
    await expect(
      shop.call("catalog.pins.update", { id, query: "lamp", expectedVersion: 1 }),
    ).rejects.toMatchObject(taken);

    await shop.call("catalog.products.remove", { id: idOf("unborn") });
    const productIds = [idOf("floor-lamp"), idOf("lantern")];
    const [, kept] = (await shop.call("catalog.pins.list", { sort: "-query" })).items;
    expect(kept).toMatchObject({ id: pin.id, productIds: [idOf("lantern"), idOf("wall-lamp")] });
    const change = { id: pin.id, productIds, expectedVersion: 1 };
    expect(await shop.call("catalog.pins.update", change)).toMatchObject({ productIds, version: 2 });
    await expect(shop.call("catalog.pins.update", change)).rejects.toMatchObject({
      type: "precondition-failed",
    });
    expect((await slugsOf("lamp")).slice(0, 2)).toEqual(["floor-lamp", "lantern"]);
    await shop.call("catalog.pins.remove", { id: pin.id });
    expect(await slugsOf("lamp")).not.toContain("lantern");
    expect(await changesOf(pin.id)).toEqual(["created", "removed", "updated"]);
  });

  test("are products that exist, each once", async () => {
    const pin = (productIds: string[]) => shop.call("catalog.pins.create", { query: "x", productIds });
    await expect(pin([newId()])).rejects.toMatchObject({ type: "not-found" });
    const twice = [idOf("lamp"), idOf("lamp")];
    await expect(pin(twice)).rejects.toMatchObject({ type: "validation-failed" });
  });
});
