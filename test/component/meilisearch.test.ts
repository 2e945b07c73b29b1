/** @embedded What is asked of Meilisearch is the same in both shapes. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import { loadConfig } from "../../config/index.ts";
import type { Database } from "../../mixins/database/database.ts";
import { feedSearchEngine } from "../../services/catalog/jobs/feed-search-engine.job.ts";
import { BuiltInSearch } from "../../services/catalog/search/built-in-search.ts";
import { ExternalSearch } from "../../services/catalog/search/external-search.ts";
import { MeilisearchIndex } from "../../services/catalog/search/meilisearch-index.ts";
import { fakeKey, FakeMeilisearch } from "../support/fake-meilisearch.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const live = "shop_products";
const server = new FakeMeilisearch();
let shop: Shop;
let brandId: string;

beforeAll(async () => {
  await server.start();
  shop = await startShop({
    services: ["catalog"],
    // The test runs the job itself.
    env: { ...server.env, LOCALES: "en,zh-CN", SWEEP_INTERVAL_SECONDS: "3600", DEMO_DATA: "false" },
  });
  brandId = (await shop.call("catalog.brands.create", { slug: "acme", name: "Acme" })).id;
  await add("mug", "Stoneware mug", { brandId });
  await add("cup", "Cup", { description: "Smaller than a mug", texts: { "zh-CN": { name: "杯子" } } });
  await rebuilt();
});
afterEach(() => {
  server.hangs = false;
  server.onSwap = () => {};
});
afterAll(async () => {
  await shop?.stop();
  await server.stop();
});

async function add(slug: string, name: string, more: object = {}) {
  const variants = [{ sku: `SKU-${slug}`, priceMinor: 500 }];
  return shop.call("catalog.products.create", { slug, name, status: "published", variants, ...more });
}

async function rebuilt(): Promise<void> {
  await finished((await shop.call("catalog.search-index.rebuild", {})).task.id);
}

async function finished(id: string): Promise<void> {
  for (;;) {
    const { state, error } = await shop.call("catalog.tasks.get", { id });
    if (state === "succeeded") return;
    if (state === "failed") throw new Error(error?.message);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function fed(): Promise<void> {
  await shop.settled();
  await runJob(shop, "catalog", feedSearchEngine);
}

async function slugsFor(q: string, more: object = {}): Promise<string[]> {
  return (await shop.call("catalog.products.list", { q, ...more })).items.map(({ slug }) => slug);
}

/** An engine of its own, with its own circuit breaker, and what it logs. */
function engineOf({ key = fakeKey, timeoutMs = 300 }: { key?: string; timeoutMs?: number }) {
  const { database } = shop.broker.getLocalService("catalog") as Service & { database: Database };
  const logged: string[] = [];
  const log = { ...shop.broker.logger, error: (line: string) => void logged.push(line) };
  const index = new MeilisearchIndex({ url: server.url, key, timeoutMs }, "shop", ["en", "zh-CN"]);
  return { engine: new ExternalSearch(index, new BuiltInSearch(database), database, log), logged };
}

const everything = {
  status: "published",
  category: undefined,
  collectionId: undefined,
  minPrice: undefined,
  maxPrice: undefined,
  inStock: undefined,
  facets: [],
} as const;

test("Meilisearch ranks, the database filters", async () => {
  const before = server.searches.length;
  expect(await slugsFor("mug")).toEqual(["mug", "cup"]);
  expect(await slugsFor("mug", { brand: "acme" })).toEqual(["mug"]);
  expect(await slugsFor("mug", { maxPrice: 499 })).toEqual([]);
  expect(await slugsFor("mug", { sort: "-createdAt" })).toEqual(["cup", "mug"]);
  expect(await slugsFor("杯子")).toEqual(["cup"]);
  expect(await slugsFor("unknown", { sort: "-createdAt" })).toEqual([]);
  expect(server.searches.length).toBeGreaterThan(before);
});

