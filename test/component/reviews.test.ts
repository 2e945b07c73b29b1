import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Caller, UserCaller } from "../../mixins/contract/caller.ts";
import type { EventPayload, Input } from "../../mixins/contract/calls.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import type { Bought } from "../support/buyers.ts";
import { buy, deliverOrder, receive } from "../support/buyers.ts";
import { dataServices } from "../support/data-services.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";

const day = 24 * 3_600_000;
const many = 200;

let shop: Shop;
let traffic: ShopTraffic;
beforeAll(async () => {
  shop = await startShop({
    services: dataServices,
    env: { SWEEP_INTERVAL_SECONDS: "3600", REVIEWS_HIDING_REPORTS: "3" },
  });
  traffic = new ShopTraffic(shop.broker, () => 0.99);
}, 60_000);
afterAll(() => shop?.stop());

/** Checks all data after each test of a `describe`. */
function verifyAfterEach(): void {
  afterEach(async () => {
    await shop.settled();
    const report = await verifyShop(configOf(shop.broker), { patienceMs: 2000 });
    expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
  });
}

const newVariant = async () => (await traffic.stock(1000))[0] ?? "";
const review = ({ buyer: as, productId, lineId }: Bought, changes: Partial<Input<"reviews.create">> = {}) =>
  shop.call("reviews.create", { productId, lineId, rating: 5, text: "Holds tea", ...changes }, { as });
const listed = (productId: string, query: Partial<Input<"reviews.products.list">> = {}) =>
  shop.call("reviews.products.list", { idOrSlug: productId, ...query });
const notFound = { type: "not-found" };

/** A line that can be reviewed. */
async function received(variantId?: string, buyer?: UserCaller): Promise<Bought> {
  const bought = await receive(traffic, variantId ?? (await newVariant()), buyer);
  await shop.settled();
  return bought;
}

async function reviewed(changes: Partial<Input<"reviews.create">> = {}, variantId?: string) {
  const bought = await received(variantId);
  return { ...bought, ...(await review(bought, changes)) };
}

async function change(sql: string, values: readonly (string | number)[]): Promise<void> {
  const { database } = shop.broker.getLocalService("reviews") as Service & ServiceWithDatabase;
  const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
  await database.transaction(origin, (tx) => database.execute(sql, values, tx));
}

/** Lets time pass for a review. */
const age = (id: string, days: number) =>
  change("UPDATE reviews SET created_at = created_at - ? WHERE id = ?", [days * day, id]);

