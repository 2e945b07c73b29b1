import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Input } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { sendHttp } from "../support/http.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

let shop: Shop;
const guest: Caller = { kind: "guest" };
const clerk: Caller = { ...customer(), role: "merchandiser", permissions: ["catalog:write"] };

beforeAll(async () => {
  shop = await startShop({ services: ["catalog", "api", "users"], env: { LOCALES: "en,zh-CN" } });
});
afterAll(() => shop?.stop());

const unique = (prefix: string) => `${prefix}-${newId().slice(-12)}`;
const uniqueCode = (prefix: string) => `${prefix}_${newId().slice(-12).replaceAll("-", "")}`;

const addAttribute = (changes: Partial<Input<"catalog.attributes.create">> = {}) =>
  shop.call(
    "catalog.attributes.create",
    { code: uniqueCode("a"), name: "Attribute", kind: "text", ...changes },
    { as: clerk },
  );
const addType = (attributes: Input<"catalog.types.create">["attributes"]) =>
  shop.call("catalog.types.create", { slug: unique("type"), name: "Type", attributes }, { as: clerk });
const addProduct = (changes: Partial<Input<"catalog.products.create">> = {}) =>
  shop.call(
    "catalog.products.create",
    { slug: unique("product"), name: "Thing", status: "published", ...changes },
    { as: clerk },
  );
const colours = [
  { code: "red", label: "Red", texts: { "zh-CN": { label: "红色" } } },
  { code: "blue", label: "Blue" },
];

const refused = (...errors: { path: string; code: string }[]) => ({
  type: "validation-failed",
  data: { errors: errors.map((error) => expect.objectContaining(error) as unknown) },
});

