import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import type { Service } from "moleculer";
import { loadConfig } from "../../config/index.ts";
import type { Database } from "../../mixins/database/database.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import type { Consumer, LockForEvents } from "../../mixins/events/consumer.ts";
import { consume } from "../../mixins/events/consumer.ts";
import type { CatalogDependencies } from "../../services/catalog/catalog.dependencies.ts";
import { catalogDependencies } from "../../services/catalog/catalog.dependencies.ts";
import { lockForEvents } from "../../services/catalog/events/lock-for-events.ts";
import { orderPaid } from "../../services/catalog/events/order-paid.event.ts";
import { ReservationRepository } from "../../services/catalog/data/reservation-repository.ts";
import { StockRepository } from "../../services/catalog/data/stock-repository.ts";
import { settleOverdueReservations } from "../../services/catalog/jobs/settle-overdue-reservations.job.ts";
import type { EventName, EventPayload, Input, Result, TypedCall } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { ShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { observeStatements } from "../../mixins/database/statement-observer.ts";
import { repairDerivedColumns } from "../../services/catalog/jobs/repair-derived-columns.job.ts";
import { runJob } from "../support/run-job.ts";
import { until } from "../cluster/processes.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, operator, startShop } from "../support/shop.ts";
import { recordEvents } from "../support/record-events.ts";

let shop: Shop;
const guest: Caller = { kind: "guest" };
const keeper: Caller = { ...customer(), role: "stock-keeper", permissions: ["stock:write"] };
const clerk: Caller = { ...customer(), role: "merchandiser", permissions: ["catalog:write", "stock:write"] };

/** Published events in order of delivery. */
const published: EventEnvelope[] = [];
const publishedOf = (id: string) =>
  published.filter(({ payload }) => Object.values(payload as Record<string, unknown>).includes(id));

const database = () => (shop.broker.getLocalService("catalog") as Service & { database: Database }).database;

/** Dependencies of a second node. */
function dependencies() {
  const { broker } = shop;
  const log = broker.getLocalService("catalog").logger;
  const config = loadConfig({ RESERVATION_LEASE_SECONDS: "3600" });
  return catalogDependencies({
    broker,
    config,
    database: database(),
    log,
    tasks: new TaskQueue("catalog", database()),
  });
}

beforeAll(async () => {
  shop = await startShop({ services: ["catalog"], env: { RESERVATION_LEASE_SECONDS: "3600" } });
  await recordEvents(shop.broker, ["catalog.changed", "catalog.stock-changed"], (event) =>
    published.push(event),
  );
});
afterAll(() => shop.stop());

const unique = (prefix: string) => `${prefix}-${newId().slice(-12)}`;

async function addProduct(changes: Partial<Input<"catalog.products.create">> = {}) {
  const variants = [{ sku: unique("SKU"), priceMinor: 1000 }];
  const product = {
    slug: unique("product"),
    name: "Thing",
    status: "published" as const,
    variants,
    ...changes,
  };
  return shop.call("catalog.products.create", product, { as: clerk });
}

/** Only variant of a published product, with this much stock. */
async function addVariant(onHand: number, priceMinor = 1000): Promise<string> {
  const product = await addProduct({ variants: [{ sku: unique("SKU"), priceMinor }] });
  const variantId = product.variants[0]?.id ?? "";
  if (onHand > 0) await receive(variantId, onHand);
  return variantId;
}

const receive = (variantId: string, quantity: number) =>
  shop.call(
    "catalog.stock.change",
    { variantId, kind: "receive", quantity, reason: "delivery" },
    { as: keeper },
  );
const stockOf = (variantId: string) => shop.call("catalog.stock.get", { variantId }, { as: keeper });
const reserve = (lines: { variantId: string; quantity: number }[], orderId = newId()) =>
  shop.call("catalog.stock.reserve", { orderId, lines }).then((reserved) => ({ ...reserved, orderId }));
const ledgerOf = async (variantId: string) => {
  const { items } = await shop.call("catalog.stock.movements", { variantId, sort: "at", limit: 100 });
  return items.map(({ kind, quantity }) => `${kind} ${quantity}`);
};

function news<N extends EventName>(name: N, payload: Partial<EventPayload<N>>): EventEnvelope {
  const event = {
    id: newId(),
    name,
    occurredAt: Date.now(),
    actor: { kind: "system", id: "orders" },
    requestId: "test",
    payload,
  };
  return event as unknown as EventEnvelope;
}
/** @returns each event's error, or undefined */
const tell = async (...events: EventEnvelope[]) =>
  (await deliver(shop.broker, events)).map((fault) => fault?.message);

describe("categories", () => {
  const add = (slug: string, parentId: string | null = null) =>
    shop.call("catalog.categories.create", { slug, name: slug, parentId }, { as: clerk });

  test("are found with ancestors and children, and listed parents first", async () => {
    const top = await add(unique("a"));
    const middle = await add(unique("b"), top.id);
    const bottom = await add(unique("c"), middle.id);
    const found = await shop.call("catalog.categories.get", { idOrSlug: middle.slug }, { as: guest });
    expect(found.ancestors.map(({ id }) => id)).toEqual([top.id]);
    expect(found.children).toEqual([bottom]);
    const { items } = await shop.call("catalog.categories.list", { limit: 100 }, { as: guest });
    const ids = items.map(({ id }) => id);
    expect(ids.indexOf(top.id)).toBeLessThan(ids.indexOf(middle.id));
    expect(ids.indexOf(middle.id)).toBeLessThan(ids.indexOf(bottom.id));
    const below = await shop.call("catalog.categories.list", { parent: top.slug, count: true });
    expect(below).toEqual({ items: [middle], nextCursor: null, total: 1 });
  });

  test("cannot share a slug", async () => {
    const first = await add(unique("taken"));
    const taken = { type: "already-exists", data: { errors: [expect.objectContaining({ path: "slug" })] } };
    await expect(add(first.slug)).rejects.toMatchObject(taken);
    const other = await add(unique("other"));
    const change = { id: other.id, slug: first.slug, expectedVersion: 1 };
    await expect(shop.call("catalog.categories.update", change)).rejects.toMatchObject(taken);
  });

  test("move with everything below them, and their products with them", async () => {
    const [from, to] = [await add(unique("from")), await add(unique("to"))];
    const moved = await add(unique("moved"), from.id);
    const leaf = await add(unique("leaf"), moved.id);
    const product = await addProduct({ categoryId: leaf.id });
    const change = { id: moved.id, parentId: to.id, slug: unique("renamed"), expectedVersion: moved.version };
    await shop.call("catalog.categories.update", change);

    const { ancestors } = await shop.call("catalog.categories.get", { idOrSlug: leaf.id });
    expect(ancestors.map(({ id }) => id)).toEqual([to.id, moved.id]);
    const within = async (category: string) => (await shop.call("catalog.products.list", { category })).items;
    expect((await within(to.slug)).map(({ id }) => id)).toEqual([product.id]);
    expect(await within(from.slug)).toEqual([]);

    const toTop = { id: moved.id, parentId: null, expectedVersion: moved.version + 1 };
    expect(await shop.call("catalog.categories.update", toTop)).toMatchObject({ depth: 0, parentId: null });
    expect(await shop.call("catalog.categories.get", { idOrSlug: leaf.id })).toMatchObject({ depth: 1 });
  });

  test("cannot be moved below themselves, nor deeper than the tree may grow", async () => {
    const top = await add(unique("top"));
    const child = await add(unique("child"), top.id);
    for (const parentId of [top.id, child.id])
      await expect(
        shop.call("catalog.categories.update", { id: top.id, parentId, expectedVersion: 1 }),
      ).rejects.toMatchObject({ type: "illegal-transition" });

    let deepest = child;
    while (deepest.depth < 8) deepest = await add(unique("d"), deepest.id);
    await expect(add(unique("d"), deepest.id)).rejects.toMatchObject({
      type: "limit-reached",
      data: { limit: 8 },
    });
    const other = await add(unique("other"));
    await expect(
      shop.call("catalog.categories.update", { id: top.id, parentId: other.id, expectedVersion: 1 }),
    ).rejects.toMatchObject({ type: "limit-reached" });
  });

  test("two moved below each other at once end as a tree", async () => {
    const [a, b] = [await add(unique("a")), await add(unique("b"))];
    const move = (id: string, parentId: string) =>
      shop.call("catalog.categories.update", { id, parentId, expectedVersion: 1 });
    const outcomes = await Promise.allSettled([move(a.id, b.id), move(b.id, a.id)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("are removed only when empty", async () => {
    const parent = await add(unique("parent"));
    const child = await add(unique("child"), parent.id);
    const remove = (id: string) => shop.call("catalog.categories.remove", { id });
    await expect(remove(parent.id)).rejects.toMatchObject({ type: "in-use" });
    const product = await addProduct({ categoryId: child.id });
    await expect(remove(child.id)).rejects.toMatchObject({ type: "in-use" });
    await shop.call("catalog.products.update", { id: product.id, categoryId: null, expectedVersion: 1 });
    await remove(child.id);
    await expect(remove(child.id)).rejects.toMatchObject({ type: "not-found" });
  });
});

describe("products", () => {
  test("are added with their variants, or not at all", async () => {
    const [slug, sku] = [unique("mug"), unique("MUG")];
    const variants = [
      { sku, priceMinor: 1500, options: { colour: "red" } },
      { sku: `${sku}-B`, priceMinor: 900, weightGrams: 300 },
    ];
    const product = await addProduct({ slug, variants });
    expect(product).toMatchObject({ slug, inStock: false, priceFrom: { amount: 900, currency: "GBP" } });
    expect(await shop.call("catalog.products.get", { idOrSlug: slug }, { as: guest })).toEqual(product);

    const again = { slug: unique("other"), variants: [{ sku: unique("NEW"), priceMinor: 1 }, ...variants] };
    await expect(addProduct(again)).rejects.toMatchObject({
      type: "already-exists",
      data: { errors: [{ path: "variants.1.sku" }, { path: "variants.2.sku" }] },
    });
    await expect(shop.call("catalog.products.get", { idOrSlug: again.slug })).rejects.toMatchObject({
      type: "not-found",
    });
    await expect(addProduct({ slug })).rejects.toMatchObject({ data: { errors: [{ path: "slug" }] } });
  });

  test("of one slug, created ten times at once, become one", async () => {
    const slug = unique("race");
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => addProduct({ slug })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("that are drafts or archived are the staff's", async () => {
    const draft = await addProduct({ status: "draft" });
    const variantId = draft.variants[0]?.id ?? "";
    for (const as of [guest, customer(), keeper]) {
      for (const idOrSlug of [draft.id, draft.slug])
        await expect(shop.call("catalog.products.get", { idOrSlug }, { as })).rejects.toMatchObject({
          type: "not-found",
        });
      const hidden = { type: "not-found" };
      await expect(shop.call("catalog.variants.get", { id: variantId }, { as })).rejects.toMatchObject(
        hidden,
      );
      await expect(shop.call("catalog.variants.list", { productId: draft.id }, { as })).rejects.toMatchObject(
        hidden,
      );
      for (const status of ["draft", "archived"] as const)
        await expect(shop.call("catalog.products.list", { status }, { as })).rejects.toMatchObject({
          type: "forbidden",
        });
    }
    expect(await shop.call("catalog.products.get", { idOrSlug: draft.slug }, { as: clerk })).toEqual(draft);
    const { items } = await shop.call(
      "catalog.products.list",
      { status: "draft", limit: 100 },
      { as: clerk },
    );
    expect(items.map(({ id }) => id)).toContain(draft.id);
  });

  test("are changed by one of two who read the same version", async () => {
    const product = await addProduct();
    const rename = (name: string) =>
      shop.call("catalog.products.update", { id: product.id, name, expectedVersion: 1 }, { as: clerk });
    const outcomes = await Promise.allSettled([rename("One"), rename("Two")]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { type: "precondition-failed" },
    });
  });

  test("become drafts no more once they were published", async () => {
    const product = await addProduct();
    const become = (status: "draft" | "archived" | "published", expectedVersion: number) =>
      shop.call("catalog.products.update", { id: product.id, status, expectedVersion });
    await expect(become("draft", 1)).rejects.toMatchObject({
      type: "illegal-transition",
      data: { from: "published", to: "draft" },
    });
    expect(await become("archived", 1)).toMatchObject({ status: "archived", version: 2 });
    expect(await become("published", 2)).toMatchObject({ status: "published", version: 3 });
  });

  test("record what staff changed, before and after", async () => {
    const product = await addProduct({ name: "Before" });
    await shop.call(
      "catalog.products.update",
      { id: product.id, name: "After", expectedVersion: 1 },
      { as: clerk },
    );
    await shop.call(
      "catalog.products.update",
      { id: product.id, name: "After", expectedVersion: 2 },
      { as: clerk },
    );
    await shop.settled();
    const [created, updated, ...more] = publishedOf(product.id).filter(
      ({ name }) => name === "catalog.changed",
    );
    expect(created?.payload).toMatchObject({ entity: "product", change: "created", before: null });
    expect(updated?.payload).toMatchObject({ before: { name: "Before" }, after: { name: "After" } });
    expect(more).toEqual([]);
    expect(created?.actor).toEqual({ kind: "user", id: clerk.kind === "user" ? clerk.userId : "" });
  });

  test("that are drafts can be removed unless they have had stock", async () => {
    const fresh = await addProduct({ status: "draft" });
    await shop.call("catalog.products.remove", { id: fresh.id });
    await expect(
      shop.call("catalog.variants.get", { id: fresh.variants[0]?.id ?? "" }),
    ).rejects.toMatchObject({
      type: "not-found",
    });
    const stocked = await addProduct({ status: "draft" });
    await receive(stocked.variants[0]?.id ?? "", 1);
    const publishedOne = await addProduct();
    for (const { id } of [stocked, publishedOne])
      await expect(shop.call("catalog.products.remove", { id })).rejects.toMatchObject({ type: "in-use" });
  });

  test("are found by the beginnings of words of name, description and SKUs, without regard to accents", async () => {
    // Letters only, so that it is one word.
    const mark = unique("zz").replaceAll(/[-\d]/g, (one) => "ghijklmnop"[Number(one)] ?? "");
    const sku = `${mark}-XL`;
    const product = await addProduct({
      name: `Écru ${mark} jumper`,
      description: "Lambswool",
      variants: [{ sku, priceMinor: 1 }],
    });
    const find = async (q: string) =>
      (await shop.call("catalog.products.list", { q })).items.map(({ id }) => id);
    for (const q of [
      mark,
      `ecru ${mark}`,
      `ÉCR ${mark.toUpperCase()}`,
      `lambs jump ${mark}`,
      sku,
      `"${mark}%`,
    ])
      expect(await find(q)).toEqual([product.id]);
    for (const q of [`${mark} trousers`, `mper ${mark}`, `${mark}xyz`, "'; DROP TABLE products; --", "?!"])
      expect(await find(q)).toEqual([]);

    await shop.call("catalog.products.update", { id: product.id, name: "Plain", expectedVersion: 1 });
    expect(await find(`plain ${sku}`)).toEqual([product.id]);
    expect(await find(`jumper ${mark}`)).toEqual([]);
  });

  test("are filtered by price and stock, sorted and paged without gaps", async () => {
    const { id: categoryId, slug } = await shop.call("catalog.categories.create", {
      slug: unique("c"),
      name: "C",
    });
    const prices = [500, 300, 300, 900, 100];
    const names = ["b", "É", "a", "D", "c"];
    const made: Result<"catalog.products.create">[] = [];
    for (const [index, priceMinor] of prices.entries())
      made.push(
        await addProduct({
          categoryId,
          name: names[index] ?? "",
          variants: [{ sku: unique("S"), priceMinor }],
        }),
      );
    await addProduct({ categoryId, name: "without variants", variants: [] });
    await receive(made[0]?.variants[0]?.id ?? "", 1);

    const list = async (filter: Input<"catalog.products.list">) =>
      (await shop.call("catalog.products.list", { category: slug, ...filter })).items;
    const namesOf = (items: { name: string }[]) => items.map(({ name }) => name);
    expect(namesOf(await list({ minPrice: 0, sort: "price,name" }))).toEqual(["c", "a", "É", "b", "D"]);
    expect(namesOf(await list({ minPrice: 300, maxPrice: 500, sort: "-price" }))[0]).toBe("b");
    expect(namesOf(await list({ inStock: true }))).toEqual(["b"]);
    expect(await list({ inStock: false })).toHaveLength(5);
    expect(namesOf(await list({ sort: "name" }))).toEqual(["a", "b", "c", "D", "É", "without variants"]);
    expect((await list({ sort: "price", limit: 1 }))[0]).toMatchObject({
      name: "without variants",
      priceFrom: null,
    });

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await shop.call("catalog.products.list", {
        category: slug,
        sort: "-price",
        limit: 2,
        cursor,
        count: true,
      });
      expect(page.total).toBe(6);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(6);
    expect(seen).toHaveLength(6);
    await expect(shop.call("catalog.products.list", { cursor: "bm90LWEtY3Vyc29y" })).rejects.toMatchObject({
      type: "validation-failed",
    });
    await expect(shop.call("catalog.products.list", { category: unique("no") })).rejects.toMatchObject({
      type: "not-found",
    });
  });
});

describe("products in stock", () => {
  const stocked = async (slug: string) => (await shop.call("catalog.products.get", { idOrSlug: slug })).id;
  const listed = async (categoryId: string, inStock: boolean) => {
    const { slug } = await shop.call("catalog.categories.get", { idOrSlug: categoryId });
    return (await shop.call("catalog.products.list", { category: slug, inStock, limit: 100 })).items.map(
      ({ id }) => id,
    );
  };
  const misderived = () => dependencies().products.misderived("", 1_000_000);

  test("are those with a variant of which something is on hand, at any moment", async () => {
    const { id: categoryId } = await shop.call("catalog.categories.create", { slug: unique("c"), name: "C" });
    const product = await addProduct({
      categoryId,
      variants: ["A", "B"].map((name) => ({ sku: unique(name), priceMinor: 100 })),
    });
    const [a = "", b = ""] = product.variants.map(({ id }) => id);
    const inStock = async () => {
      const [yes, no] = [await listed(categoryId, true), await listed(categoryId, false)];
      expect([...yes, ...no]).toEqual([await stocked(product.slug)]);
      return yes.length === 1;
    };
    expect(await inStock()).toBe(false);
    await receive(a, 2);
    expect(await inStock()).toBe(true);
    await receive(b, 1);
    const both = await reserve([
      { variantId: a, quantity: 2 },
      { variantId: b, quantity: 1 },
    ]);
    expect(await inStock()).toBe(false);
    await shop.call("catalog.stock.release", { orderId: both.orderId });
    expect(await inStock()).toBe(true);
    const one = await reserve([{ variantId: a, quantity: 2 }]);
    expect(await inStock()).toBe(true);
    await shop.call(
      "catalog.stock.change",
      { variantId: b, kind: "adjust", quantity: -1, reason: "lost" },
      { as: keeper },
    );
    expect(await inStock()).toBe(false);
    await shop.call("catalog.stock.release", { orderId: one.orderId });
    expect(await inStock()).toBe(true);
  });

  test("are so when the last pieces of several variants go at the same moment", async () => {
    const variants = Array.from({ length: 6 }, () => ({ sku: unique("S"), priceMinor: 100 }));
    const product = await addProduct({ variants });
    const ids = product.variants.map(({ id }) => id);
    for (const variantId of ids) await receive(variantId, 1);
    const orders = await Promise.all(ids.map((variantId) => reserve([{ variantId, quantity: 1 }])));
    expect(
      (
        await database().select("SELECT stocked_variants, in_stock FROM products WHERE id = ?", [product.id])
      )[0],
    ).toEqual({ stocked_variants: 0, in_stock: 0 });
    await Promise.all(
      orders.slice(0, 4).map(({ orderId }) => shop.call("catalog.stock.release", { orderId })),
    );
    expect(
      (
        await database().select("SELECT stocked_variants, in_stock FROM products WHERE id = ?", [product.id])
      )[0],
    ).toEqual({ stocked_variants: 4, in_stock: 1 });
    expect((await misderived()).ids).toEqual([]);
  });

  test("are not written to as long as their variants stay in stock", async () => {
    const variantId = await addVariant(10);
    const written: string[] = [];
    const stop = observeStatements(({ sql }) => written.push(sql));
    const { orderId } = await reserve([{ variantId, quantity: 3 }]);
    await shop.call("catalog.stock.release", { orderId });
    stop();
    expect(written.some((sql) => sql.startsWith("UPDATE stock"))).toBe(true);
    expect(written.filter((sql) => sql.includes("UPDATE products"))).toEqual([]);
  });

  test("that nodes of an older version have sold out or repriced get their derived columns anew", async () => {
    const [right, wrong] = [await addProduct(), await addProduct()];
    await receive(wrong.variants[0]?.id ?? "", 1);
    await database().transaction({ actor: { kind: "system" }, requestId: "test" }, async (tx) => {
      await database().execute(
        "UPDATE products SET stocked_variants = 0, in_stock = 0 WHERE id = ?",
        [wrong.id],
        tx,
      );
      await database().execute(
        "UPDATE products SET stocked_variants = 3, in_stock = 1, cheapest_variant_id = NULL WHERE id = ?",
        [right.id],
        tx,
      );
    });
    expect((await misderived()).ids.toSorted()).toEqual([right.id, wrong.id].toSorted());
    await runJob(shop, "catalog", repairDerivedColumns);
    expect((await misderived()).ids).toEqual([]);
  });
});

describe("variants", () => {
  test("set the product's lowest price, and keep its version", async () => {
    const product = await addProduct({ variants: [] });
    expect(product.priceFrom).toBeNull();
    const add = (priceMinor: number) =>
      shop.call("catalog.variants.create", { productId: product.id, sku: unique("S"), priceMinor });
    const [dear, cheap] = [await add(900), await add(400)];
    const listed = async () => (await shop.call("catalog.products.list", { q: cheap.sku })).items[0];
    const cheapest = ({ id }: { id: string }, amount: number, variantCount: number) =>
      expect.objectContaining({
        priceFrom: { amount, currency: "GBP" },
        cheapestVariantId: id,
        variantCount,
      });
    expect(await listed()).toEqual(cheapest(cheap, 400, 2));
    expect(await listed()).toMatchObject({ version: 1 });
    await shop.call("catalog.variants.update", { id: cheap.id, priceMinor: 1200, expectedVersion: 1 });
    expect(await listed()).toEqual(cheapest(dear, 900, 2));
    expect(await shop.call("catalog.products.get", { idOrSlug: product.id })).toEqual(cheapest(dear, 900, 2));
    await shop.call("catalog.variants.remove", { id: dear.id });
    expect(await listed()).toEqual(cheapest(cheap, 1200, 1));
    const { items } = await shop.call("catalog.variants.list", { productId: product.id });
    expect(items.map(({ id }) => id)).toEqual([cheap.id]);
  });

  test.each(["colour", "Größe", "颜色", "サイズ", "اندازه\u200cها", "מידה", "Ring size", "ขนาด", "size-2"])(
    "have options in any script: %s",
    async (name) => {
      const product = await addProduct({
        variants: [{ sku: unique("S"), priceMinor: 1, options: { [name]: "M" } }],
      });
      const read = await shop.call("catalog.products.get", { idOrSlug: product.slug });
      expect(read.variants.map(({ options }) => options)).toEqual([{ [name]: "M" }]);
    },
  );

  test("have one option where its name was written in two ways", async () => {
    const [composed, decomposed] = ["Größe".normalize("NFC"), "Größe".normalize("NFD")];
    expect(composed).not.toBe(decomposed);
    const product = await addProduct({
      variants: [{ sku: unique("S"), priceMinor: 1, options: { [decomposed]: "M" } }],
    });
    expect(product.variants[0]?.options).toEqual({ [composed]: "M" });
  });

  test.each([
    "",
    " colour",
    "colour ",
    "1st",
    "-colour",
    "a=b",
    "a;b",
    "_proto",
    "co\u202elour",
    "x".repeat(41),
  ])("have no option named %j", async (name) => {
    await expect(
      addProduct({
        variants: [{ sku: unique("S"), priceMinor: 1, options: Object.fromEntries([[name, "M"]]) }],
      }),
    ).rejects.toMatchObject({
      type: "validation-failed",
      data: { errors: [{ code: "invalid-key" }] },
    });
  });

  test("cannot share a SKU, and are changed on the version that was read", async () => {
    const product = await addProduct({
      variants: [
        { sku: unique("A"), priceMinor: 1 },
        { sku: unique("B"), priceMinor: 1 },
      ],
    });
    const [a, b] = product.variants;
    if (!a || !b) throw new Error("two variants were made");
    const change = { id: b.id, sku: a.sku, expectedVersion: 1 };
    const taken = { type: "already-exists", data: { errors: [{ path: "sku" }] } };
    await expect(shop.call("catalog.variants.update", change)).rejects.toMatchObject(taken);
    await expect(
      shop.call("catalog.variants.create", { productId: product.id, sku: a.sku, priceMinor: 1 }),
    ).rejects.toMatchObject(taken);
    await expect(
      shop.call("catalog.variants.update", { id: b.id, priceMinor: 2, expectedVersion: 2 }),
    ).rejects.toMatchObject({ type: "precondition-failed" });
  });

  test("are at most a hundred a product, also when added at once", async () => {
    const product = await addProduct({
      variants: Array.from({ length: 98 }, () => ({ sku: unique("S"), priceMinor: 1 })),
    });
    const add = () =>
      shop.call("catalog.variants.create", { productId: product.id, sku: unique("S"), priceMinor: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, add));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { type: "limit-reached" },
    });
  });

  test("that have had stock stay", async () => {
    const variantId = await addVariant(1);
    await expect(shop.call("catalog.variants.remove", { id: variantId })).rejects.toMatchObject({
      type: "in-use",
    });
  });

  test("are looked up for carts all at once, unknown ones left out", async () => {
    const [a, b] = [await addVariant(3, 700), await addVariant(0)];
    const found = await shop.call("catalog.variants.lookup", { ids: [a, b, newId(), a] });
    expect(found).toHaveLength(2);
    expect(found.find(({ variantId }) => variantId === a)).toMatchObject({
      available: 3,
      onSale: true,
      price: { amount: 700, currency: "GBP" },
    });
  });
});

describe("stock", () => {
  test("is received and corrected, and each change is published and in the ledger", async () => {
    const variantId = await addVariant(0);
    await receive(variantId, 10);
    const after = await shop.call(
      "catalog.stock.change",
      { variantId, kind: "adjust", quantity: -3, reason: "broken" },
      { as: keeper },
    );
    expect(after).toEqual({ variantId, onHand: 7, reserved: 0, sold: 0, returned: 0, received: 7 });
    const { items } = await shop.call("catalog.stock.movements", { variantId }, { as: keeper });
    expect(items).toHaveLength(2);
    expect(items.find(({ kind }) => kind === "adjust")).toMatchObject({
      quantity: -3,
      reason: "broken",
      actor: `user:${keeper.kind === "user" ? keeper.userId : ""}`,
    });
    await shop.settled();
    const changes = publishedOf(variantId).filter(({ name }) => name === "catalog.stock-changed");
    expect(changes.at(-1)?.payload).toMatchObject({
      quantity: -3,
      before: { onHand: 10 },
      after: { onHand: 7 },
    });
  });

  test("cannot be corrected below zero on hand, nor by zero", async () => {
    const variantId = await addVariant(5);
    await reserve([{ variantId, quantity: 3 }]);
    const change = (kind: "receive" | "adjust", quantity: number, of = variantId) =>
      shop.call("catalog.stock.change", { variantId: of, kind, quantity, reason: "count" });
    await expect(change("adjust", -3)).rejects.toMatchObject({
      type: "stock-shortage",
      data: { shortages: [{ variantId, requested: 3, available: 2 }] },
    });
    for (const [kind, quantity] of [
      ["adjust", 0],
      ["receive", 0],
      ["receive", -1],
    ] as const)
      await expect(change(kind, quantity)).rejects.toMatchObject({ type: "validation-failed" });
    await expect(change("receive", 1, newId())).rejects.toMatchObject({ type: "not-found" });
    expect(await stockOf(variantId)).toMatchObject({ onHand: 2, reserved: 3 });
  });
});

describe("reserving", () => {
  test("holds all lines at their prices, those of one variant merged, in the order of the request", async () => {
    const [a, b] = [await addVariant(5, 1500), await addVariant(5, 250)];
    const reserved = await reserve([
      { variantId: b, quantity: 1 },
      { variantId: a, quantity: 2 },
      { variantId: b, quantity: 2 },
    ]);
    expect(reserved.lines).toMatchObject([
      { variantId: b, quantity: 3, unitPrice: { amount: 250, currency: "GBP" } },
      { variantId: a, quantity: 2, unitPrice: { amount: 1500 } },
    ]);
    expect(await stockOf(b)).toMatchObject({ onHand: 2, reserved: 3 });
  });

  test("when anything is short, fails with stock-shortage naming all of it and reserves nothing", async () => {
    const [plenty, short] = [await addVariant(9), await addVariant(2)];
    const draft = await addProduct({ status: "draft" });
    const hidden = draft.variants[0]?.id ?? "";
    await receive(hidden, 9);
    const unknown = newId();
    const lines = [short, plenty, unknown, hidden].map((variantId) => ({ variantId, quantity: 3 }));
    const orderId = newId();
    await expect(reserve(lines, orderId)).rejects.toMatchObject({
      type: "stock-shortage",
      data: {
        shortages: [
          { variantId: short, requested: 3, available: 2 },
          { variantId: unknown, requested: 3, available: 0 },
          { variantId: hidden, requested: 3, available: 0 },
        ],
      },
    });
    for (const variantId of [plenty, short, hidden])
      expect(await stockOf(variantId)).toMatchObject({ reserved: 0 });
    // A failed attempt does not affect the next one.
    await reserve([{ variantId: plenty, quantity: 3 }], orderId);
  });

  test("again for the same order returns the first reservation, also at once and after the price changed", async () => {
    const variantId = await addVariant(10, 800);
    const orderId = newId();
    const lines = [{ variantId, quantity: 2 }];
    const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => reserve(lines, orderId)));
    await shop.call("catalog.variants.update", { id: variantId, priceMinor: 999, expectedVersion: 1 });
    for (const again of [...others, await reserve(lines, orderId)]) expect(again).toEqual(first);
    expect(await stockOf(variantId)).toMatchObject({ onHand: 8, reserved: 2 });
    await expect(reserve([{ variantId, quantity: 3 }], orderId)).rejects.toMatchObject({
      type: "illegal-transition",
    });
  });

  test("by 200 at once of something of which there are 50 succeeds for exactly 50", async () => {
    const variantId = await addVariant(50);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () => reserve([{ variantId, quantity: 1 }])),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ type: "stock-shortage" });
    expect(await stockOf(variantId)).toMatchObject({ onHand: 0, reserved: 50, received: 50 });
  });

  test("by many at once, of one thing and of several, twice for some: each has its own outcome and none harms a neighbour", async () => {
    const [hot, one, other] = [await addVariant(50), await addVariant(1000), await addVariant(1000)];
    const unknown = newId();
    const kinds = [
      { lines: [{ variantId: hot, quantity: 1 }], count: 80 },
      {
        lines: [
          { variantId: one, quantity: 2 },
          { variantId: hot, quantity: 1 },
          { variantId: other, quantity: 1 },
        ],
        count: 40,
      },
      {
        lines: [
          { variantId: other, quantity: 1 },
          { variantId: one, quantity: 1 },
        ],
        count: 40,
      },
      {
        lines: [
          { variantId: one, quantity: 1 },
          { variantId: unknown, quantity: 1 },
        ],
        count: 20,
      },
      { lines: [{ variantId: hot, quantity: 51 }], count: 20 },
    ];
    const wanted = kinds.flatMap(({ lines, count }, kind) =>
      Array.from({ length: count }, () => ({ kind, lines, orderId: newId() })),
    );
    const buyers = fc.sample(fc.shuffledSubarray(wanted, { minLength: wanted.length }), 1)[0] ?? [];
    // Every third buyer sends two concurrent requests, like an impatient client.
    const tries = buyers.flatMap((buyer, index) => (index % 3 === 0 ? [buyer, buyer] : [buyer]));
    const answers = await Promise.all(
      tries.map(async (buyer) => {
        const answer = await reserve(buyer.lines, buyer.orderId).catch(
          (error: unknown) => error as ShopError,
        );
        return { ...buyer, answer };
      }),
    );

    const outcomes = new Map<string, string>();
    for (const { orderId, answer } of answers) {
      const outcome = answer instanceof Error ? answer.type : "reserved";
      // Two attempts of one order have equal results, except for shortages.
      if (outcome === "reserved") expect(outcomes.get(orderId) ?? outcome).toBe(outcome);
      outcomes.set(orderId, outcome);
    }
    const served = (kind: number) =>
      buyers.filter((buyer) => buyer.kind === kind && outcomes.get(buyer.orderId) === "reserved").length;
    expect([...new Set(outcomes.values())].toSorted()).toEqual(["reserved", "stock-shortage"]);
    expect(served(0) + served(1)).toBe(50);
    expect([served(2), served(3), served(4)]).toEqual([40, 0, 0]);
    expect(await stockOf(hot)).toMatchObject({ onHand: 0, reserved: 50 });
    expect(await stockOf(one)).toMatchObject({
      onHand: 1000 - 40 - 2 * served(1),
      reserved: 40 + 2 * served(1),
    });
    expect(await stockOf(other)).toMatchObject({ onHand: 1000 - 40 - served(1), reserved: 40 + served(1) });
    for (const { kind, answer } of answers)
      if (answer instanceof Error && kind === 3)
        expect(answer.data).toEqual({ shortages: [{ variantId: unknown, requested: 1, available: 0 }] });
    // The ledger has a row per order and variant, with the customer as actor.
    const rows = await database().select<{ order_id: string; quantity: number }>(
      "SELECT order_id, quantity FROM stock_movements WHERE variant_id = ? AND kind = 'reserve'",
      [hot],
    );
    expect(rows.map(({ quantity }) => quantity)).toEqual(Array.from({ length: 50 }, () => 1));
    expect(new Set(rows.map((row) => row.order_id)).size).toBe(50);
  });

  test("on two nodes at once, for the same orders and in opposite directions, has one outcome", async () => {
    const variants = await Promise.all(Array.from({ length: 20 }, () => addVariant(30)));
    const nodes = [dependencies(), dependencies()];
    const orders = Array.from({ length: 60 }, (_, index) => {
      const lines = variants.map((variantId) => ({ variantId, quantity: 1 }));
      return { orderId: newId(), lines: index % 2 === 0 ? lines : lines.toReversed() };
    });
    const actor = { kind: "operator", id: "test" } as const;
    const request = { deadline: Date.now() + 30_000, actor, settledBy: "orders" } as const;
    const answers = await Promise.all(
      nodes.map(({ reservationBatcher }, node) =>
        Promise.all(
          (node === 0 ? orders : orders.toReversed()).map((order) =>
            reservationBatcher.reserve({ ...order, ...request }),
          ),
        ),
      ),
    );
    const [first = [], second = []] = answers.map((outcomes) => outcomes.map(({ result }) => result));
    expect(first).toEqual(second.toReversed());
    expect(first.filter(({ kind }) => kind === "reserved")).toHaveLength(30);
    for (const variantId of variants) {
      expect(await stockOf(variantId)).toMatchObject({ onHand: 0, reserved: 30 });
      expect((await ledgerOf(variantId)).filter((row) => row === "reserve 1")).toHaveLength(30);
    }
  });

  test("something that the database cannot keep fails alone", async () => {
    const variantId = await addVariant(100);
    const poisoned = newId();
    const insert = Reflect.get(ReservationRepository.prototype, "insert");
    const spoil = jest.spyOn(ReservationRepository.prototype, "insert").mockImplementation(function (
      this: ReservationRepository,
      made,
      now,
      tx,
    ) {
      const status = null as unknown as "held";
      return insert.call(
        this,
        made.map((one) => (one.orderId === poisoned ? { ...one, status } : one)),
        now,
        tx,
      );
    });
    try {
      const orders = Array.from({ length: 20 }, () => newId());
      const ids = [...orders.slice(0, 10), poisoned, ...orders.slice(10)];
      const outcomes = await Promise.allSettled(
        ids.map((orderId) => reserve([{ variantId, quantity: 1 }], orderId)),
      );
      const failed = ids.filter((_id, index) => outcomes[index]?.status === "rejected");
      expect(failed).toEqual([poisoned]);
      expect(await stockOf(variantId)).toMatchObject({ onHand: 80, reserved: 20 });
    } finally {
      spoil.mockRestore();
    }
  });

  test("after its caller has given up holds nothing", async () => {
    const variantId = await addVariant(5);
    const lines = [{ variantId, quantity: 1 }];
    const gate = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
    const inTheWay = database().transaction(origin, async (tx) => {
      await new StockRepository(database()).lock([variantId], tx);
      locked.resolve();
      await gate.promise;
    });
    await locked.promise;
    const meta = { caller: operator };
    const impatient = shop.broker.call(
      "catalog.stock.reserve",
      { orderId: newId(), lines },
      { meta, timeout: 30 },
    );
    await expect(impatient).rejects.toMatchObject({ type: "REQUEST_TIMEOUT" });
    gate.resolve();
    await inTheWay;
    await reserve(lines);
    expect(await stockOf(variantId)).toMatchObject({ onHand: 4, reserved: 1 });
  });

  test("is undone by a release, once, and not for the same order again", async () => {
    const variantId = await addVariant(5);
    const lines = [{ variantId, quantity: 4 }];
    const { orderId } = await reserve(lines);
    const release = () => shop.call("catalog.stock.release", { orderId });
    await Promise.all([release(), release()]);
    expect(await stockOf(variantId)).toMatchObject({ onHand: 5, reserved: 0 });
    await expect(reserve(lines, orderId)).rejects.toMatchObject({
      type: "illegal-transition",
      data: { from: "released" },
    });
    await shop.call("catalog.stock.release", { orderId: newId() });
  });

  test("refuses more of one variant than an order may contain", async () => {
    const variantId = await addVariant(1);
    const lines = Array.from({ length: 2 }, () => ({ variantId, quantity: 1_000_000 }));
    await expect(reserve(lines)).rejects.toMatchObject({ type: "validation-failed" });
  });
});