describe("who may review", () => {
  verifyAfterEach();

  test("only the buyer of a line, once it was delivered, and once", async () => {
    const [bought] = await buy(traffic, [await newVariant()]);
    if (!bought) throw new Error("nothing was bought");
    await shop.settled();
    const pending = () => shop.call("reviews.purchases.list", {}, { as: bought.buyer });
    expect((await pending()).items).toEqual([]);
    await expect(review(bought)).rejects.toMatchObject(notFound);

    await deliverOrder(traffic, bought.orderId);
    await shop.settled();
    const { productId, lineId, orderId } = bought;
    expect((await pending()).items).toEqual([
      expect.objectContaining({
        productId,
        lineId,
        orderId,
        product: expect.objectContaining({ options: { no: "0" } }),
      }),
    ]);
    await expect(review({ ...bought, buyer: await traffic.newCustomer() })).rejects.toMatchObject(notFound);
    await expect(review({ ...bought, productId: newId() })).rejects.toMatchObject(notFound);

    const made = await review(bought);
    expect(made).toMatchObject({
      state: "published",
      options: { no: "0" },
      author: { name: "Ada", isAnonymous: false },
    });
    await expect(review(bought)).rejects.toMatchObject({ type: "already-exists" });
    expect((await pending()).items).toEqual([]);
    expect((await listed(productId)).items.map(({ id }) => id)).toEqual([made.id]);
  });

  test(`a line that is reviewed ${many} times at once has one review, and counts once`, async () => {
    const bought = await received();
    const outcomes = await Promise.allSettled(Array.from({ length: many }, () => review(bought)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { items, rating } = await listed(bought.productId);
    expect([items.length, rating.count]).toEqual([1, 1]);
  }, 60_000);
});

describe("a review", () => {
  verifyAfterEach();

  test("of an anonymous author shows the first letter of the name, also in its thread", async () => {
    const { id, productId, buyer } = await reviewed({ isAnonymous: true });
    const other = await traffic.newCustomer();
    const first = await shop.call("reviews.replies.create", { id, text: "Which tea?" }, { as: other });
    await shop.call("reviews.replies.create", { id, parentId: first.id, text: "Green" }, { as: buyer });
    const shown = JSON.stringify([
      await shop.call("reviews.get", { id }, { as: guest }),
      (await listed(productId)).items,
    ]);
    expect(shown).toContain("A***");
    expect(shown).not.toContain("Ada");
    expect(shown).not.toContain(buyer.userId);
    const { items } = await shop.call("reviews.replies.list", { id }, { as: guest });
    expect(items.map(({ author, repliesTo, depth }) => [author.name, repliesTo.author.name, depth])).toEqual([
      ["Ada", "A***", 1],
      ["A***", "Ada", 2],
    ]);
  });

  test("shows the nickname of its author, if there is one, and so do replies", async () => {
    const bought = await received();
    const { buyer: as } = bought;
    await shop.call("users.me.update", { nickname: "Countess" }, { as });
    const { id } = await review(bought);
    await shop.call("reviews.replies.create", { id, text: "Ask me" }, { as });
    await shop.call("users.me.update", { nickname: null }, { as });
    await shop.call("reviews.replies.create", { id, text: "Once more" }, { as });
    expect(await shop.call("reviews.get", { id })).toMatchObject({
      author: { name: "Countess", isAnonymous: false },
    });
    const { items } = await shop.call("reviews.replies.list", { id });
    expect(items.map(({ author, repliesTo }) => [author.name, repliesTo.author.name])).toEqual([
      ["Countess", "Countess"],
      ["Ada", "Countess"],
    ]);
  });

  test("can be changed by its author for a while, and only on the version that they know", async () => {
    const { id, productId, buyer: as, version } = await reviewed();
    const other = await traffic.newCustomer();
    const change = { id, rating: 2, expectedVersion: version };
    await expect(shop.call("reviews.own.update", change, { as: other })).rejects.toMatchObject(notFound);
    expect(await shop.call("reviews.own.update", change, { as })).toMatchObject({
      rating: 2,
      text: "Holds tea",
    });
    await expect(shop.call("reviews.own.update", change, { as })).rejects.toMatchObject({
      type: "precondition-failed",
    });
    expect((await listed(productId)).rating).toMatchObject({ average: 2, count: 1 });
    await age(id, 31);
    await expect(shop.call("reviews.own.update", { id, text: "x" }, { as })).rejects.toMatchObject({
      type: "period-over",
      data: { until: expect.any(String) },
    });
  });

  test("has one follow-up, within its period, however often it is sent at once", async () => {
    const { id, buyer: as } = await reviewed();
    const send = () => shop.call("reviews.own.follow-up", { id, text: "Still whole" }, { as });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, send));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await shop.call("reviews.get", { id })).toMatchObject({
      rating: 5,
      followUp: { text: "Still whole" },
    });
    await expect(send()).rejects.toMatchObject({ type: "limit-reached" });
    const late = await reviewed();
    await age(late.id, 181);
    const again = shop.call("reviews.own.follow-up", { id: late.id, text: "x" }, { as: late.buyer });
    await expect(again).rejects.toMatchObject({ type: "period-over" });
  });

  test("that its author removed is gone for everyone, and its line is not reviewed again", async () => {
    const made = await reviewed();
    const { id, productId, buyer: as } = made;
    await expect(
      shop.call("reviews.own.remove", { id }, { as: await traffic.newCustomer() }),
    ).rejects.toMatchObject(notFound);
    await shop.call("reviews.own.remove", { id }, { as });
    await expect(shop.call("reviews.own.remove", { id }, { as })).rejects.toMatchObject(notFound);
    await expect(shop.call("reviews.get", { id })).rejects.toMatchObject(notFound);
    await expect(review(made)).rejects.toMatchObject({ type: "already-exists" });
    expect(await listed(productId)).toMatchObject({ items: [], rating: { count: 0, average: null } });
    expect((await shop.call("reviews.own.list", {}, { as })).items).toEqual([]);
  });

  test("stays without its author when the account is deleted", async () => {
    const made = await reviewed();
    const more = await received(undefined, made.buyer);
    const { id, buyer: as } = made;
    const { id: replyId } = await shop.call("reviews.replies.create", { id, text: "Ask me" }, { as });
    await shop.call("users.me.delete", {}, { as });
    await shop.settled();
    expect(await shop.call("reviews.get", { id })).toMatchObject({
      text: "Holds tea",
      author: { name: null, isAnonymous: false },
    });
    const { items } = await shop.call("reviews.replies.list", { id });
    expect(items).toEqual([
      expect.objectContaining({ id: replyId, author: { name: null, isAnonymous: false } }),
    ]);
    await expect(shop.call("reviews.own.update", { id, text: "x" }, { as })).rejects.toMatchObject(notFound);
    await expect(review(more)).rejects.toMatchObject(notFound);
  });
});

