import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Input } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { dataServices } from "../support/data-services.ts";
import { until } from "../cluster/processes.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const guest: Caller = { kind: "guest" };
const unique = (prefix: string) => `${prefix}-${newId().slice(-12)}`;

let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ services: dataServices });
});
afterAll(() => shop.stop());

const addProduct = (changes: Partial<Input<"catalog.products.create">> = {}) =>
  shop.call("catalog.products.create", {
    slug: unique("pen"),
    name: "Pen",
    status: "published",
    variants: [{ sku: unique("PEN"), priceMinor: 1000 }],
    ...changes,
  });

const addCollection = (changes: Partial<Input<"catalog.collections.create">> = {}) =>
  shop.call("catalog.collections.create", { slug: unique("collection"), name: "Picked", ...changes });

/** Slugs of a collection's products, in its order. */
async function productsOf(collection: string, changes: Partial<Input<"catalog.products.list">> = {}) {
  const request = { collection, sort: "position", limit: 100, ...changes };
  const { items } = await shop.call("catalog.products.list", request, { as: guest });
  return items.map(({ slug }) => slug);
}

async function rebuilt(task: { id: string } | null | undefined): Promise<void> {
  if (!task) throw new Error("there is no task");
  await until(async () => (await shop.call("catalog.tasks.get", { id: task.id })).state === "succeeded");
}

