import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Result } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { publishCounts } from "../../services/favourites/jobs/publish-counts.job.ts";
import { repairCounts } from "../../services/favourites/jobs/repair-counts.job.ts";
import { invariants } from "../../services/favourites/data/invariants.ts";
import { findViolations } from "../../mixins/database/invariant.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";
import { statementsOf } from "../support/statements.ts";

describe("favourites", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({
      services: ["users", "catalog", "favourites"],
      env: { SWEEP_INTERVAL_SECONDS: "3600" },
    });
  }, 240_000);
  afterAll(() => shop?.stop());

  const database = () =>
    (shop.broker.getLocalService("favourites") as Service & ServiceWithDatabase).database;
  async function newProduct(priceMinor = 1000) {
    const product = await shop.call("catalog.products.create", {
      slug: `p-${newId()}`,
      name: "Mug",
      status: "published",
      variants: [{ sku: `S-${newId()}`, priceMinor, options: {} }],
    });
    const [variant] = product.variants;
    if (!variant) throw new Error("no variant");
    return { ...product, variant };
  }
  /** Again for two seconds, while a replica does not have a new product yet. */
  async function add(productId: string, as: Caller, attempts = 40): Promise<Result<"favourites.create">> {
    try {
      return await shop.call("favourites.create", { productId }, { as });
    } catch (error) {
      if (attempts === 1 || !isShopError(error) || error.type !== "not-found") throw error;
      await pause(50);
      return add(productId, as, attempts - 1);
    }
  }
  const list = async (as: Caller) => (await shop.call("favourites.list", {}, { as })).items;
  const publish = async () => {
    await runJob(shop, "favourites", publishCounts, Date.now());
    await shop.settled();
  };
  const shown = async (idOrSlug: string) =>
    (await shop.call("catalog.products.get", { idOrSlug })).favourites;
  const counted = async (id: string) =>
    (
      await database().select<{ favourites: number }>(
        "SELECT favourites FROM favourite_counts WHERE product_id = ?",
        [id],
      )
    )[0]?.favourites;
  const violations = async () => {
    const moments = { now: Date.now(), graceMs: 0, keysRetainedSince: 0, inboxRetainedSince: 0 };
    const context = { moments, config: configOf(shop.broker) };
    const found = [];
    for (const invariant of invariants.filter(({ code }) => code.startsWith("favourites.")))
      found.push(...(await findViolations(database(), invariant, { after: "", upTo: undefined }, context)));
    return found;
  };

  test("are listed with the price and stock of now, and by how much the price fell", async () => {
    const as = customer();
    const { id, variant } = await newProduct(1000);
    const added = await add(id, as);
    expect(added).toMatchObject({
      priceWhenAdded: { amount: 1000, currency: "GBP" },
      priceFellBy: null,
      product: { id, inStock: false, priceFrom: { amount: 1000 } },
    });
    await shop.call("catalog.variants.update", {
      id: variant.id,
      priceMinor: 850,
      expectedVersion: variant.version,
    });
    await shop.call("catalog.stock.change", {
      variantId: variant.id,
      kind: "receive",
      quantity: 1,
      reason: "delivery",
    });
    expect(await list(as)).toMatchObject([
      {
        priceWhenAdded: { amount: 1000 },
        priceFellBy: { amount: 150, currency: "GBP" },
        product: { inStock: true, priceFrom: { amount: 850 } },
      },
    ]);
    const { version } = await shop.call("catalog.products.get", { idOrSlug: id });
    await shop.call("catalog.products.update", { id, status: "archived", expectedVersion: version });
    expect(await list(as)).toMatchObject([{ productId: id, product: null, priceFellBy: null }]);
  });

  test("a page of them asks the catalogue once, whatever its length", async () => {
    const as = customer();
    for (let n = 0; n < 5; n += 1) await add((await newProduct()).id, as);
    const statements = await statementsOf(() => list(as));
    expect(statements.filter(({ sql }) => sql.includes("FROM products"))).toHaveLength(1);
    expect(statements.filter(({ sql }) => sql.includes("FROM favourites"))).toHaveLength(1);
  });

  test("are counted on the product, at a thousand customers as at one, and lowered again", async () => {
    const { id, slug } = await newProduct();
    const customers = Array.from({ length: 40 }, () => customer());
    await Promise.all(customers.flatMap((as) => [add(id, as), add(id, as)]));
    expect(await counted(id)).toBe(40);
    await publish();
    expect(await shown(slug)).toBe(40);
    const [first, second] = customers;
    if (!first || !second) throw new Error("there are none");
    await Promise.allSettled([1, 2, 3].map(() => shop.call("favourites.remove", { id }, { as: first })));
    await shop.call("favourites.remove", { id }, { as: second });
    await publish();
    expect([await counted(id), await shown(id)]).toEqual([38, 38]);
    expect(await violations()).toEqual([]);
  });

  test("adding and removing at once leave the count right", async () => {
    const { id } = await newProduct();
    const customers = Array.from({ length: 10 }, () => customer());
    await Promise.allSettled(
      customers.flatMap((as) => [
        add(id, as),
        shop.call("favourites.remove", { id }, { as }),
        add(id, as),
        shop.call("favourites.remove", { id }, { as }),
      ]),
    );
    expect(await violations()).toEqual([]);
  });

  test("counts leave many in one event, with no customer in it", async () => {
    const as = customer();
    await publish();
    for (let n = 0; n < 3; n += 1) await add((await newProduct()).id, as);
    const events: string[] = [];
    database().onPublished((published) => events.push(...published.map((event) => JSON.stringify(event))));
    await publish();
    const [event, ...more] = events;
    expect(more).toEqual([]);
    expect(event).not.toContain(as.userId);
    expect((JSON.parse(event ?? "{}") as EventEnvelope<"favourites.counted">).payload.products).toHaveLength(
      3,
    );
  });

  test("an older count that arrives late does not replace a newer one", async () => {
    const { id } = await newProduct();
    const event = (favourites: number, version: number) =>
      ({
        id: newId(),
        name: "favourites.counted",
        occurredAt: Date.now(),
        actor: { kind: "system" },
        requestId: "test",
        payload: { batchId: newId(), products: [{ id, favourites, version }] },
      }) as EventEnvelope;
    await deliver(shop.broker, [event(7, 3), event(5, 2)]);
    await deliver(shop.broker, [event(6, 1)]);
    expect(await shown(id)).toBe(7);
  });

  test("a wrong count is found, and repaired", async () => {
    const as = customer();
    const [one, other] = [await newProduct(), await newProduct()];
    await add(one.id, as);
    await add(other.id, as);
    await database().transaction({ actor: { kind: "system" }, requestId: "test" }, async (tx) => {
      await database().execute(
        "UPDATE favourite_counts SET favourites = 5 WHERE product_id = ?",
        [one.id],
        tx,
      );
      await database().execute("DELETE FROM favourite_counts WHERE product_id = ?", [other.id], tx);
    });
    expect(await violations()).toHaveLength(2);
    await runJob(shop, "favourites", repairCounts, Date.now());
    expect(await violations()).toEqual([]);
    expect([await counted(one.id), await counted(other.id)]).toEqual([1, 1]);
  });

  test("those of a deleted account are counted no more", async () => {
    const email = `${newId()}@example.org`;
    await shop.call("users.register", { email, password: "a quiet long sentence", name: "Ada" });
    const { user } = await shop.call("users.login", { email, password: "a quiet long sentence" });
    const as = customer(user.id);
    const { id } = await newProduct();
    await add(id, as);
    await shop.call("users.me.delete", {}, { as });
    await shop.settled();
    await publish();
    expect([await counted(id), await shown(id)]).toEqual([0, 0]);
  });
});
