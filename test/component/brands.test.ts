import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Input } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { sendHttp } from "../support/http.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const guest: Caller = { kind: "guest" };
const unique = (prefix: string) => `${prefix}-${newId().slice(-12)}`;

let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ services: ["api", "users", "catalog"] });
});
afterAll(() => shop.stop());

const read = (path: string, headers: Record<string, string> = {}) =>
  sendHttp(shop.url, { method: "GET", path: `/api/v1${path}`, headers });

const addBrand = (changes: Partial<Input<"catalog.brands.create">> = {}) =>
  shop.call("catalog.brands.create", { slug: unique("brand"), name: "Lamy", ...changes });

const addProduct = (changes: Partial<Input<"catalog.products.create">> = {}) =>
  shop.call("catalog.products.create", {
    slug: unique("pen"),
    name: "Pen",
    status: "published",
    ...changes,
  });

const rename = ({ id, version }: { id: string; version: number }, slug: string) =>
  shop.call("catalog.products.update", { id, slug, expectedVersion: version });

describe("brands", () => {
  test("are shown by their products, in lists and alone", async () => {
    const brand = await addBrand({ seo: { title: "Pens by Lamy" } });
    const shown = { id: brand.id, slug: brand.slug, name: "Lamy" };
    const word = unique("word").replace("-", "");
    const product = await addProduct({ brandId: brand.id, name: word });
    expect(product.brand).toEqual(shown);
    expect(await shop.call("catalog.products.get", { idOrSlug: product.slug }, { as: guest })).toEqual(
      product,
    );
    const { items } = await shop.call("catalog.products.list", { q: word }, { as: guest });
    expect(items.map((item) => item.brand)).toEqual([shown]);
    expect(JSON.parse((await read(`/brands/${brand.slug}`)).body)).toEqual(brand);

    const { version } = await shop.call("catalog.products.get", { idOrSlug: product.id });
    const changed = { id: product.id, brandId: null, expectedVersion: version };
    expect((await shop.call("catalog.products.update", changed)).brand).toBeNull();
  });

  test("are listed by name, whatever their script", async () => {
    const names = ["Zebra", "élan", "百乐"];
    const brands = await Promise.all(names.map((name) => addBrand({ name })));
    const { items } = await shop.call("catalog.brands.list", { limit: 100 }, { as: guest });
    const ids = new Set(brands.map(({ id }) => id));
    expect(items.filter(({ id }) => ids.has(id)).map(({ name }) => name)).toEqual(["élan", "Zebra", "百乐"]);
  });

  test("cannot be removed while a product has them, nor given to a product after that", async () => {
    const brand = await addBrand();
    const product = await addProduct({ brandId: brand.id, status: "draft" });
    await expect(shop.call("catalog.brands.remove", { id: brand.id })).rejects.toMatchObject({
      type: "in-use",
    });
    await shop.call("catalog.products.remove", { id: product.id });
    await shop.call("catalog.brands.remove", { id: brand.id });
    await expect(addProduct({ brandId: brand.id })).rejects.toMatchObject({ type: "not-found" });
  });

  test("removing a brand and giving it to products at the same time leaves no product with a brand that is gone", async () => {
    const brand = await addBrand();
    const attempts = await Promise.allSettled([
      addProduct({ brandId: brand.id }),
      shop.call("catalog.brands.remove", { id: brand.id }),
      addProduct({ brandId: brand.id }),
    ]);
    const removed = attempts[1]?.status === "fulfilled";
    for (const attempt of [attempts[0], attempts[2]])
      expect(attempt?.status).toBe(removed ? "rejected" : "fulfilled");
  });
});

describe("tags and texts for search engines", () => {
  test("tags are the same however they are written, and each once", async () => {
    const product = await addProduct({ tags: ["New", "ＮＥＷ", " new ", "हिन्दी", "新品"] });
    expect(product.tags).toEqual(["new", "हिन्दी", "新品"]);
    const tags = Array.from({ length: 21 }, (_, index) => `t${index}`);
    await expect(addProduct({ tags })).rejects.toMatchObject({ type: "validation-failed" });
    const { tags: changed } = await shop.call("catalog.products.update", {
      id: product.id,
      tags: ["sale"],
      expectedVersion: product.version,
    });
    expect(changed).toEqual(["sale"]);
  });

  test("products and categories keep the title and description that they are given", async () => {
    const seo = { title: "The best pen", description: "Writes 🖊️ and writes" };
    expect((await addProduct({ seo })).seo).toEqual(seo);
    const category = await shop.call("catalog.categories.create", {
      slug: unique("pens"),
      name: "Pens",
      seo,
    });
    const emptied = { id: category.id, seo: {}, expectedVersion: category.version };
    expect(category.seo).toEqual(seo);
    expect((await shop.call("catalog.categories.update", emptied)).seo).toEqual({});
  });
});