describe("order events", () => {
  const reserved = async (quantity = 3) => {
    const variantId = await addVariant(10);
    return { variantId, ...(await reserve([{ variantId, quantity }])) };
  };

  test("moves its stock: placed, paid, and back on hand when it is cancelled", async () => {
    const { orderId, variantId } = await reserved();
    expect(await tell(news("orders.placed", { orderId, lines: [] }))).toEqual([undefined]);
    await shop.call("catalog.stock.release", { orderId });
    expect(await stockOf(variantId)).toMatchObject({ onHand: 7, reserved: 3 });
    await tell(news("orders.paid", { orderId }));
    expect(await stockOf(variantId)).toMatchObject({ onHand: 7, reserved: 0, sold: 3 });
    await tell(news("orders.cancelled", { orderId, reason: "changed my mind" }));
    expect(await stockOf(variantId)).toMatchObject({ onHand: 10, sold: 3, returned: 3, received: 10 });
    expect(await ledgerOf(variantId)).toEqual(["receive 10", "reserve 3", "sell 3", "return 3"]);
  });

  test("unpaid stock is released when its order expires or is cancelled, even before orders.placed arrives", async () => {
    for (const undone of ["orders.expired", "orders.cancelled"] as const) {
      const { orderId, variantId } = await reserved();
      const end = news(undone, { orderId, ...(undone === "orders.cancelled" ? { reason: "late" } : {}) });
      expect(await tell(end)).toEqual([undefined]);
      expect(await tell(news("orders.placed", { orderId, lines: [] }), end)).toEqual([undefined, undefined]);
      expect(await stockOf(variantId)).toMatchObject({ onHand: 10, reserved: 0, sold: 0, received: 10 });
    }
  });

  test("has its effect once, however often an event is delivered", async () => {
    const { orderId, variantId } = await reserved();
    const paid = news("orders.paid", { orderId });
    await tell(paid, paid);
    await Promise.all([tell(paid), tell(paid), tell(news("orders.paid", { orderId }))]);
    expect(await stockOf(variantId)).toMatchObject({ reserved: 0, sold: 3 });
    const back = news("orders.returned", {
      orderId,
      lines: [{ variantId, quantity: 1 }],
      restocked: true,
      reason: "big",
    });
    await tell(back);
    await tell(back);
    expect(await stockOf(variantId)).toMatchObject({ onHand: 8, returned: 1 });
  });

  test("brings goods back: on hand, or written off", async () => {
    const { orderId, variantId } = await reserved();
    const back = (quantity: number, restocked: boolean) =>
      news("orders.returned", { orderId, lines: [{ variantId, quantity }], restocked, reason: "wrong size" });
    const early = back(2, true);
    expect(await tell(early)).toEqual([expect.stringContaining("only held")]);
    await tell(news("orders.paid", { orderId }));
    expect(await tell(early)).toEqual([undefined]);
    expect(await stockOf(variantId)).toMatchObject({ onHand: 9, returned: 2, received: 10 });
    await tell(back(1, false));
    expect(await stockOf(variantId)).toMatchObject({ onHand: 9, sold: 3, returned: 3, received: 9 });
    expect((await ledgerOf(variantId)).slice(-2).toSorted()).toEqual(["adjust -1", "return 1"]);
    expect(await tell(back(1, true))).toEqual([expect.stringContaining("more of variant")]);
  });

  test("is refused when its stock was given away, and does not hold up other orders", async () => {
    const [lost, fine] = [await reserved(), await reserved()];
    await shop.call("catalog.stock.release", { orderId: lost.orderId });
    const outcomes = await tell(
      news("orders.placed", { orderId: lost.orderId, lines: [] }),
      news("orders.paid", { orderId: fine.orderId }),
      news("orders.placed", { orderId: newId(), lines: [] }),
    );
    expect(outcomes).toEqual([
      expect.stringContaining("its stock is released"),
      undefined,
      expect.stringContaining("has no reservation"),
    ]);
    expect(await stockOf(fine.variantId)).toMatchObject({ sold: 3 });
  });

  test("events are consumed in batches on two nodes without deadlocks", async () => {
    const variants = await Promise.all([addVariant(100), addVariant(100), addVariant(100)]);
    const buy = async (variantId: string | undefined) =>
      (await reserve([{ variantId: variantId ?? "", quantity: 1 }])).orderId;
    // Concurrent batches with different orders of variants.
    const batches = await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const order = index % 2 === 0 ? variants : variants.toReversed();
        const bought: string[] = [];
        for (let count = 0; count < 2; count += 1)
          for (const variantId of order) bought.push(await buy(variantId));
        return bought.map((orderId) => news("orders.paid", { orderId }));
      }),
    );
    let begun = 0;
    const counting: LockForEvents<CatalogDependencies> = async (...args) => {
      begun += 1;
      await lockForEvents(...args);
    };
    const outcomes = await Promise.all(
      batches.map((batch) =>
        consume(database(), [orderPaid as Consumer<CatalogDependencies>], dependencies(), batch, counting),
      ),
    );
    expect(outcomes.flat().filter(Boolean)).toEqual([]);
    // No transaction was retried because of another.
    expect(begun).toBe(batches.length);
    for (const variantId of variants)
      expect(await stockOf(variantId)).toMatchObject({ onHand: 68, reserved: 0, sold: 32 });
  });

  test("decides about leases that ran out", async () => {
    const [placed, abandoned, lasting] = [await reserved(), await reserved(), await reserved()];
    const asked: string[] = [];
    const answer = (_name: string, { orderIds }: { orderIds: string[] }) => {
      asked.push(...orderIds);
      return Promise.resolve(
        orderIds.map((orderId) => ({
          orderId,
          outcome: orderId === abandoned.orderId ? "abandoned" : "placed",
        })),
      );
    };
    const { broker } = shop;
    const log = broker.getLocalService("catalog").logger;
    const run = (now: number) =>
      settleOverdueReservations.run(
        {
          now,
          log,
          call: answer as unknown as TypedCall,
          transaction: (work) =>
            database().transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, work),
        },
        dependencies(),
      );

    await run(Date.now());
    expect(asked).toEqual([]);
    await shop.call("catalog.stock.release", { orderId: lasting.orderId });
    await run(Date.parse(placed.leaseUntil) + 3_600_000);
    expect(asked).toEqual(expect.arrayContaining([placed.orderId, abandoned.orderId]));
    expect(asked).not.toContain(lasting.orderId);
    expect(await stockOf(placed.variantId)).toMatchObject({ onHand: 7, reserved: 3 });
    expect(await stockOf(abandoned.variantId)).toMatchObject({ onHand: 10, reserved: 0 });
    asked.length = 0;
    await run(Date.parse(placed.leaseUntil) + 3_600_000);
    expect(asked).toEqual([]);
  });
});

