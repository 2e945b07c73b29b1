import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Input } from "../../mixins/contract/calls.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

let shop: Shop;
const slugs = new Map<string, string>();

beforeAll(async () => {
  shop = await startShop({ services: ["catalog"], env: { LOCALES: "en,zh-CN" } });
  const categories = new Map<string, string>();
  for (const [slug, name, zh] of [
    ["phones", "Phones", "手机"],
    ["accessories", "Phone accessories", "手机配件"],
    ["womens-shoes", "Women's shoes", "女鞋"],
  ] as const) {
    const texts = { "zh-CN": { name: zh } };
    categories.set(slug, (await shop.call("catalog.categories.create", { slug, name, texts })).id);
  }
  const apple = await shop.call("catalog.brands.create", { slug: "apple", name: "Apple" });
  const add = async (slug: string, product: Omit<Input<"catalog.products.create">, "slug" | "status">) => {
    const { id } = await shop.call("catalog.products.create", { slug, status: "published", ...product });
    slugs.set(id, slug);
  };
  const category = (slug: string) => ({ categoryId: categories.get(slug) ?? null });
  await add("iphone-15", {
    ...category("phones"),
    brandId: apple.id,
    name: "iPhone 15 128GB",
    texts: { "zh-CN": { name: "苹果 iPhone 15 智能手机", description: "超长待机" } },
    variants: [{ sku: "APL-IP15-128-BLK", priceMinor: 79_900, options: { colour: "Midnight" } }],
  });
  await add("iphone-15-case", {
    ...category("accessories"),
    name: "Silicone case for iPhone 15",
    description: "Fits the Apple iPhone 15.",
    texts: { "zh-CN": { name: "适用苹果15 手机壳" } },
    variants: [{ sku: "CASE-IP15", priceMinor: 1900 }],
  });
  await add("mug", {
    name: "Stoneware mug",
    description: "For coffee",
    tags: ["gift idea"],
    variants: [{ sku: "MUG-SAGE", priceMinor: 900 }],
  });
  await add("coffee", {
    name: "Coffee beans",
    description: "Fill your mug",
    variants: [{ sku: "COF-1", priceMinor: 700 }],
  });
  await add("pumps", {
    ...category("womens-shoes"),
    name: "Leather pumps",
    variants: [{ sku: "PMP", priceMinor: 5900 }],
  });
  const colour = { code: "colour", name: "Colour", kind: "choice" as const };
  const blue = { code: "blue", label: "Blue", texts: { "zh-CN": { label: "蓝色" } } };
  const red = { code: "red", label: "Red", texts: { "zh-CN": { label: "红色" } } };
  await shop.call("catalog.attributes.create", { ...colour, choices: [blue, red] });
  const dresses = await shop.call("catalog.types.create", {
    slug: "dresses",
    name: "Dresses",
    texts: { "zh-CN": { name: "连衣裙" } },
    attributes: [{ code: "colour", required: false }],
  });
  for (const code of ["blue", "red"])
    await add(`${code}-gown`, { name: "Evening gown", typeId: dresses.id, attributes: { colour: code } });
  await add("down", { name: "女士羽绒服 轻薄", variants: [{ sku: "DWN", priceMinor: 39_900 }] });
});
afterAll(() => shop?.stop());

type Query = Input<"catalog.products.list">;
const found = async (q: string, more: Query = {}) =>
  (await shop.call("catalog.products.list", { q, ...more })).items.map(({ id }) => slugs.get(id));