describe("votes", () => {
  verifyAfterEach();

  test(`of ${many} users who vote thrice at once are counted once each, and can be changed`, async () => {
    const { id } = await reviewed();
    const voters = Array.from({ length: many }, () => customer());
    const vote = (as: Caller, way: "up" | "down") =>
      shop.call("reviews.votes.put", { id, vote: way }, { as });
    await Promise.all(voters.flatMap((as) => [vote(as, "up"), vote(as, "up"), vote(as, "up")]));
    expect(await shop.call("reviews.get", { id })).toMatchObject({ upVotes: many, downVotes: 0 });
    await Promise.all(voters.flatMap((as, index) => (index % 2 ? [vote(as, "down"), vote(as, "down")] : [])));
    expect(await shop.call("reviews.get", { id })).toMatchObject({ upVotes: many / 2, downVotes: many / 2 });
    const back = (as: Caller) => shop.call("reviews.votes.remove", { id }, { as });
    await Promise.all(voters.flatMap((as, index) => (index % 2 ? [back(as), back(as)] : [])));
    expect(await shop.call("reviews.get", { id })).toMatchObject({ upVotes: many / 2, downVotes: 0 });
  }, 60_000);

  test("are not for one's own review, nor for one that is not shown", async () => {
    const { id, buyer } = await reviewed();
    await expect(shop.call("reviews.votes.put", { id, vote: "up" }, { as: buyer })).rejects.toMatchObject({
      type: "own-content",
    });
    await expect(
      shop.call("reviews.votes.put", { id: newId(), vote: "up" }, { as: customer() }),
    ).rejects.toMatchObject(notFound);
  });

  test("sort the reviews of a product", async () => {
    const variantId = await newVariant();
    const made = [];
    for (const rating of [5, 1, 3]) made.push(await reviewed({ rating }, variantId));
    const [best, worst, middle] = made;
    await shop.call("reviews.votes.put", { id: middle?.id ?? "", vote: "up" }, { as: customer() });
    await shop.call("reviews.votes.put", { id: best?.id ?? "", vote: "down" }, { as: customer() });
    const productId = best?.productId ?? "";
    const ids = async (query: Partial<Input<"reviews.products.list">>) =>
      (await listed(productId, query)).items.map(({ id }) => id);
    expect(await ids({})).toEqual([middle?.id, worst?.id, best?.id]);
    expect(await ids({ sort: "-createdAt" })).toEqual([middle?.id, worst?.id, best?.id]);
    expect(await ids({ sort: "createdAt" })).toEqual([best?.id, worst?.id, middle?.id]);
    expect(await ids({ rating: 1 })).toEqual([worst?.id]);
    expect(await ids({ withPictures: true })).toEqual([]);
    const { rating, nextCursor } = await listed(productId, { limit: 2 });
    expect(rating).toEqual({
      average: 3,
      count: 3,
      stars: { "1": 1, "2": 0, "3": 1, "4": 0, "5": 1 },
      withPictures: 0,
    });
    expect(await ids({ limit: 2, cursor: nextCursor ?? "" })).toEqual([best?.id]);
  });
});