test("any mixture of buying, paying, cancelling and returning at once leaves every account right", async () => {
  const step = fc.record({
    quantity: fc.integer({ min: 1, max: 4 }),
    events: fc.shuffledSubarray(["placed", "paid", "cancelled", "returned", "written-off"] as const),
    released: fc.boolean(),
  });
  const run = async (steps: { quantity: number; events: string[]; released: boolean }[]) => {
    const variants = [await addVariant(12), await addVariant(12)];
    await Promise.all(
      steps.map(async ({ quantity, events, released }) => {
        const orderId = newId();
        const lines = variants.map((variantId) => ({ variantId, quantity }));
        if (!(await reserve(lines, orderId).catch(() => undefined))) return;
        if (released) await shop.call("catalog.stock.release", { orderId });
        for (const event of events) {
          const restocked = event === "returned";
          if (restocked || event === "written-off")
            await tell(news("orders.returned", { orderId, lines, restocked, reason: "back" }));
          else if (event === "placed") await tell(news("orders.placed", { orderId, lines: [] }));
          else if (event === "paid") await tell(news("orders.paid", { orderId }));
          else await tell(news("orders.cancelled", { orderId, reason: "no" }));
        }
      }),
    );
    for (const variantId of variants) {
      const { onHand, reserved, sold, returned, received } = await stockOf(variantId);
      expect(onHand + reserved + sold - returned).toBe(received);
      for (const level of [onHand, reserved, sold, returned, received])
        expect(level).toBeGreaterThanOrEqual(0);
      const effects = { receive: 1, adjust: 1, reserve: -1, release: 1, sell: 0, return: 1 } as const;
      const { items } = await shop.call("catalog.stock.movements", { variantId, limit: 100 });
      expect(items.reduce((sum, { kind, quantity }) => sum + effects[kind] * quantity, 0)).toBe(onHand);
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), run), { numRuns: 15 });
});