describe("products of a type", () => {
  test("have its attributes, which one request shows in its order", async () => {
    const colour = await addAttribute({ name: "Colour", kind: "multiple-choice", choices: colours });
    const weight = await addAttribute({ name: "Weight", kind: "number", unit: "g" });
    const size = await addAttribute({ name: "尺码", kind: "choice", choices: [{ code: "m", label: "中" }] });
    const author = await addAttribute({ name: "Author" });
    const organic = await addAttribute({ name: "Organic", kind: "boolean" });
    const released = await addAttribute({ name: "Released", kind: "date" });
    const all = [weight, colour, size, author, organic, released];
    const type = await addType(all.map(({ code }) => ({ code, required: true })));
    const attributes = {
      [colour.code]: ["blue", "red"],
      [weight.code]: 1.5,
      [size.code]: "m",
      [author.code]: "Größe 100%_",
      [organic.code]: false,
      [released.code]: "2026-02-28",
    };
    const created = await addProduct({ typeId: type.id, attributes });
    expect(created.attributes.map(({ code, value }) => [code, value])).toEqual([
      [weight.code, 1.5],
      [colour.code, ["blue", "red"]],
      [size.code, "m"],
      [author.code, "Größe 100%_"],
      [organic.code, false],
      [released.code, "2026-02-28"],
    ]);
    expect(created.attributes.slice(0, 3)).toMatchObject([
      { name: "Weight", kind: "number", unit: "g", labels: [] },
      { name: "Colour", labels: ["Blue", "Red"], unit: null },
      { name: "尺码", labels: ["中"] },
    ]);
    expect(await shop.call("catalog.products.get", { idOrSlug: created.id }, { as: guest })).toEqual(created);
  });

  test("have texts in several languages where an attribute is localized", async () => {
    const [author, isbn] = [await addAttribute({ localized: true }), await addAttribute()];
    const type = await addType([{ code: author.code }, { code: isbn.code }]);
    const attributes = { [author.code]: "Jane Austen", [isbn.code]: "1" };
    const texts = (code: string) => ({ "zh-CN": { [`attributes.${code}`]: "简·奥斯汀" } });
    const { id } = await addProduct({ typeId: type.id, attributes, texts: texts(author.code) });
    const valueIn = async (locale: "zh-CN" | undefined) =>
      (await shop.call("catalog.products.get", { idOrSlug: id, locale }, { as: guest })).attributes[0]?.value;
    expect(await valueIn("zh-CN")).toBe("简·奥斯汀");
    expect(await valueIn(undefined)).toBe("Jane Austen");
    expect((await shop.call("catalog.products.texts", { id }, { as: clerk })).texts).toEqual(
      texts(author.code),
    );
    const path = `texts.zh-CN.attributes.${isbn.code}`;
    const change = { id, texts: texts(isbn.code), expectedVersion: 1 };
    await expect(shop.call("catalog.products.update", change)).rejects.toMatchObject(
      refused({ path, code: "unknown-field" }),
    );
    const foreign = { id, texts: { "zh-CN": { size: "x" } }, expectedVersion: 1 };
    await expect(shop.call("catalog.products.update", foreign)).rejects.toMatchObject(
      refused({ path: "texts.zh-CN.size", code: "unknown-field" }),
    );
  });

  test("are refused values that their type does not allow, by field", async () => {
    const colour = await addAttribute({ kind: "multiple-choice", choices: colours });
    const day = await addAttribute({ kind: "date" });
    const weight = await addAttribute({ kind: "number", unit: "g" });
    const { id: typeId } = await addType([
      { code: colour.code, required: true },
      { code: day.code, required: true },
      { code: weight.code },
    ]);
    const faulty = (attributes: Input<"catalog.products.create">["attributes"]) =>
      addProduct({ typeId, attributes });
    await expect(faulty({ constructor: "x" })).rejects.toMatchObject(
      refused(
        { path: "attributes.constructor", code: "unknown-field" },
        { path: `attributes.${colour.code}`, code: "required" },
        { path: `attributes.${day.code}`, code: "required" },
      ),
    );
    await expect(
      faulty({ [colour.code]: ["red", "red"], [day.code]: "2026-02-30", [weight.code]: "heavy" }),
    ).rejects.toMatchObject(
      refused(
        { path: `attributes.${colour.code}`, code: "invalid-value" },
        { path: `attributes.${day.code}`, code: "invalid-format" },
        { path: `attributes.${weight.code}`, code: "invalid-type" },
      ),
    );
    await expect(faulty({ [colour.code]: ["%"], [day.code]: "2026-02-28" })).rejects.toMatchObject(
      refused({ path: expect.any(String) as unknown as string, code: "invalid-format" }),
    );
    await expect(addProduct({ typeId: newId() })).rejects.toMatchObject(
      refused({ path: "typeId", code: "invalid-value" }),
    );
    await expect(addProduct({ attributes: { [weight.code]: 1 } })).rejects.toMatchObject(
      refused({ path: `attributes.${weight.code}`, code: "unknown-field" }),
    );
  });

  test("stay as they are when their type changes, until their attributes change", async () => {
    const [one, two] = [await addAttribute(), await addAttribute()];
    const type = await addType([{ code: one.code }]);
    const product = await addProduct({ typeId: type.id, attributes: { [one.code]: "x" } });
    const change = { id: type.id, attributes: [{ code: two.code, required: true }], expectedVersion: 1 };
    await shop.call("catalog.types.update", change, { as: clerk });
    const renamed = await shop.call("catalog.products.update", {
      id: product.id,
      name: "Other",
      expectedVersion: 1,
    });
    expect(renamed).toMatchObject({ name: "Other", attributes: [] });
    const update = (attributes: Record<string, string>) =>
      shop.call("catalog.products.update", { id: product.id, attributes, expectedVersion: 2 });
    await expect(update({ [one.code]: "y" })).rejects.toMatchObject({ type: "validation-failed" });
    const updated = await update({ [two.code]: "z" });
    expect(updated.attributes).toMatchObject([{ code: two.code, value: "z" }]);
    const cleared = { id: product.id, typeId: null, attributes: {}, expectedVersion: 3 };
    expect((await shop.call("catalog.products.update", cleared)).typeId).toBeNull();
  });
});

