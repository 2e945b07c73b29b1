import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { viewed } from "../../mixins/contract/views.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { sendHttp } from "../support/http.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { statementsOf } from "../support/statements.ts";

describe("browsing history", () => {
  let shop: Shop;
  let products: { id: string; slug: string }[];
  beforeAll(async () => {
    shop = await startShop({ services: ["api", "users", "catalog", "browsing-history"] });
    products = await Promise.all(
      Array.from({ length: 4 }, () =>
        shop.call("catalog.products.create", {
          slug: `p-${newId()}`,
          name: "Mug",
          status: "published",
          variants: [{ sku: `S-${newId()}`, priceMinor: 1000, options: {} }],
        }),
      ),
    );
  }, 240_000);
  afterAll(() => shop?.stop());

  const database = () =>
    (shop.broker.getLocalService("browsing-history") as Service & ServiceWithDatabase).database;
  const look = async (product: { slug: string } | undefined, token?: string) =>
    sendHttp(shop.url, { method: "GET", path: `/api/v1/products/${product?.slug}`, token });
  const callerOf = ({ userId }: Person) => customer(userId);
  const seen = async (as: Caller) =>
    (await shop.call("browsing-history.list", {}, { as })).items.map(({ productId }) => productId);
  const until = async (ready: () => Promise<boolean>) => {
    while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const hint = (views: readonly { userId: string; productId: string; at: number }[]) =>
    shop.broker.emit(viewed, { views });
  const rowsOf = async (userId: string) =>
    (await database().select("SELECT id FROM browsing_history WHERE owner_id = ?", [userId])).length;

  test("has what a signed-in user looked at, newest first, each once, with name and price of now", async () => {
    const person = await newPerson(shop);
    const as = callerOf(person);
    for (const product of [products[0], products[1], products[0]]) {
      expect((await look(product, person.token)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await until(async () => (await seen(as)).length === 2);
    await until(async () => (await seen(as))[0] === products[0]?.id);
    const { items } = await shop.call("browsing-history.list", {}, { as });
    expect(items[0]).toMatchObject({ product: { name: "Mug", priceFrom: { amount: 1000 } } });
  });

  test("costs a product page no statement of its own", async () => {
    const person = await newPerson(shop);
    await look(products[2], person.token);
    const statements = await statementsOf(() => look(products[2], person.token));
    expect(statements.filter(({ sql }) => /history|INSERT|UPDATE|BEGIN/.test(sql))).toEqual([]);
    await until(async () => (await seen(callerOf(person))).length === 1);
  });

  test("nothing of guests, nor of products that are not there, is recorded", async () => {
    const person = await newPerson(shop);
    const before = await database().select("SELECT id FROM browsing_history");
    await look(products[0]);
    expect((await look({ slug: "nothing-there" }, person.token)).status).toBe(404);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await seen(callerOf(person))).toEqual([]);
    expect(await database().select("SELECT id FROM browsing_history")).toHaveLength(before.length);
  });

  test("many views are written by few statements, and the last 200 of each user stay", async () => {
    const users = Array.from({ length: 3 }, () => customer());
    const views = users.flatMap(({ userId }) =>
      Array.from({ length: 150 }, (_, at) => ({ userId, productId: newId(), at: at + 1 })),
    );
    const statements = await statementsOf(async () => {
      await hint(views.slice(0, 450));
      await until(async () => (await rowsOf(users[2]?.userId ?? "")) === 150);
    });
    const inserts = statements.filter(({ sql }) => /INSERT INTO browsing_history/.test(sql));
    expect(inserts.length).toBeLessThanOrEqual(4);
    const [first] = users;
    if (!first) throw new Error("there are none");
    await hint(
      Array.from({ length: 100 }, (_, at) => ({ userId: first.userId, productId: newId(), at: 1000 + at })),
    );
    await until(async () => {
      await seen(first);
      return (await rowsOf(first.userId)) === 200;
    });
    const [oldest] = await database().select<{ at: number }>(
      "SELECT MIN(updated_at) AS at FROM browsing_history WHERE owner_id = ?",
      [first.userId],
    );
    expect(oldest?.at).toBe(51);
  });

  test("is removed one by one, or as a whole with what is still to be written", async () => {
    const as = customer();
    const now = Date.now();
    const ids = products.map(({ id }) => id);
    await hint(ids.map((productId, index) => ({ userId: as.userId, productId, at: now - 10 + index })));
    expect(await seen(as)).toEqual(ids.toReversed());
    await hint([{ userId: as.userId, productId: ids[0] ?? "", at: now }]);
    await shop.call("browsing-history.remove", { id: ids[0] ?? "" }, { as });
    expect(await seen(as)).toEqual(ids.slice(1).toReversed());
    const stranger = shop.call("browsing-history.remove", { id: ids[1] ?? "" }, { as: customer() });
    await expect(stranger).rejects.toMatchObject({ type: "not-found" });

    await hint([{ userId: as.userId, productId: ids[0] ?? "", at: now }]);
    await shop.call("browsing-history.clear", {}, { as });
    expect(await seen(as)).toEqual([]);
    await hint([{ userId: as.userId, productId: ids[0] ?? "", at: Date.now() + 1000 }]);
    expect(await seen(as)).toEqual([ids[0]]);
  });

  test("is not kept for those who switch it off, until they switch it on again", async () => {
    const person = await newPerson(shop);
    const as = callerOf(person);
    await shop.call("users.me.update", { keepsHistory: false }, { as });
    await shop.settled();
    await look(products[0], person.token);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await seen(as)).toEqual([]);
    const explicit = shop.call("browsing-history.create", { productId: products[0]?.id ?? "" }, { as });
    await expect(explicit).rejects.toMatchObject({ type: "illegal-transition" });
    await shop.call("users.me.update", { keepsHistory: true }, { as });
    await shop.settled();
    await look(products[1], person.token);
    await until(async () => (await seen(as)).length === 1);
  });

  test("is erased with the account, also what is written later", async () => {
    const person = await newPerson(shop);
    const as = callerOf(person);
    await look(products[0], person.token);
    await until(async () => (await seen(as)).length === 1);
    await shop.call("users.me.delete", {}, { as });
    await shop.settled();
    await hint([{ userId: as.userId, productId: products[1]?.id ?? "", at: Date.now() + 60_000 }]);
    expect(await seen(as)).toEqual([]);
    expect(await rowsOf(as.userId)).toBe(0);
  });

  test("hints that are none, or that say too much, are ignored", async () => {
    for (const payload of [undefined, {}, { views: "all" }, { views: [{ userId: "x" }] }])
      await shop.broker.emit(viewed, payload);
    expect(await seen(customer())).toEqual([]);
  });
});

describe("a shop that stops", () => {
  test("writes the views that wait", async () => {
    const shop = await startShop({ services: ["catalog", "browsing-history"] });
    const { database } = shop.broker.getLocalService("browsing-history") as Service & ServiceWithDatabase;
    const statements = await statementsOf(async () => {
      await shop.broker.emit(viewed, { views: [{ userId: newId(), productId: newId(), at: Date.now() }] });
      await shop.stop();
    });
    expect(database).toBeDefined();
    expect(statements.filter(({ sql }) => /INSERT INTO browsing_history/.test(sql))).toHaveLength(1);
  });
});
