import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { MerchantRole } from "../../mixins/contract/permissions.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { buy, deliverOrder } from "../support/buyers.ts";
import type { HttpAnswer } from "../support/http.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import { photograph } from "../support/images/hostile-images.ts";
import { callerOf, join, newMerchant, verifiedPerson } from "../support/merchant-of.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";

type OwnReview = Result<"reviews.own.get">;
type Reply = Result<"reviews.replies.answer">;
type Pictures = Result<"reviews.own.images.list">;

let shop: Shop;
let directory: string;
let picture: Buffer;
let buyer: Person;
/** Owner of the merchant whose product is reviewed. */
let ada: Person;
let teapots: string;
let kettles: string;
/** A product of the merchant. */
let product: { readonly id: string; readonly variantId: string };
beforeAll(async () => {
  directory = await mkdtemp(joinPath(tmpdir(), "shop-media-"));
  shop = await startShop({ env: { MEDIA_DIRECTORY: directory, SWEEP_INTERVAL_SECONDS: "1" } });
  picture = await photograph(60, 40);
  [buyer, ada] = await Promise.all([newPerson(shop), newPerson(shop)]);
  teapots = await newMerchant(shop, ada);
  kettles = await newMerchant(shop, await newPerson(shop));
  const as = await callerOf(shop, ada);
  const variants = [{ sku: newId(), priceMinor: 1000, options: {} }];
  const wish = { slug: newId(), name: "Pot", status: "published", variants } as const;
  const made = await shop.call("catalog.products.create", wish, { as });
  const variantId = made.variants[0]?.id ?? "";
  const delivery = { variantId, kind: "receive", quantity: 100, reason: "delivery" } as const;
  await shop.call("catalog.stock.change", delivery, { as });
  await shop.settled();
  product = { id: made.id, variantId };
}, 60_000);
afterAll(async () => {
  await shop?.stop();
  await rm(directory, { recursive: true, force: true });
});

const send = (who: Person | undefined, method: string, path: string, body?: object) =>
  sendHttp(shop.url, {
    method,
    path: `/api/v1${path}`,
    token: who?.token,
    ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    ...(Buffer.isBuffer(body) ? { headers: { "content-type": "image/jpeg" } } : {}),
  });
const json = ({ body }: HttpAnswer) => JSON.parse(body) as unknown;
const outcome = (answer: HttpAnswer) => [answer.status, problemIn(answer)];
const notFound = [404, "not-found"];

/** The buyer's review of the merchant's product. */
async function reviewed(): Promise<string> {
  const traffic = new ShopTraffic(shop.broker, () => 0.99);
  const [bought] = await buy(traffic, [product.variantId], await callerOf(shop, buyer));
  await deliverOrder(traffic, bought?.orderId ?? "");
  await shop.settled();
  const wish = { lineId: bought?.lineId, rating: 4, text: "Holds tea" };
  const answer = await send(buyer, "POST", `/products/${product.id}/reviews`, wish);
  expect([answer.status, answer.body]).toEqual([201, expect.any(String)]);
  return (json(answer) as OwnReview).id;
}

/** Uploads the picture and waits until it is ready. @returns the picture's id */
async function pictured(id: string): Promise<string> {
  const answer = await send(buyer, "POST", `/me/reviews/${id}/images`, picture);
  expect([answer.status, answer.body]).toEqual([202, expect.any(String)]);
  const { image, task } = json(answer) as Result<"reviews.own.images.add">;
  for (;;) {
    const { state } = json(await send(buyer, "GET", `/review-tasks/${task.id}`)) as { state: string };
    if (state === "succeeded") return image.id;
    expect(["queued", "running"]).toContain(state);
    await pause(20);
  }
}
const shown = async (id: string) =>
  (json(await send(undefined, "GET", `/reviews/${id}`)) as Result<"reviews.get">).images;
const references = async () => {
  const { database } = shop.broker.getLocalService("reviews") as Service & ServiceWithDatabase;
  const sql = "SELECT CAST(COALESCE(SUM(reference_count), 0) AS SIGNED) AS n FROM media_files";
  return (await database.select<{ n: number }>(sql))[0]?.n;
};
async function expectSound(): Promise<void> {
  await shop.settled();
  const { findings } = await verifyShop(configOf(shop.broker), { patienceMs: 2000 });
  expect(findings.filter(({ broken, severity }) => broken > 0 && severity === "violation")).toEqual([]);
}