describe("replies", () => {
  verifyAfterEach();

  test("name whom they answer, end at a depth, and go with their author's wish", async () => {
    const { id } = await reviewed();
    const as = await traffic.newCustomer();
    let parentId: string | undefined;
    for (let depth = 1; depth <= 5; depth += 1) {
      const reply = await shop.call("reviews.replies.create", { id, parentId, text: `No. ${depth}` }, { as });
      expect(reply).toMatchObject({
        depth,
        by: "customer",
        repliesTo: { by: "customer", author: { name: "Ada" } },
      });
      parentId = reply.id;
    }
    await expect(
      shop.call("reviews.replies.create", { id, parentId, text: "x" }, { as }),
    ).rejects.toMatchObject({ type: "limit-reached", data: { limit: 5 } });
    const { id: elsewhere } = await reviewed();
    await expect(
      shop.call("reviews.replies.create", { id: elsewhere, parentId, text: "x" }, { as }),
    ).rejects.toMatchObject(notFound);
    const remove = (caller: Caller) =>
      shop.call("reviews.replies.remove", { id: parentId ?? "" }, { as: caller });
    await expect(remove(customer())).rejects.toMatchObject(notFound);
    await remove(as);
    await expect(remove(as)).rejects.toMatchObject(notFound);
    expect(await shop.call("reviews.get", { id })).toMatchObject({ replies: 4 });
    const page = await shop.call("reviews.replies.list", { id, limit: 3 });
    expect(page.items).toHaveLength(3);
    const rest = await shop.call("reviews.replies.list", { id, limit: 3, cursor: page.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ text: "No. 4" }], nextCursor: null });
  });

  test("of the shop are marked and name no employee; a merchant answers below its own products only", async () => {
    const { id } = await reviewed();
    const member: Caller = { ...customer(), merchants: [{ merchantId: newId(), role: "support" }] };
    await expect(
      shop.call("reviews.replies.answer", { id, text: "Thanks" }, { as: member }),
    ).rejects.toMatchObject(notFound);
    const staff: Caller = { ...customer(), role: "support", permissions: ["reviews:write"] };
    const reply = await shop.call("reviews.replies.answer", { id, text: "Thanks" }, { as: staff });
    expect(reply).toMatchObject({ by: "shop", author: { name: null } });
  });
});

describe("a rating", () => {
  verifyAfterEach();

  const ratingOf = async (idOrSlug: string) => (await shop.call("catalog.products.get", { idOrSlug })).rating;

  test("is on the product and in lists, which are sorted by it", async () => {
    const variantId = await newVariant();
    const { productId } = await reviewed({ rating: 4 }, variantId);
    const { id, buyer: as } = await reviewed({ rating: 5 }, variantId);
    const unrated = await shop.call("catalog.variants.get", { id: await newVariant() });
    await shop.settled();
    expect(await ratingOf(productId)).toEqual({ average: 4.5, count: 2 });
    expect(await ratingOf(unrated.productId)).toEqual({ average: null, count: 0 });
    await shop.call("reviews.own.remove", { id }, { as });
    await shop.settled();
    expect(await ratingOf(productId)).toEqual({ average: 4, count: 1 });
    const { items } = await shop.call("catalog.products.list", { sort: "-rating", limit: 100 });
    const averages = items.map(({ rating }) => rating.average ?? 0);
    expect(averages).toEqual(averages.toSorted((one, other) => other - one));
    expect(items.find((item) => item.id === productId)?.rating).toEqual({ average: 4, count: 1 });
  });

  test("is the newest that was told, in whatever order the catalogue hears it", async () => {
    const { productId } = await reviewed({ rating: 1 });
    await shop.settled();
    const told = (
      version: number,
      average: number,
      count = version,
    ): EventEnvelope<"reviews.product-rated"> => ({
      id: newId(),
      name: "reviews.product-rated",
      occurredAt: Date.now(),
      actor: { kind: "system", id: "reviews" },
      requestId: "test",
      payload: {
        productId,
        stars: { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 },
        average,
        count,
        version,
      },
    });
    const news = [told(3, 3.33), told(9, 4.21), told(7, 2)];
    expect(await deliver(shop.broker, news)).toEqual([undefined, undefined, undefined]);
    expect(await ratingOf(productId)).toEqual({ average: 4.21, count: 9 });
    expect(await deliver(shop.broker, [told(8, 1)])).toEqual([undefined]);
    expect(await ratingOf(productId)).toEqual({ average: 4.21, count: 9 });
    const asReviewed = told(10, 1, 1);
    await change("UPDATE ratings SET version = ? WHERE subject_id = ?", [10, productId]);
    expect(await deliver(shop.broker, [asReviewed])).toEqual([undefined]);
  });
});