describe("a collection of picked products", () => {
  test("has them in the order of staff, page by page, without drafts", async () => {
    const products = [
      await addProduct(),
      await addProduct({ status: "draft" }),
      await addProduct(),
      await addProduct(),
    ];
    const picked = products.map(({ id }) => id).toReversed();
    const made = await addCollection();
    const collection = await shop.call("catalog.collections.arrange", {
      id: made.id,
      productIds: picked,
      expectedVersion: 1,
    });
    expect(collection.version).toBe(2);
    const slugs = [products[3]?.slug, products[2]?.slug, products[0]?.slug];
    expect(await productsOf(collection.slug)).toEqual(slugs);
    expect(await productsOf(collection.id, { sort: "-position" })).toEqual(slugs.toReversed());
    expect(new Set(await productsOf(collection.id, { sort: "createdAt" }))).toEqual(new Set(slugs));

    const request = { collection: collection.slug, sort: "position", limit: 2, count: true };
    const first = await shop.call("catalog.products.list", request, { as: guest });
    const second = await shop.call(
      "catalog.products.list",
      { ...request, cursor: first.nextCursor ?? "" },
      { as: guest },
    );
    expect([...first.items, ...second.items].map(({ slug }) => slug)).toEqual(slugs);
    expect([first.total, second.nextCursor]).toEqual([3, null]);
    expect(await productsOf(collection.slug, { q: "pen", maxPrice: 1000 })).toEqual(slugs);
    expect(await productsOf(collection.slug, { q: "ink" })).toEqual([]);
  });

  test("loses a removed product, and is not given one that does not exist, twice the same or too many", async () => {
    const [kept, draft] = [await addProduct(), await addProduct({ status: "draft", variants: [] })];
    const { id, slug } = await addCollection();
    const arrange = (productIds: string[], expectedVersion: number) =>
      shop.call("catalog.collections.arrange", { id, productIds, expectedVersion });
    await arrange([draft.id, kept.id], 1);
    await shop.call("catalog.products.remove", { id: draft.id });
    expect(await productsOf(slug)).toEqual([kept.slug]);
    await expect(arrange([newId()], 2)).rejects.toMatchObject({ type: "not-found" });
    await expect(arrange([kept.id, kept.id], 2)).rejects.toMatchObject({ type: "validation-failed" });
    const many = Array.from({ length: 501 }, () => newId());
    await expect(arrange(many, 2)).rejects.toMatchObject({ type: "validation-failed" });
  });

  test("of two arrangements at once, one is refused", async () => {
    const [one, other] = [await addProduct(), await addProduct()];
    const { id, slug } = await addCollection();
    const arrange = (productIds: string[]) =>
      shop.call("catalog.collections.arrange", { id, productIds, expectedVersion: 1 });
    const outcomes = await Promise.allSettled([arrange([one.id, other.id]), arrange([other.id])]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const expected = outcomes[0]?.status === "fulfilled" ? [one.slug, other.slug] : [other.slug];
    expect(await productsOf(slug)).toEqual(expected);
  });

  test("does not become one by rule", async () => {
    const { id } = await addCollection();
    const rule = { match: "all", conditions: [{ on: "price", min: 1 }] } as const;
    await expect(
      shop.call("catalog.collections.update", { id, rule, expectedVersion: 1 }),
    ).rejects.toMatchObject({ type: "illegal-transition" });
    await expect(shop.call("catalog.products.list", { collection: "nowhere" })).rejects.toMatchObject({
      type: "not-found",
    });
  });
});

describe("a collection by rule", () => {
  test("has every product that matches, from before and after, and only while it matches", async () => {
    const brand = await shop.call("catalog.brands.create", { slug: unique("lamy"), name: "Lamy" });
    const before = await addProduct({ brandId: brand.id, tags: ["Sale"] });
    const conditions = [
      { on: "brand", ids: [brand.id] },
      { on: "tag", tags: ["SALE"] },
      { on: "price", max: 1500 },
    ] as const;
    const made = await addCollection({ rule: { match: "all", conditions } });
    await rebuilt(made.task);
    expect(await productsOf(made.slug)).toEqual([before.slug]);

    const after = await addProduct({ brandId: brand.id, tags: ["sale"] });
    expect(await productsOf(made.slug)).toEqual([after.slug, before.slug]);
    const [variant] = after.variants;
    const dearer = { id: variant?.id ?? "", priceMinor: 1501, expectedVersion: 1 };
    await shop.call("catalog.variants.update", dearer);
    expect(await productsOf(made.slug)).toEqual([before.slug]);
    await shop.call("catalog.products.update", { id: before.id, tags: [], expectedVersion: 1 });
    expect(await productsOf(made.slug)).toEqual([]);

    const changed = await shop.call("catalog.collections.update", {
      id: made.id,
      rule: { match: "any", conditions: [{ on: "brand", ids: [brand.id] }] },
      expectedVersion: 1,
    });
    await rebuilt(changed.task);
    expect(await productsOf(made.slug)).toEqual([after.slug, before.slug]);
    const renamed = { id: made.id, name: "All of Lamy", expectedVersion: changed.version };
    expect((await shop.call("catalog.collections.update", renamed)).task).toBeNull();
  });

  test("follows its categories when they move", async () => {
    const add = (parentId: string | null) =>
      shop.call("catalog.categories.create", { slug: unique("c"), name: "C", parentId });
    const [office, garden] = [await add(null), await add(null)];
    const pens = await add(office.id);
    const product = await addProduct({ categoryId: pens.id });
    const rule = { match: "all", conditions: [{ on: "category", ids: [office.id] }] } as const;
    const made = await addCollection({ rule });
    await rebuilt(made.task);
    expect(await productsOf(made.slug)).toEqual([product.slug]);
    const moved = { id: pens.id, parentId: garden.id, expectedVersion: pens.version };
    await shop.call("catalog.categories.update", moved);
    await until(async () => (await productsOf(made.slug)).length === 0);
  });

  test("a rule that changes while products do ends up right, and a removed collection leaves nothing", async () => {
    const tag = unique("t");
    const rule = (other: string) => ({ match: "any", conditions: [{ on: "tag", tags: [other] }] }) as const;
    const made = await addCollection({ rule: rule("none") });
    const removed = await addCollection({ rule: rule(tag) });
    const products = Array.from({ length: 20 }, () => addProduct({ tags: [tag] }));
    const changed = await shop.call("catalog.collections.update", {
      id: made.id,
      rule: rule(tag),
      expectedVersion: 1,
    });
    await shop.call("catalog.collections.remove", { id: removed.id });
    const slugs = (await Promise.all(products)).map(({ slug }) => slug);
    await rebuilt(changed.task);
    expect((await productsOf(made.slug)).toSorted()).toEqual(slugs.toSorted());
    await expect(productsOf(removed.slug)).rejects.toMatchObject({ type: "not-found" });
  });

  test("may match everything", async () => {
    const made = await addCollection({
      rule: { match: "all", conditions: [{ on: "created", since: "1970-01-01T00:00:00.000Z" }] },
    });
    await rebuilt(made.task);
    const all = await shop.call("catalog.products.list", { limit: 100, count: true }, { as: guest });
    expect(await productsOf(made.slug)).toHaveLength(all.items.length);
  });
});

test("after all that, the catalogue is in order", async () => {
  await shop.settled();
  const report = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 0 });
  expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
});
