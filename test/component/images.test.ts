import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { collectFiles } from "../../mixins/media/collect-files.job.ts";
import { presetNames } from "../../mixins/media/presets.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import type { HttpAnswer } from "../support/http.ts";
import { sendHttp } from "../support/http.ts";
import { hostileFiles, photograph, redAndBlue } from "../support/images/hostile-images.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

type Added = Result<"catalog.products.images.add">;
const hourMs = 3_600_000;

let shop: Shop;
let clerk: Person;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "shop-media-"));
  shop = await startShop({
    env: { LOCALES: "en,zh-CN", MEDIA_DIRECTORY: directory, MEDIA_MAX_MIB: "1", SWEEP_INTERVAL_SECONDS: "1" },
  });
  clerk = await newPerson(shop, "merchandiser");
});
afterAll(async () => {
  await shop.stop();
  await rm(directory, { recursive: true });
});

const send = (method: string, path: string, options: Partial<Parameters<typeof sendHttp>[1]> = {}) =>
  sendHttp(shop.url, { method, path: `/api/v1${path}`, token: clerk.token, ...options });
const read = async <T>(answer: Promise<HttpAnswer>) => JSON.parse((await answer).body) as T;
const upload = (path: string, body: Buffer, type = "image/png") =>
  send("POST", path, { body, headers: { "content-type": type } });
const newProduct = async () =>
  (await shop.call("catalog.products.create", { slug: newId(), name: "Pictured", status: "published" })).id;
const newCategory = async () =>
  (await shop.call("catalog.categories.create", { slug: newId(), name: "Pictured" })).id;
const productOf = (id: string, query = "") =>
  read<Result<"catalog.products.get">>(send("GET", `/products/${id}${query}`));

/** Uploads an image and waits for the end of its task. */
async function added(path: string, body: Buffer): Promise<Added> {
  const answer = await upload(path, body);
  expect([answer.status, answer.body]).toEqual([202, expect.any(String)]);
  const { image, task } = JSON.parse(answer.body) as Added;
  return { image, task: await ended(`/tasks/${task.id}`) };
}

