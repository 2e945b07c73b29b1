import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import type { Shop } from "../support/shop.ts";
import { loadConfig } from "../../config/index.ts";
import { createNode } from "../../services/node/create-node.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import { operator, startShop } from "../support/shop.ts";

const credentials = { email: "admin@shop.example", password: "a long enough one" };
const texts = {
  "zh-TW": { name: "馬克杯", description: "白色" },
  "zh-CN": { name: "马克杯" },
  ja: { name: "マグカップ", description: "白い" },
};

describe("a shop in several languages", () => {
  let directory: string;
  let shop: Shop;
  let staff: Record<string, string>;
  let mug: Result<"catalog.products.create">;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "languages-"));
    shop = await startShop({ env: { DATA_DIR: directory, LOCALES: "en,zh-TW,zh-CN,ja" } });
    await shop.call("users.administrator.ensure", credentials);
    const { accessToken } = await shop.call("users.login", credentials);
    staff = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
    mug = await newProduct();
  });
  afterAll(async () => {
    await shop?.stop();
    await rm(directory, { recursive: true });
  });

  const newProduct = () =>
    shop.call("catalog.products.create", {
      slug: `mug-${newId()}`,
      name: "Mug",
      description: "White",
      status: "published",
      variants: [{ sku: newId(), priceMinor: 500 }],
      texts,
    });

  async function send(method: string, path: string, headers: Record<string, string>, body?: object) {
    const answer = await fetch(`${shop.url}/api/v1${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      // oxlint-disable-next-line no-unsafe-type-assertion
      body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  }

  /** By `node:http`: fetch adds an `Accept-Language` of its own. */
  const get = (path: string, acceptLanguage?: string, more: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: Record<string, unknown> }>(
      (resolve, reject) => {
        const headers = {
          ...more,
          ...(acceptLanguage === undefined ? {} : { "accept-language": acceptLanguage }),
        };
        request(`${shop.url}/api/v1${path}`, { headers }, (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (part: string) => (text += part));
          answer.on("end", () => {
            const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
          });
        })
          .on("error", reject)
          .end();
      },
    );

  test.each([
    [undefined, "en", "Mug", "White"],
    ["fr-FR, fr;q=0.9", "en", "Mug", "White"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "马克杯", "白色"],
    ["zh-Hant", "zh-TW", "馬克杯", "白色"],
    ["ja-JP", "ja", "マグカップ", "白い"],
  ])(
    "%s gets %s, with fields that it lacks from where they are",
    async (accepted, locale, name, description) => {
      for (let time = 0; time < 2; time += 1) {
        const { headers, body } = await get(`/products/${mug.slug}`, accepted);
        expect(body).toMatchObject({ id: mug.id, name, description });
        expect(headers).toMatchObject({
          "content-language": locale,
          vary: "Authorization, Accept-Language",
        });
      }
    },
  );

  test("the query outranks the header, names the shop's own locales only, and only where there are texts", async () => {
    const path = `/products/${mug.slug}`;
    expect((await get(`${path}?locale=ja`, "zh-CN")).body).toMatchObject({ name: "マグカップ" });
    expect((await get(`${path}?locale=en`, "zh-CN")).body).toMatchObject({ name: "Mug" });
    expect((await get(`${path}?locale=JA`)).headers).toMatchObject({ "content-language": "ja" });
    for (const locale of ["fr", "zh", "", "%00", "ja&locale=ja", "*", "x".repeat(900)])
      expect((await get(`${path}?locale=${locale}`, "ja")).status).toBe(422);
    expect((await get(`/variants/${mug.variants[0]?.id}?locale=ja`)).status).toBe(422);
    expect((await get(`/variants/${mug.variants[0]?.id}`, "ja")).headers).not.toHaveProperty(
      "content-language",
    );
  });

  test.each([
    "ja".repeat(4000),
    ",".repeat(8000),
    "a-".repeat(3000),
    "ja;q=0.1,".repeat(500),
    "ja;q=7",
    "\u00ff",
  ])("a hostile Accept-Language is as good as none", async (accepted) => {
    expect(await get(`/products/${mug.slug}`, accepted)).toMatchObject({ status: 200 });
  });

  test("answers of one language are never given in another, however they are asked for at once", async () => {
    const { id, slug } = await newProduct();
    const names = { en: "Mug", "zh-CN": "马克杯", ja: "マグカップ" };
    for (let version = 1; version <= 5; version += 1) {
      const asked = Array.from(
        { length: 30 },
        (_none, index) => Object.entries(names)[index % 3] ?? ["", ""],
      );
      const got = await Promise.all(asked.map(([locale]) => get(`/products/${slug}`, locale)));
      expect(got.map(({ body }) => body.name)).toEqual(asked.map(([, name]) => name));
      names.ja = `マグ ${version}`;
      const changed = { ...texts.ja, name: names.ja };
      await shop.call("catalog.products.update", { id, expectedVersion: version, texts: { ja: changed } });
    }
  });

  test("each language has its ETag, also where texts are the same, and 304 keeps to it", async () => {
    const { slug } = await shop.call("catalog.products.create", {
      slug: `plain-${newId()}`,
      name: "Plain",
      status: "published",
    });
    const etags = new Map<string, string>();
    for (const locale of ["en", "ja", "zh-CN"])
      etags.set(locale, String((await get(`/products/${slug}`, locale)).headers.etag));
    expect(new Set(etags.values()).size).toBe(3);
    const known = { "if-none-match": etags.get("ja") ?? "" };
    const unchanged = await get(`/products/${slug}`, "ja", known);
    expect(unchanged).toMatchObject({
      status: 304,
      headers: { "content-language": "ja", etag: etags.get("ja") },
    });
    expect((await get(`/products/${slug}`, "zh-CN", known)).status).toBe(200);
  });

  test("lists, categories and services' calls are in the language too", async () => {
    const slug = `cups-${newId()}`;
    const parent = await shop.call("catalog.categories.create", {
      slug,
      name: "Cups",
      texts: { ja: { name: "カップ" } },
    });
    const child = await shop.call("catalog.categories.create", {
      slug: `small-${newId()}`,
      name: "Small",
      parentId: parent.id,
      texts: { ja: { name: "小" } },
    });
    await shop.call("catalog.products.update", { id: mug.id, expectedVersion: 1, categoryId: child.id });
    expect((await get(`/categories/${child.id}`, "ja")).body).toMatchObject({
      name: "小",
      ancestors: [{ name: "カップ" }],
    });
    expect((await get(`/categories/${slug}`, "ja")).body).toMatchObject({ children: [{ name: "小" }] });
    expect((await get(`/categories?parent=${slug}`, "ja")).body).toMatchObject({ items: [{ name: "小" }] });
    expect((await get(`/categories?parent=${slug}`)).body).toMatchObject({ items: [{ name: "Small" }] });
    expect((await get(`/products?category=${slug}`, "ja")).body).toMatchObject({
      items: [{ name: "マグカップ" }],
    });
    expect((await get(`/products?category=${slug}`)).body).toMatchObject({ items: [{ name: "Mug" }] });
    const ids = mug.variants.map(({ id }) => id);
    const [variant] = await shop.call("catalog.variants.lookup", { ids, locale: "zh-CN" });
    expect(variant).toMatchObject({ name: "马克杯" });
  });

  test("brands and collections are in the language, alone, in lists, and where products name their brand", async () => {
    const about = { ja: { name: "ラミー", description: "万年筆" }, "zh-CN": { name: "凌美" } };
    const named = { slug: `lamy-${newId()}`, name: "Lamy", description: "Pens", texts: about };
    const brand = await shop.call("catalog.brands.create", named);
    const collection = await shop.call("catalog.collections.create", named);
    const pen = await shop.call("catalog.products.create", {
      slug: `pen-${newId()}`,
      name: "Pen",
      status: "published",
      brandId: brand.id,
    });
    for (const [kind, { id, slug }] of [
      ["brands", brand],
      ["collections", collection],
    ] as const) {
      expect((await get(`/${kind}/${slug}`, "ja")).body).toMatchObject(about.ja);
      expect((await get(`/${kind}/${slug}`)).body).toMatchObject({ name: "Lamy", description: "Pens" });
      const both = { name: "凌美", description: "Pens" };
      expect((await get(`/${kind}?limit=100`, "zh-CN")).body).toMatchObject({ items: [both] });
      expect((await get(`/${kind}?limit=100`)).body).toMatchObject({ items: [{ name: "Lamy" }] });

      const read = await send("GET", `/${kind}/${id}/texts`, staff);
      const { slug: _slug, ...fields } = named;
      expect(read.body).toEqual({ id, defaultLocale: "en", ...fields, version: 1 });
      expect((await get(`/${kind}/${id}/texts`)).status).toBe(401);
      const headers = { ...staff, "if-match": '"1"' };
      const changes = { "zh-CN": null };
      const changed = await send("PATCH", `/${kind}/${id}`, headers, { texts: changes });
      expect(changed).toMatchObject({ status: 200, body: { version: 2, name: "Lamy" } });
      expect((await get(`/${kind}/${id}`, "zh-CN")).body).toMatchObject({ name: "Lamy" });
      await shop.settled();
      const { items } = await shop.call("audit.list", { entity: kind.slice(0, -1), entityId: id });
      const updated = items.find(({ details }) => Reflect.get(details, "change") === "updated");
      expect(updated?.details).toMatchObject({
        before: { "texts.zh-CN": about["zh-CN"] },
        after: { "texts.zh-CN": null },
      });
    }
    for (const [locale, name] of [
      ["ja", "ラミー"],
      ["zh-CN", "Lamy"],
    ]) {
      expect((await get(`/products/${pen.slug}`, locale)).body).toMatchObject({ brand: { name } });
      expect((await get(`/products?brand=${brand.slug}&facets=brand`, locale)).body).toMatchObject({
        items: [{ id: pen.id, brand: { id: brand.id, slug: brand.slug, name } }],
        facets: [{ facet: "brand", values: [{ value: brand.slug, label: name }] }],
      });
    }
    expect((await get(`/products?q=${encodeURIComponent("ラミー")}`, "ja")).body).toMatchObject({
      items: [{ id: pen.id, brand: { name: "ラミー" } }],
    });
    const { findings } = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 0 });
    expect(findings.filter(({ broken }) => broken > 0)).toEqual([]);
  });

  test("carts name their goods in the language of whoever looks, whatever they were added in", async () => {
    const made = await send("POST", "/carts", { "content-type": "application/json" });
    const guest = { "content-type": "application/json", "x-cart-token": String(made.body.token) };
    const path = `/carts/${String(made.body.id)}`;
    const added = await send("POST", `${path}/items`, guest, {
      variantId: mug.variants[0]?.id,
      locale: "zh-CN",
    });
    expect(added).toMatchObject({ status: 201, body: { items: [{ name: "马克杯" }] } });
    expect((await get(path, "ja", guest)).body).toMatchObject({ items: [{ name: "マグカップ" }] });
    expect((await get(path, undefined, guest)).body).toMatchObject({ items: [{ name: "Mug" }] });
    expect((await send("POST", `${path}/items`, guest, { variantId: mug.id, locale: "fr" })).status).toBe(
      422,
    );
  });

  test("texts for search engines are not shown beside a name in another language", async () => {
    const seo = { title: "Mugs for all" };
    const { id } = await shop.call("catalog.products.create", {
      slug: `mug-${newId()}`,
      name: "Mug",
      status: "published",
      seo,
      texts: { ja: { name: "マグカップ" } },
    });
    expect((await get(`/products/${id}`)).body).toMatchObject({ seo });
    expect((await get(`/products/${id}`, "zh-CN")).body).toMatchObject({ name: "Mug", seo });
    expect((await get(`/products/${id}`, "ja")).body).toMatchObject({ name: "マグカップ", seo: {} });
    expect((await get(`/products/${id}`, "ja")).body.seo).toEqual({});
  });

  test("staff read all texts, send them back as they are, replace and remove those of a language", async () => {
    const { id } = await newProduct();
    const path = `/products/${id}`;
    const read = await send("GET", `${path}/texts`, staff);
    expect(read.body).toEqual({
      id,
      defaultLocale: "en",
      name: "Mug",
      description: "White",
      texts,
      version: 1,
    });
    const etag = read.headers.get("etag") ?? "";
    const { name, description } = read.body;
    const same = await send("PATCH", path, { ...staff, "if-match": etag }, { name, description, texts });
    expect(same).toMatchObject({ status: 200, body: { version: 1 } });

    const changes = { "zh-cn": { name: "杯子" }, ja: null };
    const changed = await send("PATCH", path, { ...staff, "if-match": etag }, { texts: changes });
    expect(changed.body).toMatchObject({ version: 2, name: "Mug" });
    const expected = { "zh-TW": texts["zh-TW"], "zh-CN": { name: "杯子" } };
    expect((await send("GET", `${path}/texts`, staff)).body).toMatchObject({ texts: expected });
    expect((await get(path, "ja")).body).toMatchObject({ name: "Mug" });

    await shop.settled();
    const { items } = await shop.call("audit.list", { entity: "product", entityId: id });
    const updated = items.find(({ details }) => Reflect.get(details, "change") === "updated");
    expect(updated?.details).toMatchObject({
      before: { "texts.zh-CN": texts["zh-CN"], "texts.ja": texts.ja },
      after: { "texts.zh-CN": { name: "杯子" }, "texts.ja": null },
    });
    expect(JSON.stringify(updated)).not.toContain("texts.zh-TW");
  });

  test.each([
    { fr: { name: "Tasse" } },
    { en: { name: "Mug" } },
    { zh: { name: "杯" } },
    { ja: { name: "" } },
    { ja: { name: "x".repeat(201) } },
    { ja: { slug: "x" } },
    { "not a tag": { name: "x" } },
    { __proto__x: { name: "x" } },
  ])("refuses texts %j", async (wrong) => {
    const refused = await send("POST", "/products", staff, { slug: `x-${newId()}`, name: "X", texts: wrong });
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: expect.stringMatching(/^texts\./) }] },
    });
  });

  test("only staff read all texts", async () => {
    expect((await get(`/products/${mug.id}/texts`)).status).toBe(401);
    expect((await send("GET", `/products/${newId()}/texts`, staff)).status).toBe(404);
  });

  test("locales can be removed, and another made the default", async () => {
    const { id } = await newProduct();
    await shop.settled();
    await shop.broker.stop();
    const onShopOf = async (locales: string, ask: (call: Shop["call"]) => Promise<void>) => {
      const settings = { ...clusterSettings(), DATA_DIR: directory, LOG_LEVEL: "error", NODE_ID: newId() };
      const later = await createNode(loadConfig({ ...settings, LOCALES: locales, SERVICES: "catalog" }));
      await later.start();
      const call = <N extends ActionName>(name: N, params: Input<N>) =>
        later.call<Result<N>, Input<N>>(name, params, { meta: { caller: operator } });
      try {
        await ask(call);
      } finally {
        await later.stop();
      }
    };

    await onShopOf("en,ja", async (call) => {
      const shown = await call("catalog.products.get", { idOrSlug: id, locale: "zh-CN" });
      expect(shown).toMatchObject({ name: "Mug" });
      expect(await call("catalog.products.texts", { id })).toMatchObject({ texts });
      const changes = { ...texts, "zh-CN": null, "zh-TW": { name: "杯" } };
      await call("catalog.products.update", { id, expectedVersion: 1, texts: changes });
      const left = { "zh-TW": { name: "杯" }, ja: texts.ja };
      expect(await call("catalog.products.texts", { id })).toMatchObject({ texts: left });
    });

    await onShopOf("ja,en", async (call) => {
      const english = { name: "Mug", description: "White" };
      expect(await call("catalog.products.get", { idOrSlug: id })).toMatchObject(english);
      const moved = { ...texts.ja, texts: { en: english, ja: null } };
      await call("catalog.products.update", { id, expectedVersion: 2, ...moved });
      expect(await call("catalog.products.get", { idOrSlug: id })).toMatchObject(texts.ja);
      expect(await call("catalog.products.get", { idOrSlug: id, locale: "en" })).toMatchObject(english);
    });
  });
});
