/* oxlint-disable jest/expect-expect -- expectProblem asserts */
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import sharp from "sharp";
import { offerUpload, uploads } from "../../mixins/service/uploads.ts";
import type { Database } from "../../mixins/database/database.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { customer, operator, startShop } from "../support/shop.ts";
import { zipOf } from "../support/zip.ts";

type Task = Result<"catalog.tasks.get">;
type Body = NonNullable<RequestInit["body"]>;

const clerk: Caller = { ...customer(), role: "merchandiser", permissions: ["catalog:write", "stock:write"] };
const databaseOf = (shop: Shop) =>
  (shop.broker.getLocalService("catalog") as Service & { database: Database }).database;

let media: string;
beforeAll(async () => {
  media = await mkdtemp(join(tmpdir(), "shop-media-"));
});
afterAll(() => rm(media, { recursive: true, force: true }));

const startCatalog = () =>
  startShop({
    services: ["catalog"],
    env: { SWEEP_INTERVAL_SECONDS: "1", LOCALES: "en,zh-CN,ja", MEDIA_DIRECTORY: media },
    prepare: (broker) => void broker.createService(uploads),
  });

async function startImport(
  shop: Shop,
  content: string | Uint8Array | Iterable<string>,
  mediaType = "text/csv",
  as = clerk,
): Promise<Task> {
  using offer = offerUpload(
    shop.broker,
    Readable.from(typeof content === "string" || content instanceof Uint8Array ? [content] : content, {
      objectMode: false,
    }),
  );
  const started = await shop.broker.call<Result<"catalog.imports.start">, object>(
    "catalog.imports.start",
    { mediaType },
    { meta: { caller: as, upload: offer.ticket } },
  );
  return started.task;
}