async function ended(path: string, token = clerk.token) {
  for (;;) {
    const task = await read<Result<"catalog.tasks.get">>(send("GET", path, { token }));
    if (task.finishedAt !== null) return task;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function fetched(url: string, init?: RequestInit) {
  const response = await fetch(shop.url + url, init);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe("an image of a product", () => {
  test("gets renditions that are upright and without metadata, for ever under the same address", async () => {
    const id = await newProduct();
    const { task } = await added(`/products/${id}/images`, await photograph(1200, 800, 6));
    expect(task).toMatchObject({ state: "succeeded", progress: { done: 6, total: 6 } });
    const { images } = await productOf(id);
    expect(images).toHaveLength(1);
    const [image] = images;
    expect(image).toMatchObject({ width: 800, height: 1200, alt: "", focalPoint: null });
    const sizes = {
      thumb: [107, 160],
      card: [320, 480],
      detail: [640, 960],
      zoom: [800, 1200],
      share: [1200, 630],
    };
    for (const preset of presetNames)
      for (const [format, type] of [
        ["webp", "image/webp"],
        ["jpeg", "image/jpeg"],
      ] as const) {
        const { response, bytes } = await fetched(image?.urls[preset][format] ?? "");
        expect(Object.fromEntries(response.headers)).toMatchObject({
          "content-type": type,
          "content-length": String(bytes.length),
          "cache-control": "public, max-age=31536000, immutable",
          "x-content-type-options": "nosniff",
        });
        const { width, height, exif, icc, xmp, orientation } = await sharp(bytes).metadata();
        expect([preset, width, height]).toEqual([preset, ...sizes[preset]]);
        expect({ exif, icc, xmp, orientation }).toEqual({});
        expect(bytes.includes("Someone")).toBe(false);
      }
    // Turned by a quarter, red is above blue.
    const { bytes } = await fetched(image?.urls.card.jpeg ?? "");
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect([Number(data.at(0)) > 200, Number(data.at(-1)) > 200]).toEqual([true, true]);

    const url = image?.urls.card.webp ?? "";
    const etag = (await fetched(url)).response.headers.get("etag") ?? "";
    expect((await fetched(url, { headers: { "if-none-match": etag } })).response.status).toBe(304);
    const head = await fetched(url, { method: "HEAD" });
    expect([head.response.status, head.bytes.length]).toEqual([200, 0]);
    const { items } = await read<Result<"catalog.products.list">>(send("GET", "/products?limit=100"));
    expect(items.find((item) => item.id === id)?.image?.urls).toEqual({
      thumb: image?.urls.thumb,
      card: image?.urls.card,
    });
  });

  test("is described, moved and removed by staff who know its version, and the audit trail says so", async () => {
    const id = await newProduct();
    const [first, second] = [
      (await added(`/products/${id}/images`, await photograph(30, 20))).image,
      (await added(`/products/${id}/images`, await photograph(20, 30))).image,
    ];
    const path = `/products/${id}/images/${second.id}`;
    const changes = { alt: { en: "A mug", "zh-CN": "杯子" }, focalPoint: { x: 0.5, y: 0.25 }, position: 0 };
    const change = (ifMatch?: string) =>
      send("PATCH", path, {
        body: JSON.stringify(changes),
        headers: {
          "content-type": "application/json",
          ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
        },
      });
    expect([(await change()).status, (await change('"1"')).status, (await change('"2"')).status]).toEqual([
      428, 412, 200,
    ]);
    const { images } = await productOf(id);
    expect(images.map((image) => image.id)).toEqual([second.id, first.id]);
    expect(images[0]).toMatchObject({ alt: "A mug", focalPoint: changes.focalPoint });
    expect((await productOf(id, "?locale=zh-CN")).image?.alt).toBe("杯子");
    expect((await send("DELETE", path)).status).toBe(204);
    expect((await productOf(id)).images.map((image) => image.id)).toEqual([first.id]);
    const { items } = await read<Result<"catalog.products.images.list">>(
      send("GET", `/products/${id}/images`),
    );
    expect(items).toMatchObject([{ id: first.id, state: "ready", position: 0 }]);
    await shop.settled();
    const { items: entries } = await shop.call("audit.list", { entity: "product", entityId: id, limit: 100 });
    expect(entries.map(({ actor }) => actor.kind)).toContain("user");
    expect(JSON.stringify(entries)).toContain("杯子");
  });

  test("is refused without permission, for nothing, when too large, or as the 21st", async () => {
    const id = await newProduct();
    const path = `/products/${id}/images`;
    const tiny = await redAndBlue(8, 8).png().toBuffer();
    const customer = await newPerson(shop);
    const statusOf = async (answer: Promise<HttpAnswer>) => (await answer).status;
    const as = (token: string | undefined) =>
      sendHttp(shop.url, {
        method: "POST",
        path: `/api/v1${path}`,
        token,
        body: tiny,
        headers: { "content-type": "image/png" },
      });
    expect([await statusOf(as(undefined)), await statusOf(as(customer.token))]).toEqual([401, 403]);
    expect(await statusOf(upload(`/products/${newId()}/images`, tiny))).toBe(404);
    expect(await statusOf(upload(path, tiny, "image/svg+xml"))).toBe(415);
    expect(await statusOf(upload(path, Buffer.concat([tiny, Buffer.alloc(1024 * 1024)])))).toBe(413);
    for (let n = 0; n < 20; n += 1) expect(await statusOf(upload(path, tiny))).toBe(202);
    const { status, body } = await upload(path, tiny);
    expect([status, JSON.parse(body)]).toMatchObject([409, { type: "/problems/limit-reached", limit: 20 }]);
  });

  test("is at no other address", async () => {
    const { urls } = (await added(`/products/${await newProduct()}/images`, await photograph(33, 33))).image;
    expect(urls).toBeNull();
    const hash = "a".repeat(64);
    for (const path of [
      `/media/catalog/aa/${hash}-card.webp`,
      `/media/catalog/aa/${hash}`,
      `/media/catalog/ab/${hash}-card.webp`,
      `/media/catalog/aa/${hash}-huge.webp`,
      "/media/..%2f..%2foriginals/catalog/x",
      "/media/catalog/..%2f..%2f..%2f/lock.sqlite",
      "/media/catalog/aa/%00",
    ])
      expect([path, (await fetched(path)).response.status]).toEqual([path, 404]);
  });
});

describe("a hostile file", () => {
  test.each(hostileFiles)("$what", async ({ file, fate }) => {
    const path = `/categories/${await newCategory()}/images`;
    const body = await file();
    if (typeof fate === "string") {
      const { image, task } = await added(path, body);
      const { items } = await read<Result<"catalog.categories.images.list">>(send("GET", path));
      const succeeded = fate === "ready";
      expect([task.state, task.error?.code, items]).toMatchObject([
        succeeded ? "succeeded" : "failed",
        succeeded ? undefined : "invalid-image",
        [{ id: image.id, state: fate, fault: succeeded ? null : "damaged" }],
      ]);
      for (const url of succeeded ? [items[0]?.urls?.zoom.webp, items[0]?.urls?.share.jpeg] : []) {
        const { bytes } = await fetched(url ?? "");
        expect(bytes.includes("alert")).toBe(false);
        expect((await sharp(bytes).stats()).channels.length).toBeGreaterThan(2);
      }
    } else {
      const [status, code, reason] = fate;
      const answer = await upload(path, body);
      const problem = JSON.parse(answer.body) as { reason?: string };
      expect([answer.status, problem]).toMatchObject([status, { type: `/problems/${code}` }]);
      expect(problem.reason).toBe(reason);
    }
    expect((await fetched("/health/live")).response.status).toBe(200);
  });
});

describe("a user's picture", () => {
  test("replaces the one before when it is ready, and goes with the account", async () => {
    const person = await newPerson(shop);
    const as = { token: person.token };
    const me = async () => (await read<Result<"users.me.get">>(send("GET", "/me", as))).avatar;
    const set = async (file: Buffer) => {
      const headers = { "content-type": "image/jpeg" };
      const answer = await send("PUT", "/me/avatar", { ...as, body: file, headers });
      expect([answer.status, answer.headers.get("location")]).toEqual([
        202,
        expect.stringMatching(/me\/tasks/),
      ]);
      await ended(`/me/tasks/${(JSON.parse(answer.body) as Added).task.id}`, person.token);
      return (await me())?.urls.thumb.webp ?? "";
    };
    expect(await me()).toBeNull();
    const first = await set(await photograph(40, 40));
    expect((await fetched(first)).response.status).toBe(200);
    const second = await set(await photograph(41, 40));
    expect([second.startsWith("/media/users/"), second === first]).toEqual([true, false]);
    expect([
      (await send("DELETE", "/me/avatar", as)).status,
      (await send("DELETE", "/me/avatar", as)).status,
      await me(),
    ]).toEqual([204, 404, null]);

    // One that was replaced before it was rendered is removed with its metadata, not first when files are collected.
    const superseded = { ...as, body: await photograph(1300, 40), headers: { "content-type": "image/jpeg" } };
    await send("PUT", "/me/avatar", superseded);
    const third = await set(await photograph(42, 40));
    await shop.call("users.me.delete", {}, { as: { ...customer(person.userId), verifiedAt: Date.now() } });
    await runJob(shop, "users", collectFiles, Date.now() + 25 * hourMs);
    for (const url of [first, second, third])
      expect([url, (await fetched(url)).response.status]).toEqual([url, 404]);
    expect(readdirSync(join(directory, "originals", "users"))).toEqual([]);
  });
});

describe("an image of a brand or a collection", () => {
  test.each(["brands", "collections"] as const)(
    "%s have one, with its text in the language, until they are removed",
    async (kind) => {
      const { id } = await shop.call(`catalog.${kind}.create`, { slug: newId(), name: "Pictured" });
      await added(`/${kind}/${id}/images`, await photograph(80, 48));
      const { image } = await added(`/${kind}/${id}/images`, await photograph(81, 48));
      const alt = { en: "Pens", "zh-CN": "钢笔" };
      const headers = { "if-match": '"2"', "content-type": "application/json" };
      const body = JSON.stringify({ alt });
      expect((await send("PATCH", `/${kind}/${id}/images/${image.id}`, { headers, body })).status).toBe(200);
      const shown = (path: string) => read<{ image: object }>(send("GET", path));
      expect((await shown(`/${kind}/${id}`)).image).toMatchObject({ id: image.id, width: 81, alt: "Pens" });
      expect((await shown(`/${kind}/${id}?locale=zh-CN`)).image).toMatchObject({ alt: "钢笔" });
      const list = await read<{ items: object[] }>(send("GET", `/${kind}?locale=zh-CN`));
      expect(list).toMatchObject({ items: [{ image: { alt: "钢笔" } }] });

      await shop.settled();
      const { items } = await shop.call("audit.list", { entity: kind.slice(0, -1), entityId: id });
      expect(items.map(({ details }) => details)).toContainEqual(
        expect.objectContaining({ after: { images: [expect.objectContaining({ id: image.id, alt })] } }),
      );
      expect((await send("DELETE", `/${kind}/${id}`)).status).toBe(204);
      await runJob(shop, "catalog", collectFiles, Date.now() + 25 * hourMs);
      expect((await send("GET", `/${kind}/${id}/images`)).status).toBe(404);
    },
  );
});

describe("stored files", () => {
  test("are shared by equal images, and collected when nothing has referred to them for a day", async () => {
    const [category, product] = [await newCategory(), await newProduct()];
    const file = await photograph(64, 48);
    await added(`/categories/${category}/images`, file);
    const { image } = await added(`/products/${product}/images`, file);
    const before = await read<Result<"catalog.categories.get">>(send("GET", `/categories/${category}`));
    const url = before.image?.urls.thumb.webp ?? "";
    expect((await productOf(product)).images[0]?.urls.thumb.webp).toBe(url);
    const there = async () => (await fetched(url)).response.status;
    const collect = (afterHours: number) =>
      runJob(shop, "catalog", collectFiles, Date.now() + afterHours * hourMs);

    // A new image of a category replaces the one before.
    await added(`/categories/${category}/images`, await photograph(65, 48));
    const after = await read<Result<"catalog.categories.get">>(send("GET", `/categories/${category}`));
    expect(after.image?.id).not.toBe(before.image?.id);
    await collect(25);
    expect(await there()).toBe(200);
    expect((await send("DELETE", `/products/${product}/images/${image.id}`)).status).toBe(204);
    await collect(23);
    expect(await there()).toBe(200);
    await collect(25);
    expect(await there()).toBe(404);
    // Uploaded files have been removed, with their metadata, and those on their way as well.
    expect(readdirSync(join(directory, "originals", "catalog"))).toEqual([]);
    expect(readdirSync(join(directory, "work"))).toEqual([]);
    // The same file again gets its renditions anew.
    await added(`/products/${product}/images`, file);
    expect(await there()).toBe(200);
  });

  test("go with a product or category that is removed", async () => {
    const { id } = await shop.call("catalog.products.create", { slug: newId(), name: "Draft" });
    await added(`/products/${id}/images`, await photograph(70, 48));
    const url = (await productOf(id)).images[0]?.urls.thumb.webp ?? "";
    await shop.call("catalog.products.remove", { id });
    await runJob(shop, "catalog", collectFiles, Date.now() + 25 * hourMs);
    expect((await fetched(url)).response.status).toBe(404);
    expect(existsSync(join(directory, "public"))).toBe(true);
  });
});