describe("a search finds", () => {
  test.each([
    ["plural for singular", "mugs", ["mug", "coffee"]],
    ["letters and numbers written as one", "iphone15", ["iphone-15", "iphone-15-case"]],
    ["full-width letters", "ＩＰＨＯＮＥ　１５　128ｇ", ["iphone-15"]],
    ["Chinese without blanks", "苹果手机", ["iphone-15", "iphone-15-case"]],
    ["Chinese with English", "苹果手机 128G", ["iphone-15"]],
    ["a word that the dictionary cuts apart", "羽绒服", ["down"]],
    ["one ideograph", "绒", ["down"]],
    ["traditional characters", "蘋果手機殼", ["iphone-15-case"]],
    ["a part of a SKU", "ip15-128", ["iphone-15"]],
    ["the brand, the category", "apple phones", ["iphone-15", "iphone-15-case"]],
    ["the category alone, in Chinese", "女鞋", ["pumps"]],
    ["an option", "midnight iphone", ["iphone-15"]],
    ["a tag", "gift", ["mug"]],
    ["a word of a description in another language", "待机", ["iphone-15"]],
    ["a word that is not finished", "stonew", ["mug"]],
    ["the label of an attribute's value in another language", "蓝色", ["blue-gown"]],
    ["a label with the name of a type", "red dress", ["red-gown"]],
    ["the same, without blanks", "红色连衣裙", ["red-gown"]],
    ["phones before their accessories", "手机", ["iphone-15", "iphone-15-case"]],
    ["what machines would stumble over", "__proto__ constructor", []],
  ])("%s: %s", async (_, q, expected) => {
    expect(await found(q)).toEqual(expected);
  });

  test("a word in a name before one in a description, unless asked for another order", async () => {
    expect(await found("mug")).toEqual(["mug", "coffee"]);
    expect(await found("mug", { sort: "price" })).toEqual(["coffee", "mug"]);
    expect(await found("mug", { sort: "-price", limit: 1 })).toEqual(["mug"]);
    await expect(shop.call("catalog.products.list", { sort: "relevance" })).rejects.toMatchObject({
      type: "validation-failed",
    });
  });

  test("within a category and a range of prices", async () => {
    expect(await found("iphone", { category: "phones" })).toEqual(["iphone-15"]);
    expect(await found("iphone", { maxPrice: 2000 })).toEqual(["iphone-15-case"]);
    expect(await found("iphone", { inStock: true })).toEqual([]);
  });

  test("in pages", async () => {
    const first = await shop.call("catalog.products.list", { q: "iphone", limit: 1, count: true });
    expect(first).toMatchObject({ total: 2, items: [{ slug: "iphone-15" }] });
    const cursor = first.nextCursor ?? "";
    const second = await shop.call("catalog.products.list", { q: "iphone", limit: 1, cursor });
    expect(second).toMatchObject({ nextCursor: null, items: [{ slug: "iphone-15-case" }] });
    await expect(
      shop.call("catalog.products.list", { q: "iphone", cursor: "bm90LWEtY3Vyc29y" }),
    ).rejects.toMatchObject({ type: "validation-failed" });
  });
});

describe("when nothing is found", () => {
  test.each([
    ["ihpone 15", "iphone 15", "iphone-15"],
    ["stonware mug", "stoneware mug", "mug"],
    ["coffeebeans", "coffee beans", "coffee"],
  ])("for %s, it is corrected to %s", async (q, didYouMean, slug) => {
    const page = await shop.call("catalog.products.list", { q });
    expect(page).toMatchObject({ didYouMean });
    expect(page.items[0]).toMatchObject({ slug });
  });

  test("two of three words suffice, but not one of two", async () => {
    expect(await found("stoneware mug purple")).toEqual(["mug"]);
    expect(await found("stoneware purple")).toEqual([]);
    expect(await found("塑料女鞋")).toEqual(["pumps"]);
    expect(await found("?!")).toEqual([]);
  });
});

test("a search is completed while it is typed", async () => {
  const suggested = await shop.call("catalog.products.suggestions", { q: "blue stonew" });
  expect(suggested.searches).toEqual(["blue stoneware"]);
  const searches = async (q: string) => (await shop.call("catalog.products.suggestions", { q })).searches;
  expect(await searches("苹果手")).toEqual(["苹果手机"]);
  expect(await searches("手")).toEqual(["手机"]);
  expect(await searches("coffe")).toEqual(["coffee"]);
  expect(await searches("fil")).toEqual([]);
  expect(await shop.call("catalog.products.suggestions", { q: "苹果手机", locale: "zh-CN" })).toMatchObject({
    products: [{ slug: "iphone-15", name: "苹果 iPhone 15 智能手机" }, { slug: "iphone-15-case" }],
  });
});

test("found words are marked in the language that is shown", async () => {
  const marked = async (query: Query) => {
    const { items, highlights = [] } = await shop.call("catalog.products.list", {
      highlight: true,
      ...query,
    });
    return highlights.map(({ name, description }, index) => ({
      name: name.map(({ from, to }) => items[index]?.name.slice(from, to)),
      description: description?.marks.map(({ from, to }) => description.text.slice(from, to)),
    }));
  };
  expect(await marked({ q: "mugs" })).toEqual([
    { name: ["mug"], description: undefined },
    { name: [], description: ["mug"] },
  ]);
  expect(await marked({ q: "苹果手机", locale: "zh-CN", limit: 1 })).toEqual([
    { name: ["苹果", "手机"], description: undefined },
  ]);
  expect((await shop.call("catalog.products.list", { q: "mug" })).highlights).toBeUndefined();
});

test("a renamed category or value is found by its new name at once", async () => {
  const { id, version } = await shop.call("catalog.categories.get", { idOrSlug: "womens-shoes" });
  await shop.call("catalog.categories.update", { id, name: "Ladies' footwear", expectedVersion: version });
  expect(await found("footwear")).toEqual(["pumps"]);
  expect(await found("women's shoes")).toEqual([]);
  const [colour] = (await shop.call("catalog.attributes.list", {})).items;
  await shop.call("catalog.attributes.update", {
    id: colour?.id ?? "",
    choices: (colour?.choices ?? []).map((choice) =>
      choice.code === "red" ? { ...choice, label: "Crimson" } : choice,
    ),
    expectedVersion: colour?.version ?? 0,
  });
  expect(await found("crimson gown", { sort: "price" })).toEqual(["red-gown"]);
});