describe("moderation", () => {
  verifyAfterEach();

  const report = (id: string, as: Caller = customer()) =>
    shop.call("reviews.reports.create", { id, reason: "spam" }, { as });

  test("reports of enough users, once each, hide a review until staff have looked at it", async () => {
    const { id, productId, buyer: as } = await reviewed();
    await expect(report(id, as)).rejects.toMatchObject({ type: "own-content" });
    const eager = customer();
    await Promise.all(Array.from({ length: 20 }, () => report(id, eager)));
    expect(await listed(productId)).toMatchObject({ rating: { count: 1 } });
    await Promise.allSettled(Array.from({ length: 10 }, () => report(id)));
    expect(await listed(productId)).toMatchObject({ items: [], rating: { count: 0 } });
    expect(await shop.call("reviews.own.update", { id, text: "Innocent" }, { as })).toMatchObject({
      state: "hidden",
    });
    const { items } = await shop.call("reviews.moderation.list", { state: "hidden" });
    const found = items.find((item) => item.id === id);
    expect(found).toMatchObject({ reports: 3, customerId: as.userId });
    expect((await shop.call("reviews.reports.list", { subjectId: id })).items).toHaveLength(3);
    const decide = (decision: "approve" | "reject", expectedVersion = found?.version ?? 0) =>
      shop.call("reviews.moderation.decide", { id, decision, reason: "Looked at it", expectedVersion });
    const approved = await decide("approve");
    expect(approved).toMatchObject({ state: "published", reports: 0 });
    expect(await listed(productId)).toMatchObject({ rating: { count: 1 } });
    await expect(decide("reject")).rejects.toMatchObject({ type: "precondition-failed" });
    await decide("reject", approved.version);
    expect(await listed(productId)).toMatchObject({ rating: { count: 0 } });
    expect(await shop.call("reviews.own.get", { id }, { as })).toMatchObject({
      state: "rejected",
      reason: "Looked at it",
    });
    expect(await shop.call("reviews.own.update", { id, text: "Better" }, { as })).toMatchObject({
      state: "pending",
    });
  });

  test("replies are reported and decided about in the same way", async () => {
    const { id } = await reviewed();
    const { id: replyId } = await shop.call(
      "reviews.replies.create",
      { id, text: "Buy at mine" },
      { as: await traffic.newCustomer() },
    );
    const reportIt = () =>
      shop.call("reviews.reports.create-of-reply", { id: replyId, reason: "spam" }, { as: customer() });
    await Promise.allSettled(Array.from({ length: 10 }, reportIt));
    expect(await shop.call("reviews.get", { id })).toMatchObject({ replies: 0 });
    const { items } = await shop.call("reviews.moderation.replies", { state: "hidden" });
    expect(items.find((item) => item.id === replyId)).toMatchObject({ reports: 3 });
    const decided = await shop.call("reviews.moderation.decide-reply", { id: replyId, decision: "approve" });
    expect(decided).toMatchObject({ state: "published" });
    expect(await shop.call("reviews.get", { id })).toMatchObject({ replies: 1 });
    await shop.call("reviews.moderation.decide-reply", { id: replyId, decision: "reject" });
    expect((await shop.call("reviews.replies.list", { id })).items).toEqual([]);
  });

  test("reviews, votes, edits, reports, decisions and removals at the same time leave every count right", async () => {
    const variantId = await newVariant();
    const lines = await Promise.all(Array.from({ length: 12 }, () => receive(traffic, variantId)));
    await shop.settled();
    const made = await Promise.all(
      lines.map(async (line, index) => ({ ...line, ...(await review(line, { rating: 1 + (index % 5) })) })),
    );
    const attempt = (work: Promise<unknown>) => work.catch(() => undefined);
    await Promise.all(
      made.flatMap(({ id, buyer: as, version: expectedVersion }, index) => [
        attempt(shop.call("reviews.own.update", { id, rating: 5 - (index % 5) }, { as })),
        attempt(shop.call("reviews.votes.put", { id, vote: index % 2 ? "up" : "down" }, { as: customer() })),
        ...Array.from({ length: 4 }, () => attempt(report(id))),
        attempt(shop.call("reviews.moderation.decide", { id, decision: "reject", expectedVersion })),
        ...(index % 3 ? [] : [attempt(shop.call("reviews.own.remove", { id }, { as }))]),
      ]),
    );
    const { items, rating } = await listed(made[0]?.productId ?? "", { limit: 100 });
    expect(rating.count).toBe(items.length);
  }, 60_000);
});