describe("types and attributes", () => {
  test("are shown in the caller's language", async () => {
    const colour = await addAttribute({
      kind: "choice",
      choices: colours,
      texts: { "zh-CN": { name: "颜色" } },
    });
    const type = await addType([{ code: colour.code, required: true }]);
    const path = `/api/v1/product-types/${type.slug}`;
    const answer = await sendHttp(shop.url, { method: "GET", path, headers: { "accept-language": "zh" } });
    expect(JSON.parse(answer.body)).toMatchObject({
      attributes: [{ code: colour.code, required: true }],
      definitions: [{ name: "颜色", choices: [{ label: "红色" }, { label: "Blue" }] }],
    });
    const one = await shop.call("catalog.attributes.get", { id: colour.id }, { as: guest });
    expect(one).toMatchObject({ name: "Attribute", texts: { "zh-CN": { name: "颜色" } } });
    const { items } = await shop.call("catalog.attributes.list", { limit: 100 }, { as: guest });
    expect(items.map(({ code }) => code)).toEqual(items.map(({ code }) => code).toSorted());
  });

  test("are refused what contradicts itself, and unknown attributes", async () => {
    await expect(addAttribute({ kind: "choice" })).rejects.toMatchObject(
      refused({ path: "choices", code: "invalid-value" }),
    );
    await expect(addAttribute({ unit: "g" })).rejects.toMatchObject(
      refused({ path: "unit", code: "invalid-value" }),
    );
    await expect(addType([{ code: "constructor" }])).rejects.toMatchObject(
      refused({ path: "attributes.0.code", code: "invalid-value" }),
    );
    await expect(addAttribute({ code: "__proto__" })).rejects.toMatchObject({ type: "validation-failed" });
  });

  test("stay while something has them", async () => {
    const choices = Array.from({ length: 200 }, (_, nth) => ({ code: `c${nth}`, label: `Choice ${nth}` }));
    const attribute = await addAttribute({ kind: "choice", choices });
    const type = await addType([{ code: attribute.code }]);
    const { id } = await addProduct({ typeId: type.id, attributes: { [attribute.code]: "c199" } });
    const inUse = { type: "in-use" };
    const drop = (from: number) =>
      shop.call("catalog.attributes.update", {
        id: attribute.id,
        choices: choices.slice(0, from),
        expectedVersion: 1,
      });
    await expect(drop(199)).rejects.toMatchObject(inUse);
    await expect(shop.call("catalog.types.remove", { id: type.id })).rejects.toMatchObject(inUse);
    await expect(shop.call("catalog.attributes.remove", { id: attribute.id })).rejects.toMatchObject(inUse);
    await shop.call("catalog.products.update", { id, typeId: null, attributes: {}, expectedVersion: 1 });
    expect((await drop(1)).choices).toHaveLength(1);
    await expect(shop.call("catalog.attributes.remove", { id: attribute.id })).rejects.toMatchObject(inUse);
    await shop.call("catalog.types.remove", { id: type.id });
    await shop.call("catalog.attributes.remove", { id: attribute.id });
    await expect(shop.call("catalog.attributes.get", { id: attribute.id })).rejects.toMatchObject({
      type: "not-found",
    });
  });

  test("are not removed under a product that is just given them", async () => {
    for (let round = 0; round < 5; round += 1) {
      const attribute = await addAttribute({ kind: "choice", choices: colours });
      const type = await addType([{ code: attribute.code }]);
      const { id } = await addProduct({ typeId: type.id });
      const [given, dropped] = await Promise.allSettled([
        shop.call("catalog.products.update", {
          id,
          attributes: { [attribute.code]: "red" },
          expectedVersion: 1,
        }),
        shop.call("catalog.attributes.update", {
          id: attribute.id,
          choices: colours.slice(1),
          expectedVersion: 1,
        }),
      ]);
      expect([given.status, dropped.status].toSorted()).toEqual(["fulfilled", "rejected"]);
    }
  });
});

