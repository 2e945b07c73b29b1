import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { countBaskets } from "../../services/catalog/jobs/count-baskets.job.ts";
import { until } from "../cluster/processes.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";

const guest: Caller = { kind: "guest" };
const unique = (prefix: string) => `${prefix}-${newId().slice(-12)}`;

let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ services: ["catalog"] });
});
afterAll(() => shop.stop());

async function addProduct(status: "draft" | "published" = "published") {
  const variants = [{ sku: unique("PEN"), priceMinor: 1000 }];
  return shop.call("catalog.products.create", { slug: unique("pen"), name: "Pen", status, variants });
}
type Product = Awaited<ReturnType<typeof addProduct>>;

const relate = (product: Product, others: readonly Product[]) =>
  shop.call("catalog.products.relate", { id: product.id, productIds: others.map(({ id }) => id) });

async function relatedTo(idOrSlug: string) {
  const { chosen, boughtTogether } = await shop.call("catalog.products.related", { idOrSlug });
  const slugs = (products: readonly { slug: string }[]) => products.map(({ slug }) => slug);
  return { chosen: slugs(chosen), boughtTogether: slugs(boughtTogether) };
}

/** An order of these products, with its reservation, as its event. */
async function orderOf(products: readonly Product[]): Promise<EventEnvelope> {
  const orderId = newId();
  const lines = products.map(({ variants }) => ({ variantId: variants[0]?.id ?? "", quantity: 1 }));
  for (const { variantId, quantity } of lines)
    await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity, reason: "delivery" });
  await shop.call("catalog.stock.reserve", { orderId, lines });
  const payload = { orderId, number: orderId, customerId: newId(), cartId: newId(), lines };
  return {
    id: newId(),
    name: "orders.placed",
    occurredAt: Date.now(),
    actor: { kind: "system", id: "orders" },
    requestId: "test",
    payload,
  } as unknown as EventEnvelope;
}

async function place(...orders: Promise<EventEnvelope>[]): Promise<EventEnvelope[]> {
  const events = await Promise.all(orders);
  expect(await deliver(shop.broker, events)).toEqual(events.map(() => undefined));
  return events;
}

describe("related products that staff choose", () => {
  test("are shown in their order, while they are on sale", async () => {
    const [pen, ink, draft, paper] = [
      await addProduct(),
      await addProduct(),
      await addProduct("draft"),
      await addProduct(),
    ];
    await relate(pen, [paper, draft, ink]);
    expect((await relatedTo(pen.slug)).chosen).toEqual([paper.slug, ink.slug]);
    await relate(pen, [ink, draft]);
    expect((await relatedTo(pen.id)).chosen).toEqual([ink.slug]);
    await shop.call("catalog.products.remove", { id: draft.id });
    await relate(pen, [ink]);
    await relate(pen, []);
    expect((await relatedTo(pen.slug)).chosen).toEqual([]);
  });

  test("are other products that exist", async () => {
    const pen = await addProduct();
    const ghost = { ...pen, id: newId() };
    await expect(relate(pen, [ghost])).rejects.toMatchObject({ type: "not-found" });
    await expect(relate(ghost, [pen])).rejects.toMatchObject({ type: "not-found" });
    await expect(relate(pen, [pen])).rejects.toMatchObject({ type: "validation-failed" });
    const draft = await addProduct("draft");
    const hidden = shop.call("catalog.products.related", { idOrSlug: draft.id }, { as: guest });
    await expect(hidden).rejects.toMatchObject({ type: "not-found" });
  });
});

describe("products that are bought together", () => {
  test("are shown by how often that happens, each order once however often it is delivered", async () => {
    const [pen, ink, paper, pin] = [
      await addProduct(),
      await addProduct(),
      await addProduct(),
      await addProduct(),
    ];
    const news = await place(orderOf([pen, ink]), orderOf([pen, ink]), orderOf([pen, paper]), orderOf([pin]));
    await deliver(shop.broker, news.slice(2));
    await Promise.all([runJob(shop, "catalog", countBaskets), runJob(shop, "catalog", countBaskets)]);
    expect((await relatedTo(pen.slug)).boughtTogether).toEqual([ink.slug, paper.slug]);
    expect((await relatedTo(ink.slug)).boughtTogether).toEqual([pen.slug]);
    expect((await relatedTo(pin.slug)).boughtTogether).toEqual([]);
  });

  test("are counted for ten products of an order", async () => {
    const products = await Promise.all(Array.from({ length: 12 }, () => addProduct()));
    await place(orderOf(products));
    await runJob(shop, "catalog", countBaskets);
    const counts = await Promise.all(
      products.map(async ({ id }) => (await relatedTo(id)).boughtTogether.length),
    );
    expect(counts.toSorted((one, other) => one - other)).toEqual([
      0,
      0,
      ...Array.from({ length: 10 }, () => 9),
    ]);
  });
});

describe("a feed", () => {
  async function feedOf(kind: "sitemap" | "merchant" | "json-ld", after?: string) {
    const request = { kind, productUrl: "https://shop.example/p/{slug}", ...(after ? { after } : {}) };
    const { task } = await shop.call("catalog.feeds.start", request);
    await until(async () => (await shop.call("catalog.tasks.get", { id: task.id })).state === "succeeded");
    return shop.call("catalog.tasks.result", { id: task.id });
  }

  test("has what is on sale, whatever its name, and nothing else", async () => {
    const brand = await shop.call("catalog.brands.create", { slug: unique("b"), name: "<Böse & Söhne>" });
    const draft = await addProduct("draft");
    const pen = await shop.call("catalog.products.create", {
      slug: unique("pen"),
      name: "]]></title><script>alert('1')</script> & \"新品\" 🖊️",
      status: "published",
      brandId: brand.id,
      variants: [{ sku: unique("PEN"), priceMinor: 1999 }],
    });
    const url = `https://shop.example/p/${pen.slug}`;
    const sitemap = await feedOf("sitemap");
    expect(sitemap.mediaType).toBe("application/xml");
    expect(sitemap.content).toContain(`<loc>${url}</loc><lastmod>${pen.updatedAt}</lastmod>`);
    expect(sitemap.content).not.toContain(draft.slug);
    const merchant = await feedOf("merchant");
    expect(merchant.content).toContain(
      "<title>]]&gt;&lt;/title&gt;&lt;script&gt;alert(&apos;1&apos;)&lt;/script&gt; &amp; &quot;新品&quot; 🖊️</title>",
    );
    expect(merchant.content).toContain(
      "<g:price>19.99 GBP</g:price><g:availability>out_of_stock</g:availability>",
    );
    expect(merchant.content).toContain("<g:brand>&lt;Böse &amp; Söhne&gt;</g:brand>");
    const lines = (await feedOf("json-ld")).content.trim().split("\n");
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.find(({ "@id": id }) => id === url)).toMatchObject({ "@type": "Product", name: pen.name });
    expect((await feedOf("sitemap", pen.id)).content).toMatch(/<urlset [^>]+>\n<\/urlset>\n$/);
  });

  test("needs the address of a product's page", async () => {
    for (const productUrl of [
      "https://shop.example/",
      "javascript:{slug}",
      "https://x y/{slug}",
      "/p/{slug}",
    ])
      await expect(shop.call("catalog.feeds.start", { kind: "sitemap", productUrl })).rejects.toMatchObject({
        type: "validation-failed",
      });
  });
});