describe("a former slug", () => {
  test("is answered with 301 to the present one, however often it was renamed, which caches keep for a minute", async () => {
    const [first, second, third] = [unique("a"), unique("b"), unique("c")];
    const product = await addProduct({ slug: first });
    await rename(await rename(product, second), third);
    for (const former of [first, second]) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await sendHttp(shop.url, { method, path: `/api/v1/products/${former}` });
        expect([answer.status, answer.headers.get("location"), answer.headers.get("cache-control")]).toEqual([
          301,
          `/api/v1/products/${third}`,
          "public, max-age=60",
        ]);
      }
      expect((await read(`/products/${former}`, { "if-none-match": "*" })).status).toBe(301);
    }
    expect((await read(`/products/${third}`)).status).toBe(200);
  });

  test("of categories and brands too, and a list of products of a former category", async () => {
    const category = await shop.call("catalog.categories.create", { slug: unique("old"), name: "Pens" });
    const product = await addProduct({ categoryId: category.id });
    const renamed = { id: category.id, slug: unique("new"), expectedVersion: category.version };
    await shop.call("catalog.categories.update", renamed);
    const brand = await addBrand();
    const newBrand = { id: brand.id, slug: unique("new"), expectedVersion: brand.version };
    await shop.call("catalog.brands.update", newBrand);
    expect((await read(`/categories/${category.slug}`)).headers.get("location")).toBe(
      `/api/v1/categories/${renamed.slug}`,
    );
    expect((await read(`/brands/${brand.slug}`)).headers.get("location")).toBe(
      `/api/v1/brands/${newBrand.slug}`,
    );
    const listed = await shop.call("catalog.products.list", { category: category.slug }, { as: guest });
    expect(listed.items.map(({ id }) => id)).toEqual([product.id]);
  });

  test("can be taken by another product, and then leads nowhere else", async () => {
    const slug = unique("pen");
    const former = await addProduct({ slug });
    await rename(former, unique("pen"));
    expect((await read(`/products/${slug}`)).status).toBe(301);
    const heir = await addProduct({ slug });
    const found = await read(`/products/${slug}`);
    expect([found.status, (JSON.parse(found.body) as { id: string }).id]).toEqual([200, heir.id]);
    const moved = await rename(heir, unique("pen"));
    expect((await read(`/products/${slug}`)).headers.get("location")).toBe(`/api/v1/products/${moved.slug}`);
  });

  test("is back in use when its product is renamed back", async () => {
    const product = await addProduct();
    const there = await rename(product, unique("pen"));
    await rename(there, product.slug);
    expect((await read(`/products/${product.slug}`)).status).toBe(200);
    expect((await read(`/products/${there.slug}`)).headers.get("location")).toBe(
      `/api/v1/products/${product.slug}`,
    );
  });

  test("of a product that is gone or hidden is not found", async () => {
    const draft = await addProduct({ status: "draft" });
    const renamed = await rename(draft, unique("secret"));
    expect((await read(`/products/${draft.slug}`)).status).toBe(404);
    await expect(shop.call("catalog.products.get", { idOrSlug: draft.slug })).rejects.toMatchObject({
      type: "moved",
      data: { idOrSlug: renamed.slug },
    });
    await shop.call("catalog.products.remove", { id: draft.id });
    await expect(shop.call("catalog.products.get", { idOrSlug: draft.slug })).rejects.toMatchObject({
      type: "not-found",
    });
  });

  test("two products that exchange their slugs at the same time keep one each, and no redirect of a slug in use", async () => {
    const [one, other] = [await addProduct(), await addProduct()];
    await Promise.allSettled([rename(one, other.slug), rename(other, one.slug)]);
    const parked = await rename(one, unique("pen"));
    const both = await Promise.allSettled([rename(parked, other.slug), rename(other, one.slug)]);
    expect(both.map(({ status }) => status)).toContain("fulfilled");
    for (const { id } of [one, other]) {
      const { slug } = await shop.call("catalog.products.get", { idOrSlug: id });
      const found = await read(`/products/${slug}`);
      expect([found.status, (JSON.parse(found.body) as { id: string }).id]).toEqual([200, id]);
    }
  });
});