describe("lists of products", () => {
  const sizes = [
    { code: "s", label: "S" },
    { code: "m", label: "M" },
  ];
  let colour: string;
  let weight: string;
  let day: string;
  let author: string;
  let hidden: string;
  let top: { id: string; slug: string };
  let brands: { id: string; slug: string; name: string }[];
  const names = new Map<string, string>();

  const list = (params: Input<"catalog.products.list">) =>
    shop.call("catalog.products.list", { category: top.slug, limit: 100, ...params }, { as: guest });
  const found = async (params: Input<"catalog.products.list">) =>
    (await list(params)).items.map(({ id }) => names.get(id) ?? "").toSorted();
  const facetsOf = async (params: Input<"catalog.products.list">) =>
    Object.fromEntries(((await list(params)).facets ?? []).map((facet) => [facet.facet, facet]));
  const counts = (facet: { values: { value: string; products: number }[] } | undefined) =>
    Object.fromEntries((facet?.values ?? []).map(({ value, products }) => [value, products]));

  beforeAll(async () => {
    const category = (slug: string, parentId: string | null) =>
      shop.call("catalog.categories.create", { slug: unique(slug), name: slug, parentId }, { as: clerk });
    top = await category("top", null);
    const [shirts, hats] = [await category("shirts", top.id), await category("hats", top.id)];
    const deep = await category("deep", shirts.id);
    brands = [];
    for (const name of ["Acme", "Bolt"])
      brands.push(await shop.call("catalog.brands.create", { slug: unique("brand"), name }, { as: clerk }));
    const defined = [
      await addAttribute({ name: "Colour", kind: "multiple-choice", choices: colours }),
      await addAttribute({ name: "Weight", kind: "number", unit: "g" }),
      await addAttribute({ kind: "date" }),
      await addAttribute({ name: "Author" }),
      await addAttribute({ kind: "choice", choices: sizes, filterable: false }),
    ].map(({ code }) => code);
    [colour = "", weight = "", day = "", author = "", hidden = ""] = defined;
    const { id: typeId } = await addType(defined.map((code) => ({ code })));
    const add = async (
      name: string,
      categoryId: string,
      brand: number,
      attributes: Input<"catalog.products.create">["attributes"],
      changes: Partial<Input<"catalog.products.create">> = {},
    ) => {
      const variants = [{ sku: unique("SKU"), priceMinor: names.size * 100 + 100 }];
      const brandId = brands[brand]?.id ?? null;
      const given = { name, categoryId, brandId, typeId, attributes, variants, ...changes };
      names.set((await addProduct(given)).id, name);
    };
    await add(
      "A",
      shirts.id,
      0,
      { [colour]: ["red"], [weight]: 100, [day]: "2026-01-01" },
      { tags: ["new"] },
    );
    await add("B", deep.id, 0, { [colour]: ["red", "blue"], [weight]: 200.5, [author]: "Tolkien, J. R. R." });
    await add("C", hats.id, 1, { [colour]: ["blue"], [weight]: -5, [day]: "2026-06-01", [hidden]: "s" });
    await add("D", hats.id, 1, { [author]: "100%_" }, { tags: ["Ｎew", "sale"] });
    await add("E", hats.id, 1, { [colour]: ["red"] }, { status: "draft" });
  });

  test("are filtered by attributes, brands and tags, with ranges of numbers and days", async () => {
    expect(await found({ attr: { [colour]: "red" } })).toEqual(["A", "B"]);
    expect(await found({ attr: { [colour]: "red,blue" } })).toEqual(["A", "B", "C"]);
    expect(await found({ attr: { [colour]: "red", [weight]: "150.." } })).toEqual(["B"]);
    expect(await found({ attr: { [weight]: "..100" } })).toEqual(["A", "C"]);
    expect(await found({ attr: { [weight]: "100..200.5" } })).toEqual(["A", "B"]);
    expect(await found({ attr: { [weight]: "200.5" } })).toEqual(["B"]);
    expect(await found({ attr: { [weight]: "-5..0" } })).toEqual(["C"]);
    expect(await found({ attr: { [day]: "2026-01-02.." } })).toEqual(["C"]);
    expect(await found({ attr: { [author]: "Tolkien\\, J. R. R.,100%_" } })).toEqual(["B", "D"]);
    expect(await found({ attr: { [author]: "%" } })).toEqual([]);
    expect(await found({ brand: brands[0]?.slug })).toEqual(["A", "B"]);
    expect(await found({ brand: brands.map(({ id }) => id).join(",") })).toEqual(["A", "B", "C", "D"]);
    expect(await found({ brand: "no-such-brand" })).toEqual([]);
    expect(await found({ tag: "NEW" })).toEqual(["A", "D"]);
    expect(await found({ tag: "sale", brand: brands[1]?.slug, q: "d", maxPrice: 400 })).toEqual(["D"]);
  });

  test("are counted by facets, whose own choice does not narrow them", async () => {
    const asked = `brand,tag,price,category,attr.${colour},attr.${weight},attr.${day}`;
    const all = await facetsOf({ facets: asked });
    expect(Object.keys(all)).toEqual(asked.split(","));
    expect(all["brand"]?.values.toSorted(byId)).toEqual(
      brands.map(({ slug, name }) => ({ value: slug, label: name, products: 2 })).toSorted(byId),
    );
    expect(counts(all["tag"])).toEqual({ new: 2, sale: 1 });
    expect(all["price"]?.range).toEqual({ lowest: 100, highest: 400 });
    expect(all["category"]?.values.map(({ label, products }) => [label, products])).toEqual([
      ["hats", 2],
      ["shirts", 2],
    ]);
    expect(all[`attr.${colour}`]).toMatchObject({ name: "Colour", isExact: true, range: null });
    expect(all[`attr.${colour}`]?.values).toEqual([
      { value: "blue", label: "Blue", products: 2 },
      { value: "red", label: "Red", products: 2 },
    ]);
    expect(all[`attr.${weight}`]).toMatchObject({
      unit: "g",
      range: { lowest: -5, highest: 200.5 },
      values: [],
    });
    expect(all[`attr.${day}`]?.range).toEqual({ lowest: "2026-01-01", highest: "2026-06-01" });

    const chosen = await facetsOf({ facets: asked, attr: { [colour]: "red" }, minPrice: 150 });
    expect(counts(chosen[`attr.${colour}`])).toEqual({ blue: 2, red: 1 });
    expect(chosen["price"]?.range).toEqual({ lowest: 100, highest: 200 });
    expect(counts(chosen["brand"])).toEqual({ [brands[0]?.slug ?? ""]: 1 });
    expect(chosen["category"]?.values.map(({ label, products }) => [label, products])).toEqual([
      ["shirts", 1],
    ]);
  });

  test("can be asked for over REST, where each attribute is a param", async () => {
    const get = async (query: string, language = "en") => {
      const path = `/api/v1/products?category=${top.slug}&${query}`;
      const answer = await sendHttp(shop.url, {
        method: "GET",
        path,
        headers: { "accept-language": language },
      });
      return { status: answer.status, body: JSON.parse(answer.body) as Record<string, never> };
    };
    const page = await get(`attr.${colour}=red%2Cblue&attr.${weight}=..100&facets=attr.${colour}`, "zh-CN");
    expect(page).toMatchObject({
      status: 200,
      body: { facets: [{ values: [{ label: "Blue" }, { label: "红色" }] }] },
    });
    const fault = (path: string, code: string) => ({
      status: 422,
      body: { errors: [expect.objectContaining({ path, code })] },
    });
    for (const code of ["constructor", hidden])
      expect(await get(`attr.${code}=x`)).toMatchObject(fault(`attr.${code}`, "unknown-field"));
    expect(await get("attr.__proto__=x")).toMatchObject(fault("attr.__proto__", "unknown-field"));
    expect(await get("attr=x")).toMatchObject(fault("attr", "invalid-type"));
    expect(await get("attr.=x")).toMatchObject({ status: 422 });
    expect(await get(`attr.${colour}=red&attr.${colour}=blue`)).toMatchObject(
      fault(`attr.${colour}`, "repeated"),
    );
    expect(await get("brand.x=y")).toMatchObject(fault("brand.x", "unknown-field"));
    for (const range of ["..", "a..b", "1..2..3", "1e9", "0x1"])
      expect(await get(`attr.${weight}=${range}`)).toMatchObject(fault(`attr.${weight}`, "invalid-value"));
    expect(await get("facets=attr.nothing")).toMatchObject(fault("facets", "invalid-value"));
    expect(await get("facets=name")).toMatchObject(fault("facets", "invalid-format"));
  });
});

function byId(one: { value: string }, other: { value: string }): number {
  return one.value < other.value ? -1 : 1;
}