describe("in a shop that moderates before", () => {
  let strict: Shop;
  beforeAll(async () => {
    strict = await startShop({
      services: dataServices,
      env: { REVIEWS_MODERATION: "before", SWEEP_INTERVAL_SECONDS: "3600" },
    });
  }, 60_000);
  afterAll(() => strict?.stop());

  test("nothing is shown that staff have not approved", async () => {
    const busy = new ShopTraffic(strict.broker, () => 0.99);
    const [variantId = ""] = await busy.stock(10);
    const { buyer: as, productId, lineId } = await receive(busy, variantId);
    await strict.settled();
    const { id, state, version } = await strict.call(
      "reviews.create",
      { productId, lineId, rating: 4, text: "Fine" },
      { as },
    );
    expect(state).toBe("pending");
    const shown = async () =>
      (await strict.call("reviews.products.list", { idOrSlug: productId })).items.length;
    expect(await shown()).toBe(0);
    await strict.call("reviews.moderation.decide", { id, decision: "approve", expectedVersion: version });
    expect(await shown()).toBe(1);
    await strict.call("reviews.replies.create", { id, text: "And?" }, { as });
    expect((await strict.call("reviews.replies.list", { id })).items).toEqual([]);
    await strict.call("reviews.own.follow-up", { id, text: "Still fine" }, { as });
    expect(await shown()).toBe(0);
  });

  test("it makes no difference whether the payment or the delivery is heard of first, or twice", async () => {
    const [buyer, orderId, variantId, productId, lineId] = [customer(), newId(), newId(), newId(), newId()];
    const customerId = buyer.userId;
    const told = (name: string, payload: object) =>
      ({
        id: newId(),
        name,
        occurredAt: Date.now(),
        actor: { kind: "system", id: "orders" },
        requestId: "test",
        payload: { orderId, number: "K7Q2-9XMD", customerId, ...payload },
      }) as EventEnvelope;
    const goods = [{ variantId, quantity: 1 }];
    const parcel = { shipmentId: newId(), carrier: null, trackingNumber: null, lines: goods, complete: true };
    const payment: EventPayload<"orders.paid">["payment"] = {
      id: newId(),
      orderId,
      provider: "manual",
      status: "succeeded",
      reference: null,
      amount: { amount: 1, currency: "GBP" },
      refunded: { amount: 0, currency: "GBP" },
      received: null,
      failure: null,
      at: new Date().toISOString(),
      paidAt: null,
    };
    const lines = [{ ...goods[0], lineId, productId, merchantId: null }];
    const pending = async () =>
      (await strict.call("reviews.purchases.list", {}, { as: buyer })).items.map((item) => item.lineId);
    const { durableEvents } = strict.broker.getLocalService("reviews") as Service & {
      durableEvents: { subscription: { consume: (events: readonly EventEnvelope[]) => Promise<unknown[]> } };
    };
    const takeIn = (event: EventEnvelope) => durableEvents.subscription.consume([event]);
    expect(await takeIn(told("orders.delivered", parcel))).toEqual([undefined]);
    expect(await pending()).toEqual([]);
    expect(await takeIn(told("orders.paid", { payment, lines }))).toEqual([undefined]);
    expect(await pending()).toEqual([lineId]);
    expect(await takeIn(told("orders.delivered", parcel))).toEqual([undefined]);
    expect(await takeIn(told("orders.paid", { payment, lines }))).toEqual([undefined]);
    expect(await pending()).toEqual([lineId]);
  });

  test("a confirmed receipt counts as a delivery does", async () => {
    const busy = new ShopTraffic(strict.broker, () => 0.99);
    const [variantId = ""] = await busy.stock(10);
    const [bought] = await buy(busy, [variantId]);
    if (!bought) throw new Error("nothing was bought");
    await strict.settled();
    const { buyer: as, orderId, lineId, productId } = bought;
    const received: EventEnvelope<"orders.received"> = {
      id: newId(),
      name: "orders.received",
      occurredAt: Date.now(),
      actor: { kind: "user", id: as.userId },
      requestId: "test",
      payload: {
        orderId,
        number: "K7Q2-9XMD",
        customerId: as.userId,
        partId: newId(),
        merchantId: null,
        by: "customer",
        lines: [{ variantId, quantity: 1, lineId, productId }],
      },
    };
    const { durableEvents } = strict.broker.getLocalService("reviews") as Service & {
      durableEvents: { subscription: { consume: (events: readonly EventEnvelope[]) => Promise<unknown[]> } };
    };
    expect(await durableEvents.subscription.consume([received])).toEqual([undefined]);
    const { items } = await strict.call("reviews.purchases.list", {}, { as });
    expect(items.map((item) => item.lineId)).toEqual([lineId]);
  });
});