test("demonstration products are added once, also when two nodes start at once", async () => {
  const media = await mkdtemp(join(tmpdir(), "shop-media-"));
  const empty = await startShop({ services: ["catalog"], env: { MEDIA_DIRECTORY: media } });
  try {
    const outcomes = await Promise.all([1, 2].map(() => empty.call("catalog.demo.seed", {})));
    expect(outcomes.filter(({ products }) => products > 0)).toHaveLength(1);
    expect(await empty.call("catalog.demo.seed", {})).toEqual({ products: 0 });
    const { total } = await empty.call("catalog.products.list", {
      category: "kitchen",
      inStock: true,
      count: true,
    });
    expect(total).toBeGreaterThan(10);
    // Guests may read from a replica, with lag.
    const found = async () =>
      (await empty.call("catalog.products.list", { q: "jumper-ecru" }, { as: guest })).items;
    await until(async () => (await found()).length > 0);
    expect(await found()).toMatchObject([{ slug: "fishermans-jumper", inStock: true }]);
    await addMall(empty);
  } finally {
    await empty.stop();
    await rm(media, { recursive: true, force: true });
  }
});

/** Beside the small catalogue, which every new shop has; a second time adds nothing. */
async function addMall(shop: Shop): Promise<void> {
  const seed = async () => {
    const { task } = await shop.call("catalog.demo.mall", { pictures: 2 });
    const state = () => shop.call("catalog.tasks.get", { id: task?.id ?? "" });
    await until(async () => (await state()).finishedAt !== null);
    return (await state()).result;
  };
  const first = await seed();
  expect(first?.["products"]).toBeGreaterThan(200);
  expect(await seed()).toEqual({ products: 0 });
  const phone = await shop.call("catalog.products.get", { idOrSlug: "lumora-nova-3-smartphone" });
  expect(phone).toMatchObject({ brand: { slug: "lumora" }, status: "published", inStock: true });
  expect(phone.attributes).toContainEqual(expect.objectContaining({ code: "screen_size", value: 6.1 }));
  const { items: pictures } = await shop.call("catalog.products.images.list", { id: phone.id });
  expect(pictures).toMatchObject([
    { width: 640, alt: { en: phone.name, ja: "Lumora Nova 3 スマートフォン" } },
  ]);
  const { texts } = await shop.call("catalog.products.texts", { id: phone.id });
  expect(texts).toMatchObject({ "zh-CN": { name: "Lumora Nova 3 智能手机" } });

  await shop.call("catalog.products.create", { slug: "own", name: "Own" });
  expect(await shop.call("catalog.demo.mall", {})).toEqual({ task: null });
}