describe("pictures of a review", () => {
  test("are shown with it, at most nine of them, and are the author's alone", async () => {
    const id = await reviewed();
    const path = `/me/reviews/${id}/images`;
    const first = await pictured(id);
    const [image] = await shown(id);
    expect(image).toMatchObject({ id: first, width: 60, height: 40 });
    const file = await fetch(shop.url + (image?.urls.card.jpeg ?? ""));
    expect([file.status, file.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    const listed = json(
      await send(undefined, "GET", `/products/${product.id}/reviews?withPictures=true`),
    ) as Result<"reviews.products.list">;
    expect(listed.items.map((review) => review.id)).toContain(id);

    for (const who of [ada, await newPerson(shop), await newPerson(shop, "support")]) {
      expect(outcome(await send(who, "GET", path))).toEqual(notFound);
      expect(outcome(await send(who, "POST", path, picture))).toEqual(notFound);
      expect(outcome(await send(who, "DELETE", `${path}/${first}`))).toEqual(notFound);
    }
    expect(outcome(await send(undefined, "POST", path, picture))).toEqual([401, "unauthenticated"]);
    expect(outcome(await send(buyer, "POST", path, Buffer.from("no picture")))).toEqual([
      415,
      "unsupported-media-type",
    ]);
    expect(outcome(await send(buyer, "POST", path, picture.subarray(0, 60)))).toEqual([422, "invalid-image"]);

    for (let count = 2; count <= 9; count += 1) await pictured(id);
    const tenth = await send(buyer, "POST", path, picture);
    expect(outcome(tenth)).toEqual([409, "limit-reached"]);
    expect((json(tenth) as { limit: number }).limit).toBe(9);
    expect(await shown(id)).toHaveLength(9);

    const other = await reviewed();
    expect(outcome(await send(buyer, "DELETE", `/me/reviews/${other}/images/${first}`))).toEqual(notFound);
    expect((await send(buyer, "DELETE", `${path}/${first}`)).status).toBe(204);
    expect((await shown(id)).map((one) => one.id)).not.toContain(first);
    expect((json(await send(buyer, "GET", path)) as Pictures).items).toHaveLength(8);
    await pictured(id);
    await expectSound();
  }, 120_000);

  test("go with the review", async () => {
    const before = await references();
    const id = await reviewed();
    await pictured(id);
    await pictured(id);
    expect(await references()).toBe((before ?? 0) + 2);
    expect((await send(buyer, "DELETE", `/me/reviews/${id}`)).status).toBe(204);
    expect(await references()).toBe(before);
    expect(outcome(await send(undefined, "GET", `/reviews/${id}`))).toEqual(notFound);
    expect(outcome(await send(buyer, "GET", `/me/reviews/${id}/images`))).toEqual(notFound);
    expect(outcome(await send(buyer, "POST", `/me/reviews/${id}/images`, picture))).toEqual(notFound);
    await expectSound();
  }, 60_000);

  test("that are still processed when the review is removed go, too", async () => {
    const before = await references();
    const id = await reviewed();
    const uploads = [1, 2, 3].map(() => send(buyer, "POST", `/me/reviews/${id}/images`, picture));
    const removal = send(buyer, "DELETE", `/me/reviews/${id}`);
    const statuses = (await Promise.all(uploads)).map(({ status }) => status);
    expect([202, 404]).toEqual(expect.arrayContaining([...new Set(statuses)]));
    expect((await removal).status).toBe(204);
    expect(await references()).toBe(before);
    await expectSound();
  }, 60_000);
});

describe("the merchant's answer", () => {
  async function member(merchantId: string, role: MerchantRole): Promise<Person> {
    const person = await verifiedPerson(shop);
    await join(shop, merchantId, person, role);
    return person;
  }
  const answers = (id: string) => `/reviews/${id}/merchant-replies`;

  test("is marked, and given by members whose role may, as often as they wish", async () => {
    const id = await reviewed();
    const clerk = await member(teapots, "support");
    for (const who of [ada, clerk]) {
      const answer = await send(who, "POST", answers(id), { text: "Thank you" });
      expect([answer.status, json(answer)]).toMatchObject([
        201,
        { by: "merchant", author: { name: null }, depth: 1, repliesTo: { by: "customer" } },
      ]);
    }
    for (const role of ["merchandiser", "stock-keeper", "accountant"] as const) {
      const who = await member(teapots, role);
      expect([role, ...outcome(await send(who, "POST", answers(id), { text: "Hi" }))]).toEqual([
        role,
        403,
        "forbidden",
      ]);
    }
    // What a member writes as anyone else is not the merchant's.
    const plain = await send(clerk, "POST", `/reviews/${id}/replies`, { text: "I like it" });
    expect(json(plain)).toMatchObject({ by: "customer", author: { name: "Ada" } });
    const { items } = json(
      await send(undefined, "GET", `/reviews/${id}/replies`),
    ) as Result<"reviews.replies.list">;
    expect(items.map(({ by }) => by)).toEqual(["merchant", "merchant", "customer"]);
  });

  test("is not for anyone else: 404 to other merchants' members, 403 to buyers, 401 to guests", async () => {
    const id = await reviewed();
    const others = [await member(kettles, "owner"), await member(kettles, "support")];
    for (const who of others)
      expect(outcome(await send(who, "POST", answers(id), { text: "Mine is better" }))).toEqual(notFound);
    expect(outcome(await send(buyer, "POST", answers(id), { text: "Hi" }))).toEqual([403, "forbidden"]);
    expect(outcome(await send(undefined, "POST", answers(id), { text: "Hi" }))).toEqual([
      401,
      "unauthenticated",
    ]);
    const reply = json(await send(ada, "POST", answers(id), { text: "Thank you" })) as Reply;
    for (const who of [...others, buyer, await member(teapots, "support")])
      expect(outcome(await send(who, "DELETE", `/me/review-replies/${reply.id}`))).toEqual(notFound);
    expect((await send(ada, "DELETE", `/me/review-replies/${reply.id}`)).status).toBe(204);
    expect((json(await send(undefined, "GET", `/reviews/${id}`)) as Result<"reviews.get">).replies).toBe(0);
    await send(buyer, "DELETE", `/me/reviews/${id}`);
    expect(outcome(await send(ada, "POST", answers(id), { text: "Late" }))).toEqual(notFound);
    await expectSound();
  });

  test("ends with the membership", async () => {
    const id = await reviewed();
    const clerk = await member(teapots, "support");
    expect((await send(clerk, "POST", answers(id), { text: "Thank you" })).status).toBe(201);
    expect((await send(ada, "DELETE", `/merchants/${teapots}/members/${clerk.userId}`)).status).toBe(204);
    await shop.settled();
    const since = Date.now();
    let after = await send(clerk, "POST", answers(id), { text: "Again" });
    // The gateway knows a session's memberships for a second.
    while (after.status === 201 && Date.now() - since < 2000) {
      await pause(100);
      after = await send(clerk, "POST", answers(id), { text: "Again" });
    }
    expect(outcome(after)).toEqual([403, "forbidden"]);
  });
});
