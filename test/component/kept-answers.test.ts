import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ResponseCache } from "../../services/api/response/response-cache.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const credentials = { email: "admin@shop.example", password: "a long enough one" };

describe("answers that the gateway keeps", () => {
  let shop: Shop;
  let staff: Record<string, string>;

  beforeAll(async () => {
    shop = await startShop();
    await shop.call("users.administrator.ensure", credentials);
    const body = JSON.stringify(credentials);
    const headers = { "content-type": "application/json" };
    const login = await fetch(`${shop.url}/api/v1/auth/login`, { method: "POST", headers, body });
    const { accessToken } = (await login.json()) as { accessToken: string };
    staff = { authorization: `Bearer ${accessToken}` };
  });

  afterAll(() => shop?.stop());

  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    fetch(`${shop.url}/api/v1${path}`, { method, headers });

  async function newProduct(): Promise<Result<"catalog.products.create">> {
    const slug = `mug-${newId()}`;
    return shop.call("catalog.products.create", { slug, name: "Mug", status: "published" });
  }

  async function rename({ id, version }: { id: string; version: number }, name: string): Promise<void> {
    await shop.call("catalog.products.update", { id, expectedVersion: version, name });
  }

  /** All of an answer but what differs from one request to the next. */
  async function whole(response: Response) {
    const { "x-request-id": requestId, date: _date, ...headers } = Object.fromEntries(response.headers);
    expect(requestId).toBeTruthy();
    return { status: response.status, headers, body: await response.text() };
  }

  test("is the same to the byte, headers included, as the one that was made", async () => {
    const { slug } = await newProduct();
    const first = await get(`/products/${slug}`);
    const again = await get(`/products/${slug}`);
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
    expect(await whole(again)).toEqual(await whole(first));
  });

  test("is given to HEAD without its body, and as 304 to who has it", async () => {
    const { slug } = await newProduct();
    const etag = (await get(`/products/${slug}`)).headers.get("etag") ?? "";
    const head = await whole(await get(`/products/${slug}`, {}, "HEAD"));
    expect(head).toMatchObject({
      status: 200,
      body: "",
      headers: { etag, "content-type": "application/json" },
    });
    const unchanged = await whole(await get(`/products/${slug}`, { "if-none-match": `"other", ${etag}` }));
    expect(unchanged).toMatchObject({ status: 304, body: "", headers: { etag, vary: "Authorization" } });
    expect(unchanged.headers).not.toHaveProperty("content-type");
  });

  test("carries the request id that the client sent", async () => {
    const { slug } = await newProduct();
    await get(`/products/${slug}`);
    const answer = await get(`/products/${slug}`, { "x-request-id": "mine-1" });
    expect(answer.headers.get("x-request-id")).toBe("mine-1");
  });

  test("is out of date the moment staff has changed something", async () => {
    const product = await newProduct();
    const { slug } = product;
    for (let number = 1; number <= 20; number += 1) {
      await get(`/products/${slug}`);
      await rename({ id: product.id, version: number }, `Mug ${number}`);
      expect(await (await get(`/products/${slug}`)).json()).toMatchObject({ name: `Mug ${number}` });
    }
  });

  test("shows letters beyond ASCII as they are", async () => {
    const { slug } = await shop.call("catalog.products.create", {
      slug: `cup-${newId()}`,
      name: "Tasse à café ☕",
      status: "published",
    });
    for (let time = 0; time < 2; time += 1)
      expect(await (await get(`/products/${slug}`)).json()).toMatchObject({ name: "Tasse à café ☕" });
  });

  test("never comes from or goes to someone who says who they are", async () => {
    const draft = await shop.call("catalog.products.create", { slug: `draft-${newId()}`, name: "Draft" });
    expect((await get(`/products/${draft.slug}`, staff)).status).toBe(200);
    expect((await get(`/products/${draft.slug}`)).status).toBe(404);

    const { slug } = await newProduct();
    await get(`/products/${slug}`);
    expect((await get(`/products/${slug}`, staff)).headers.get("cache-control")).toBe("no-store");
    expect((await get(`/products/${slug}`, { authorization: "Bearer nonsense" })).status).toBe(401);
  });

  test("is renewed before it ends, and not by all that come then", async () => {
    const { slug } = await newProduct();
    const { responseCache } = shop.broker.getLocalService("api") as Service & {
      responseCache: ResponseCache;
    };
    const start = Date.now();
    let later = 0;
    const clock = jest.spyOn(Date, "now").mockImplementation(() => start + later);
    try {
      await get(`/products/${slug}`);
      later = 720;
      const made = responseCache.statistics.stored;
      const together = await Promise.all(Array.from({ length: 50 }, () => get(`/products/${slug}`)));
      expect(together.every(({ ok }) => ok)).toBe(true);
      expect(responseCache.statistics.stored - made).toBeGreaterThanOrEqual(1);
      expect(responseCache.statistics.stored - made).toBeLessThan(40);
      // The one that asked may still have got the old answer; the next one that asks gets the new one.
      later += 50;
      await get(`/products/${slug}`);
      later = 1200;
      const given = responseCache.statistics.hits;
      expect((await get(`/products/${slug}`)).status).toBe(200);
      expect(responseCache.statistics.hits).toBe(given + 1);
    } finally {
      clock.mockRestore();
    }
  });

  test("is cached by the exact request", async () => {
    const { slug } = await newProduct();
    await get(`/products/${slug}`);
    expect((await get(`/products/${slug}?unknown=1`)).status).toBe(422);
    expect((await get(`/products/${slug}`, {}, "POST")).status).toBe(405);
    expect((await get(`/products/${slug}/`)).status).toBe(200);
  });
});