async function until(shop: Shop, id: string, isSo: (task: Task) => boolean): Promise<Task> {
  for (;;) {
    const task = await shop.call("catalog.tasks.get", { id });
    if (isSo(task)) return task;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const finished = (shop: Shop, { id }: { id: string }) => until(shop, id, (task) => task.finishedAt !== null);
const importAll = async (...given: Parameters<typeof startImport>) =>
  finished(given[0], await startImport(...given));

async function countOf(shop: Shop, table: string): Promise<number> {
  const [row] = await databaseOf(shop).select<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`);
  return row?.n ?? 0;
}

/** A file with this many variants, four per product, with a stock of five each. */
function* manyRows(rows: number, prefix: string) {
  yield "product,name,sku,price,stock,options,status\n";
  for (let n = 0; n < rows; n += 1)
    yield `${prefix}-${Math.floor(n / 4)},Product ${Math.floor(n / 4)},${prefix}-${n},${n % 100}.50,5,size=${n % 4},published\n`;
}

/** What the details of a product refer to: a brand, and a type with attributes of each kind. */
async function addDefinitions(shop: Shop): Promise<void> {
  await shop.call("catalog.brands.create", { slug: "acme", name: "Acme" });
  for (const [code, kind, ...choices] of [
    ["material", "multiple-choice", "steel", "glass"],
    ["shape", "choice", "1e3"],
    ["weight", "number"],
    ["lid", "boolean"],
    ["note", "text"],
    ["released", "date"],
    ["author", "text"],
  ] as const)
    await shop.call("catalog.attributes.create", {
      code,
      name: code,
      kind,
      localized: code === "author",
      choices: choices.map((choice) => ({ code: choice, label: choice })),
    });
  const attributes = ["material", "shape", "weight", "lid", "note", "released", "author"].map((code) => ({
    code,
  }));
  await shop.call("catalog.types.create", { slug: "cups", name: "Cups", attributes });
}

describe("imports and exports", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startCatalog();
  });
  afterAll(() => shop.stop());

  const productOf = (slug: string) => shop.call("catalog.products.get", { idOrSlug: slug });
  const stockOf = async (sku: string) => {
    const { id } = await shop.call("catalog.variants.find", { sku });
    return shop.call("catalog.stock.get", { variantId: id });
  };

  test("a dirty file: each bad row is listed with its reason, the good ones go in", async () => {
    await shop.call("catalog.categories.create", { slug: "dirty", name: "Dirty" });
    const file = [
      "product,name,category,status,sku,price,stock,options",
      "d-mug,Mug,dirty,published,D-1,9.50,3,colour=red;size=M",
      "d-mug,,,,D-2,9.00,,colour=blue",
      "d-bowl,,dirty,,D-3,5.00,,",
      "d-bowl,Bowl,nowhere,,D-3,5.00,,",
      ",,,,D-4,5.00,,",
      "D Mug!,Mug,,,D-5,5.00,,",
      "d-mug,,,,D-6,,,",
      "d-mug,,,,D-7,free,,",
      "d-mug,,,,D-8,5.00,-3,",
      "d-mug,,,,D-9,5.00,,red",
      "d-mug,,,draft,,,,",
      "d-plate,Plate,,,D-1,5.00,,",
      "d-mug,too,short",
      'd-cup,"A ""good"" cup",,archived,,,,',
    ].join("\r\n");
    const task = await importAll(shop, file);
    expect(task).toMatchObject({ state: "succeeded", progress: { done: 14, total: 14 } });
    const { errors, ...counts } = task.result as {
      errors: { row: number; field: string; code: string; message: string }[];
    };
    const images = { added: 0, known: 0, failed: 0 };
    expect(counts).toEqual({ rows: 14, created: 3, updated: 0, unchanged: 0, failed: 11, images });
    expect(errors.map(({ row, field, code }) => `${row} ${field} ${code}`)).toEqual([
      "3 name required",
      "4 category not-found",
      "5 product required",
      "6 product invalid-format",
      "7 price required",
      "8 price invalid-price",
      "9 stock invalid-type",
      "10 options invalid-options",
      "11 status illegal-transition",
      "12 sku already-exists",
      "13  malformed",
    ]);
    const mug = await productOf("d-mug");
    expect(mug.variants.map(({ sku, price, options }) => [sku, price.amount, options])).toEqual([
      ["D-1", 950, { colour: "red", size: "M" }],
      ["D-2", 900, { colour: "blue" }],
    ]);
    expect(await stockOf("D-1")).toMatchObject({ onHand: 3, received: 3 });
    expect(await productOf("d-cup")).toMatchObject({
      name: 'A "good" cup',
      status: "archived",
      variants: [],
    });
    const found = await shop.call("catalog.products.list", { q: "mug", category: "dirty", maxPrice: 900 });
    expect(found.items.map(({ slug, priceFrom }) => [slug, priceFrom?.amount])).toEqual([["d-mug", 900]]);
  });

  test("details of a product come from their columns, and faults name the column", async () => {
    await addDefinitions(shop);
    const header =
      "product,name,brand,type,tags,seoTitle,attr.material,attr.weight,attr.lid,name.ja,description.zh-CN,attr.author,attr.author.ja";
    const file = [
      header,
      'detailed,Cup,acme,cups,New|blue,A cup,steel|glass,-1.5,TRUE,カップ,"一\n二",Ada,エイダ',
      "detailed,,,,,,,2,,,,,",
      "faulty,Cup,nobody,cups,,,,,,,,,",
      "faulty,Cup,acme,nothing,,,,,,,,,",
      "faulty,Cup,acme,cups,,,wood,heavy,,,,,",
      "faulty,Cup,,,,,steel,,,,,,",
      `faulty,Cup,,,,${"x".repeat(121)},,,,,,,`,
      "faulty,Cup,,,,,,,,\u202e,,,",
    ].join("\n");
    const { result } = await importAll(shop, file);
    const errors = result?.errors as { row: number; field: string; code: string }[];
    expect(errors.map(({ row, field, code }) => `${row} ${field} ${code}`)).toEqual([
      "3 brand not-found",
      "4 type not-found",
      "5 attr.material invalid-value",
      "5 attr.weight invalid-type",
      "6 attr.material unknown-field",
      "7 seoTitle too-big",
      "8 name.ja too-small",
    ]);
    const { brand, tags, seo, attributes, version } = await productOf("detailed");
    expect([brand?.slug, tags, seo, version]).toEqual(["acme", ["new", "blue"], { title: "A cup" }, 1]);
    expect(attributes.map(({ code, value }) => [code, value])).toEqual([
      ["material", ["steel", "glass"]],
      ["weight", 2],
      ["lid", true],
      ["author", "Ada"],
    ]);
    const japanese = await shop.call("catalog.products.get", { idOrSlug: "detailed", locale: "ja" });
    expect(japanese.attributes.at(-1)).toMatchObject({ code: "author", value: "エイダ" });
    const note = await importAll(shop, "product,attr.note.ja\ndetailed,x\n");
    expect(note.result).toMatchObject({ errors: [{ field: "attr.note.ja", code: "unknown-field" }] });
    expect(await shop.call("catalog.products.get", { idOrSlug: "detailed", locale: "ja" })).toMatchObject({
      name: "カップ",
    });
    const unknown = await importAll(shop, "product,name.fr\ndetailed,Tasse\n");
    expect(unknown.result).toMatchObject({
      failed: 1,
      errors: [{ field: "name.fr", code: "invalid-value" }],
    });
  });

  test("the same file again changes nothing: no version, no stock, no event", async () => {
    const file = [...manyRows(50, "twice")].join("");
    await importAll(shop, file);
    const before = await productOf("twice-0");
    const movements = await countOf(shop, "stock_movements");
    expect((await importAll(shop, file)).result).toMatchObject({
      rows: 50,
      created: 0,
      updated: 0,
      unchanged: 50,
      failed: 0,
    });
    expect(await productOf("twice-0")).toEqual(before);
    expect(await countOf(shop, "stock_movements")).toBe(movements);
  });

  test("two imports of the same at once make each thing once", async () => {
    const tasks = await Promise.all([1, 2, 3].map(() => startImport(shop, manyRows(600, "once"))));
    const results = await Promise.all(tasks.map((task) => finished(shop, task)));
    expect(results.map(({ state }) => state)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(results.reduce((sum, { result }) => sum + Number(result?.created), 0)).toBe(600);
    expect(await stockOf("once-7")).toMatchObject({ received: 5 });
  });

  test("JSON and NDJSON imports change the named fields only", async () => {
    await importAll(
      shop,
      '[{"product":"j-mug","name":"Mug","description":"Old","sku":"J-1","priceMinor":100,"weightGrams":5}]',
      "application/json",
    );
    const task = await importAll(
      shop,
      '{"sku":"J-1","price":"2.00","weightGrams":null}\n{"sku":"J-1","colour":"red"}\n',
      "application/x-ndjson",
    );
    expect(task.result).toMatchObject({
      updated: 1,
      failed: 1,
      errors: [{ row: 2, field: "colour", code: "unknown-field" }],
    });
    const mug = await productOf("j-mug");
    expect(mug).toMatchObject({ name: "Mug", description: "Old", version: 1 });
    expect(mug.variants).toMatchObject([{ price: { amount: 200 }, weightGrams: null, version: 2 }]);
  });

  test("pictures of a ZIP are added to their products once, and faults reported by row", async () => {
    let connections = 0;
    const local = createServer((socket) => {
      connections += 1;
      socket.end();
    });
    await new Promise<void>((resolve) => local.listen(0, "127.0.0.1", resolve));
    const { port } = local.address() as AddressInfo;
    const picture = (background: string) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
    const rows = [
      { product: "z-mug", name: "Mug", images: ["red.png", "./pictures/blue.png"] },
      { product: "z-cup", name: "Cup", images: ["missing.png", "red.png", "broken.jpg"] },
      { product: "z-cup", images: [`http://127.0.0.1:${port}/a.png`, "file:///etc/passwd"] },
      { product: "Z!", name: "Bad", images: ["red.png"] },
    ];
    const zip = zipOf([
      { name: "rows.ndjson", content: rows.map((row) => JSON.stringify(row)).join("\n") },
      { name: "red.png", content: await picture("red") },
      { name: "pictures/blue.png", content: await picture("blue") },
      { name: "broken.jpg", content: "no picture" },
    ]);
    try {
      const { state, result, progress } = await importAll(shop, zip, "application/zip");
      expect([state, progress]).toEqual(["succeeded", { done: 7, total: 7 }]);
      expect(result).toMatchObject({ created: 2, failed: 1, images: { added: 3, known: 0, failed: 4 } });
      const errors = result?.errors as { row: number; field: string; code: string }[];
      expect(errors.map(({ row, field, code }) => `${row} ${field} ${code}`)).toEqual([
        "4 product invalid-format",
        "2 images not-found",
        "2 images unsupported-media-type",
        "3 images forbidden-address",
        "3 images invalid-url",
      ]);
      expect(connections).toBe(0);
    } finally {
      local.close();
    }
    const { id } = await productOf("z-mug");
    const imagesOfMug = async () => (await shop.call("catalog.products.images.list", { id })).items;
    while ((await imagesOfMug()).some(({ state }) => state !== "ready"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    const again = await importAll(shop, zip, "application/zip");
    expect(again.result).toMatchObject({ created: 0, images: { added: 0, known: 3, failed: 4 } });

    const [red, blue] = await imagesOfMug();
    const urls = [red?.urls?.zoom.jpeg, blue?.urls?.zoom.webp];
    const own = await importAll(
      shop,
      JSON.stringify([{ product: "z-mug", images: urls }]),
      "application/json",
    );
    expect(own.result).toMatchObject({ unchanged: 1, images: { added: 0, known: 2, failed: 0 } });
    expect(await imagesOfMug()).toHaveLength(2);
    const twice = zipOf([
      { name: "a.csv", content: "x" },
      { name: "a.csv", content: "x" },
    ]);
    await expect(startImport(shop, twice, "application/zip")).rejects.toMatchObject({
      type: "malformed-request",
    });
  });

  test("a file that breaks off in the middle changes nothing", async () => {
    const file = `${[...manyRows(1000, "broken")].join("")}broken-9,"No end,B-1,1.00,,,\n`;
    expect(await importAll(shop, file)).toMatchObject({
      state: "failed",
      error: { code: "unreadable-file" },
      progress: { done: 0 },
    });
    await expect(productOf("broken-0")).rejects.toMatchObject({ type: "not-found" });
    expect(await importAll(shop, '[{"product":"broken-1"', "application/json")).toMatchObject({
      state: "failed",
    });
  });

  test("hostile files come to nothing worse than row errors", async () => {
    const hostile = [
      '{"__proto__":{"admin":true},"product":"x","name":"X"}',
      '{"product":"x\' OR 1=1 --","name":"X"}',
      '{"product":"hostile","name":"\\u0000"}',
      `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
      '{"product":"hostile","name":{"$gt":""}}',
      '{"sku":["H-1"],"product":"hostile"}',
      '{"product":"hostile","name":"?;$1\'--\\\\","sku":"H-1","price":1e3,"options":{"constructor":"x"}}',
    ].join("\n");
    const { state, result } = await importAll(shop, hostile, "application/x-ndjson");
    expect([state, result?.failed, result?.created]).toEqual(["succeeded", 6, 1]);
    expect(await productOf("hostile")).toMatchObject({ name: "?;$1'--\\" });
    expect(Reflect.get({}, "admin")).toBeUndefined();
  });

  test("of a thousand times the same fault and one more, a thousand are listed and all are counted", async () => {
    const { result } = await importAll(shop, `product\n${"NO\n".repeat(1001)}`);
    expect(result?.failed).toBe(1001);
    expect(result?.errors).toHaveLength(1000);
  });

  test("twenty thousand rows go in without being held, and interrupted twice they are there once", async () => {
    const task = await startImport(shop, manyRows(20_000, "many"));
    for (const done of [2000, 8000]) {
      await until(shop, task.id, ({ progress }) => progress.done >= done);
      // Simulates an expired lease: another node takes over, and the first one's next batch has no effect.
      const origin = { actor: { kind: "system" }, requestId: "test" } as const;
      const sql = "UPDATE tasks SET lease_owner = ?, lease_until = 0 WHERE id = ?";
      await databaseOf(shop).transaction(origin, (tx) =>
        databaseOf(shop).execute(sql, [newId(), task.id], tx),
      );
    }
    const { state, result, progress } = await finished(shop, task);
    expect([state, progress]).toEqual(["succeeded", { done: 20_000, total: 20_000 }]);
    expect(result).toEqual({
      rows: 20_000,
      created: 20_000,
      updated: 0,
      unchanged: 0,
      failed: 0,
      images: { added: 0, known: 0, failed: 0 },
      errors: [],
    });
    const [sums] = await databaseOf(shop).select<{ n: number; received: number; moved: number }>(
      `SELECT COUNT(*) AS n, SUM(s.received) AS received, SUM(m.quantity) AS moved
       FROM variants v JOIN stock s ON s.variant_id = v.id JOIN stock_movements m ON m.variant_id = v.id
       WHERE v.sku LIKE 'many-%'`,
    );
    // Some databases return sums as decimals.
    expect(Object.values(sums ?? {}).map(Number)).toEqual([20_000, 100_000, 100_000]);
  }, 600_000);

  test("a cancelled import keeps its finished batches and stops", async () => {
    const task = await startImport(shop, manyRows(20_000, "cancelled"));
    await until(shop, task.id, ({ progress }) => progress.done > 0);
    await shop.call("catalog.tasks.cancel", { id: task.id }, { as: clerk });
    const { state, progress } = await finished(shop, task);
    expect(state).toBe("cancelled");
    expect(progress.done).toBeLessThan(20_000);
    const [row] = await databaseOf(shop).select<{ n: number }>(
      "SELECT COUNT(*) AS n FROM variants WHERE sku LIKE 'cancelled-%'",
    );
    expect(row?.n).toBe(progress.done);
  });

  test("tasks are their owner's and the staff's", async () => {
    const task = await importAll(shop, "product,name\nowned,Owned\n");
    expect(task.ownerId).toBe(clerk.kind === "user" && clerk.userId);
    const stranger = customer();
    for (const call of ["get", "cancel", "result"] as const)
      await expect(
        shop.call(`catalog.tasks.${call}`, { id: task.id }, { as: stranger }),
      ).rejects.toMatchObject({ type: "not-found" });
    expect((await shop.call("catalog.tasks.list", {}, { as: stranger })).items).toEqual([]);
    const { items } = await shop.call(
      "catalog.tasks.list",
      { state: "succeeded", kind: "import-products", limit: 1 },
      { as: clerk },
    );
    expect(items).toEqual([task]);
    await expect(shop.call("catalog.tasks.result", { id: task.id })).rejects.toMatchObject({
      type: "not-found",
    });
  });

  test("who may not receive stock cannot do it through a file", async () => {
    const writer: Caller = { ...customer(), permissions: ["catalog:write"] };
    const { result } = await importAll(
      shop,
      "product,name,sku,price,stock\nn,N,N-1,1,1\n",
      "text/csv",
      writer,
    );
    expect(result).toMatchObject({ failed: 1, errors: [{ field: "stock", code: "forbidden" }] });
  });
});

describe("an export", () => {
  const download = async (shop: Shop, id: string) => {
    let text = "";
    for (let part = 0, parts = 1; part < parts; part += 1) {
      const got = await shop.call("catalog.tasks.result", { id, part });
      text += got.content;
      parts = got.parts;
    }
    return text;
  };
  const exportAll = async (shop: Shop, format: "csv" | "ndjson") => {
    const { task } = await shop.call("catalog.exports.start", { format });
    const done = await finished(shop, task);
    expect(done).toMatchObject({ state: "succeeded", result: { format } });
    return download(shop, task.id);
  };
  type Columns = Readonly<Record<string, string | null>>;
  const json = new Set(["attributes", "tags", "seo", "texts", "terms"]);
  /** The order of an object's fields is no part of it. */
  const parsed = (row: Columns) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]): [string, unknown] => [
        column,
        json.has(column) ? JSON.parse(value ?? "null") : value,
      ]),
    );
  /** The catalogue's contents without ids and times. */
  const catalogue = async (shop: Shop) => {
    const products = await databaseOf(shop).select<Columns>(
      `SELECT p.slug, p.name, p.description, p.status, p.price_from, p.variant_count, p.attributes, p.tags, p.seo,
         p.texts, c.slug AS category, b.slug AS brand, t.slug AS type
       FROM products p LEFT JOIN categories c ON c.id = p.category_id LEFT JOIN brands b ON b.id = p.brand_id
         LEFT JOIN product_types t ON t.id = p.type_id ORDER BY p.slug`,
    );
    const variants = await databaseOf(shop).select<object>(
      `SELECT p.slug, v.sku, v.options, v.price, v.weight_grams, s.on_hand
       FROM variants v JOIN products p ON p.id = v.product_id JOIN stock s ON s.variant_id = v.id ORDER BY v.sku`,
    );
    const terms = await databaseOf(shop).select<Columns>(
      "SELECT p.slug, d.terms FROM search_documents d JOIN products p ON p.id = d.product_id ORDER BY p.slug",
    );
    return { products: products.map(parsed), variants, terms: terms.map(parsed) };
  };

  /** Runs `work` in a new shop, sequentially. */
  const inShop = async <T>(work: (shop: Shop) => Promise<T>): Promise<T> => {
    const shop = await startCatalog();
    try {
      return await work(shop);
    } finally {
      await shop.stop();
    }
  };

  test.each([
    ["csv", "text/csv"],
    ["ndjson", "application/x-ndjson"],
  ] as const)("as %s, imported into an empty shop, makes the same catalogue", async (format, mediaType) => {
    const from = await inShop(async (shop) => {
      await shop.call("catalog.demo.seed", {});
      await addDefinitions(shop);
      const [brands, types] = await Promise.all([
        shop.call("catalog.brands.list", {}),
        shop.call("catalog.types.list", {}),
      ]);
      await shop.call("catalog.products.create", {
        slug: "odd",
        brandId: brands.items[0]?.id,
        typeId: types.items[0]?.id,
        attributes: {
          material: ["glass", "steel"],
          shape: "1e3",
          weight: -0.25,
          lid: false,
          note: "=a|b\\c, 'd'",
          released: "2026-01-31",
          author: "=Ada",
        },
        tags: ["a|b", "=c", "日本"],
        seo: { title: "-Odd", description: "a;b" },
        texts: {
          ja: { name: "奇数", "attributes.author": "-エイダ" },
          "zh-CN": { name: "+单", description: "一\n二" },
        },
        name: '=HYPERLINK("x"), "quoted"',
        description: "-1\nTwo lines; 'apostrophe' ü😀\tand a tab",
        variants: [{ sku: "ODD-1", priceMinor: 5, options: { note: "a;b\\c=d, e" } }],
      });
      await shop.call("catalog.products.create", { slug: "bare", name: "'+ nothing but a name" });
      await importAll(shop, manyRows(1000, "some"));
      const { items: categories } = await shop.call("catalog.categories.list", { limit: 100 });
      return { categories, text: await exportAll(shop, format), catalogue: await catalogue(shop) };
    });
    if (format === "csv") expect(from.text).not.toMatch(/(^|,)"?[=+@]/m);

    await inShop(async (shop) => {
      await addDefinitions(shop);
      const ids = new Map<string, string>();
      for (const { id, slug, name, parentId } of from.categories) {
        const parent = parentId && (ids.get(parentId) ?? null);
        ids.set(id, (await shop.call("catalog.categories.create", { slug, name, parentId: parent })).id);
      }
      const { state, result } = await importAll(shop, from.text, mediaType);
      expect([state, result?.failed]).toEqual(["succeeded", 0]);
      expect(await catalogue(shop)).toEqual(from.catalogue);
      expect((await importAll(shop, from.text, mediaType)).result).toMatchObject({
        created: 0,
        updated: 0,
        failed: 0,
      });
    });
  });

  test("of an empty shop is an empty file", async () => {
    await inShop(async (shop) => {
      expect(await exportAll(shop, "csv")).toBe(
        "\ufeffproduct,name,description,category,status,merchant,brand,type,tags,seoTitle,seoDescription,images," +
          "sku,price,stock,weightGrams,options,name.zh-CN,description.zh-CN,name.ja,description.ja\n",
      );
      expect(await exportAll(shop, "ndjson")).toBe("");
    });
  });
});

describe("through the gateway", () => {
  let shop: Shop;
  let token: string;
  beforeAll(async () => {
    shop = await startShop();
    const administrator = { email: "admin@shop.example", password: "a long enough one" };
    await shop.call("users.administrator.ensure", administrator);
    const response = await fetch(`${shop.url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(administrator),
    });
    token = ((await response.json()) as { accessToken: string }).accessToken;
  });
  afterAll(() => shop.stop());

  const send = (method: string, path: string, { body, type }: { body?: Body; type?: string } = {}) =>
    fetch(`${shop.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(type ? { "content-type": type } : {}) },
      ...(body === undefined ? {} : { body, duplex: "half" }),
    });
  const upload = (body: Body, type = "text/csv") => send("POST", "/api/v1/products/imports", { body, type });
  const json = async <T>(response: Response) => (await response.json()) as T;
  const expectProblem = async (response: Response, status: number, code: string) => {
    expect([response.status, (await json<{ type: string }>(response)).type]).toEqual([
      status,
      `/problems/${code}`,
    ]);
  };

  test("a file is accepted, its progress reported, and its audit entry written", async () => {
    const response = await upload("product,name\nweb,Web\n", "text/csv; charset=UTF-8");
    expect(response.status).toBe(202);
    const { task } = await json<{ task: Task }>(response);
    expect(response.headers.get("location")).toBe(`/api/v1/tasks/${task.id}`);
    await finished(shop, task);
    const polled = await send("GET", `/api/v1/tasks/${task.id}`);
    expect(await json(polled)).toMatchObject({ id: task.id, state: "succeeded", result: { created: 1 } });
    expect(polled.headers.get("etag")).toMatch(/^"\d+-/);
    expect(
      (await json<{ items: Task[] }>(await send("GET", "/api/v1/tasks?state=succeeded"))).items.map(
        ({ id }) => id,
      ),
    ).toContain(task.id);
    await shop.settled();
    const { items } = await shop.call("audit.list", { entity: "task", entityId: task.id });
    expect(items).toMatchObject([
      {
        type: "catalog.task-queued",
        actor: { kind: "user", id: task.ownerId },
        details: { kind: "import-products" },
      },
    ]);
    const { items: changes } = await shop.call("audit.list", {
      type: "catalog.changed",
      actorId: task.ownerId ?? "",
    });
    expect(changes).toMatchObject([{ entity: "product", details: { after: { slug: "web" } } }]);
  });

  test("an export is downloaded as a file", async () => {
    const { task } = await json<{ task: Task }>(
      await send("POST", "/api/v1/products/exports", { body: "{}", type: "application/json" }),
    );
    await expectProblem(await send("GET", `/api/v1/tasks/${newId()}/result`), 404, "not-found");
    await finished(shop, task);
    const response = await send("GET", `/api/v1/tasks/${task.id}/result`);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="products-[\d-]+\.csv"$/,
    );
    expect(await response.text()).toMatch(/^product,name,/);
    expect((await send("HEAD", `/api/v1/tasks/${task.id}/result`)).status).toBe(200);
    await expectProblem(
      await send("GET", `/api/v1/tasks/${task.id}/result?part=1`),
      422,
      "validation-failed",
    );
  });

  test("a waiting task is cancelled", async () => {
    const { task } = await shop.call("catalog.exports.start", {}, { as: operator });
    const response = await send("DELETE", `/api/v1/tasks/${task.id}`);
    expect(response.status).toBe(200);
    expect(["cancelled", "running", "succeeded"]).toContain((await json<Task>(response)).state);
  });

  test("an unsupported file is rejected and leaves nothing behind", async () => {
    await expectProblem(await upload("product", "application/xml"), 415, "unsupported-media-type");
    await expectProblem(await upload("product", "text/csv; charset=latin1"), 415, "unsupported-media-type");
    await expectProblem(await upload(""), 400, "malformed-request");
    await expectProblem(await upload(new Uint8Array([0x61, 0xff, 0x0a])), 400, "malformed-request");
    await expectProblem(
      await send("POST", "/api/v1/products/imports?mediaType=text%2Fcsv", { body: "a", type: "text/csv" }),
      422,
      "validation-failed",
    );
    const unknown = await fetch(`${shop.url}/api/v1/products/imports`, {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: "a",
    });
    await expectProblem(unknown, 401, "unauthenticated");
    expect(await countOf(shop, "files WHERE purpose = 'upload' AND task_id IS NULL")).toBe(0);
  });

  test("more than the limit is refused, also when it was not announced, and leaves nothing", async () => {
    const limit = 100 * 1024 * 1024;
    const announced = await rawUpload(`Content-Length: ${limit + 1}`, []);
    expect(announced).toMatch(/^HTTP\/1\.1 413 /);
    const mebibyte = Buffer.alloc(1024 * 1024, "a,b\n");
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(mebibyte);
      },
    });
    const response = await upload(endless);
    expect([response.status, (await json<{ limit: number }>(response)).limit]).toEqual([413, limit]);
    expect(
      await countOf(shop, "file_chunks c JOIN files f ON f.id = c.file_id WHERE f.task_id IS NULL"),
    ).toBe(0);
  }, 240_000);

  test("an upload that breaks off leaves nothing that runs", async () => {
    const tasks = await countOf(shop, "tasks");
    const headers = "Content-Length: 1000000";
    await rawUpload(headers, ["product,name\n", "x".repeat(800_000)], { hangUp: true });
    while ((await countOf(shop, "files WHERE task_id IS NULL")) > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await countOf(shop, "tasks")).toBe(tasks);
  });

  /** Sends an upload as bytes; resolves with the start of the response, or on a disconnect. */
  function rawUpload(headers: string, body: readonly string[], { hangUp = false } = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(shop.url).port), "127.0.0.1");
      socket.once("error", reject);
      socket.once("data", (bytes: Buffer) => {
        socket.destroy();
        resolve(bytes.toString());
      });
      socket.write(
        `POST /api/v1/products/imports HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer ${token}\r\nContent-Type: text/csv\r\n${headers}\r\n\r\n`,
      );
      for (const part of body) socket.write(part);
      if (!hangUp) return;
      const hasArrived = async () => {
        while ((await countOf(shop, "files WHERE task_id IS NULL AND chunks > 0")) === 0)
          await new Promise((wait) => setTimeout(wait, 5));
        socket.destroy();
        resolve("");
      };
      hasArrived().catch(reject);
    });
  }
});