test("changes reach the index, whatever Meilisearch missed", async () => {
  const { id } = await add("kettle", "Kettle");
  await server.stop();
  await shop.settled();
  await expect(runJob(shop, "catalog", feedSearchEngine)).rejects.toThrow("Meilisearch failed");
  await server.start();
  await fed();
  expect(server.indexes.get(live)?.documents.get(id)).toMatchObject({ name_en: ["Kettle"] });

  const { items } = await shop.call("catalog.variants.list", { productId: id });
  await shop.call("catalog.variants.update", { id: items[0]?.id ?? "", sku: "KET-1", expectedVersion: 1 });
  await shop.call("catalog.products.update", { id, status: "archived", expectedVersion: 1 });
  await fed();
  expect(server.indexes.get(live)?.documents.get(id)).toMatchObject({ status: "archived", skus: ["KET-1"] });

  const draft = await shop.call("catalog.products.create", { slug: "draft", name: "Draft", status: "draft" });
  await fed();
  expect(server.indexes.get(live)?.documents.has(draft.id)).toBe(true);
  await shop.call("catalog.products.remove", { id: draft.id });
  await fed();
  expect(server.indexes.get(live)?.documents.has(draft.id)).toBe(false);
});

test("a new index gets what changed while it was built; searches have answers before and after the swap", async () => {
  const { id } = await add("jug", "Jug");
  await fed();
  const searches: Promise<string[]>[] = [];
  server.onSwap = (name) => {
    // As if the build had read the product before it was changed.
    server.indexes.get(live)?.documents.delete(id);
    expect(name).toMatch(/^shop_products_v1_\d+_/);
    searches.push(slugsFor("mug"));
  };
  searches.push(slugsFor("mug"));
  await rebuilt();
  for (const found of await Promise.all(searches)) expect(found).toEqual(["mug", "cup"]);
  expect(server.indexes.get(live)?.documents.has(id)).toBe(false);
  await fed();
  expect(server.indexes.get(live)?.documents.has(id)).toBe(true);
});

test("two rebuilds at once leave one complete index", async () => {
  await Promise.all([rebuilt(), rebuilt()]);
  expect([...server.indexes.keys()]).toEqual([live]);
  await fed();
  expect(await slugsFor("mug")).toEqual(["mug", "cup"]);
});

test("renaming a brand rebuilds the index", async () => {
  const swapped = new Promise<void>((resolve) => (server.onSwap = () => resolve()));
  await shop.call("catalog.brands.update", { id: brandId, name: "Zenith", expectedVersion: 1 });
  await swapped;
  const { items } = await shop.call("catalog.tasks.list", { kind: "rebuild-search-index" });
  await Promise.all(items.map(({ id }) => finished(id)));
  expect(await slugsFor("zenith")).toEqual(["mug"]);
});

test("while Meilisearch hangs, the built-in engine answers; after three searches nothing waits for it", async () => {
  const { engine, logged } = engineOf({ timeoutMs: 50 });
  server.hangs = true;
  for (let search = 0; search < 5; search += 1)
    expect((await engine.find("stoneware", everything)).productIds).toHaveLength(1);
  expect(logged).toHaveLength(3);
  expect(logged[0]).toContain("timeout");
});

test("with a wrong key the built-in engine answers, and the log names the setting", async () => {
  const { engine, logged } = engineOf({ key: "wrong" });
  expect((await engine.find("stoneware", everything)).productIds).toHaveLength(1);
  expect(logged).toEqual([
    "the built-in search answers instead: Meilisearch failed: it refuses MEILISEARCH_KEY (invalid_api_key)",
  ]);
});

test("Meilisearch needs its URL", () => {
  expect(() => loadConfig({ SEARCH_ENGINE: "meilisearch" })).toThrow(
    "MEILISEARCH_URL is required when SEARCH_ENGINE=meilisearch",
  );
});
