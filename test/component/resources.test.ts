import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import { sendHttp } from "../support/http.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { statementsOf } from "../support/statements.ts";

const services = ["api", "users", "catalog", "cart", "orders", "favourites", "browsing-history", "audit"];
const path = "/api/v1/me/favourites/products";

let shop: Shop;
let products: readonly string[];
beforeAll(async () => {
  shop = await startShop({ services });
  products = await Promise.all(Array.from({ length: 7 }, newProduct));
}, 240_000);
afterAll(() => shop?.stop());

async function newProduct(): Promise<string> {
  return (
    await shop.call("catalog.products.create", { slug: `p-${newId()}`, name: "Mug", status: "published" })
  ).id;
}

const databaseOf = (name: string) =>
  (shop.broker.getLocalService(name) as Service & ServiceWithDatabase).database;

describe("favourites", () => {
  const add = (productId: string | undefined, as: Caller, note?: string) =>
    shop.call(
      "favourites.create",
      { productId: productId ?? "", ...(note === undefined ? {} : { note }) },
      { as },
    );

  test("a product is a favourite once; the newest come first, until they are removed", async () => {
    const as = customer();
    const one = await add(products[0], as, "for mum");
    expect(one).toMatchObject({ productId: products[0], note: "for mum", version: 1 });
    const two = await add(products[1], as);
    expect(two).toMatchObject({ note: null });
    expect(await add(products[0], as)).toEqual(one);
    expect((await shop.call("favourites.list", {}, { as })).items).toEqual([two, one]);
    expect((await shop.call("favourites.list", { productId: products[0] }, { as })).items).toEqual([one]);
    await shop.call("favourites.remove", { id: one.id }, { as });
    await expect(shop.call("favourites.get", { id: one.id }, { as })).rejects.toMatchObject({
      type: "not-found",
    });
    expect((await shop.call("favourites.list", {}, { as })).items).toEqual([two]);
  });

  test("fifty requests at once to add the same product add it once", async () => {
    const as = customer();
    const added = await Promise.all(Array.from({ length: 50 }, () => add(products[0], as)));
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
    expect((await shop.call("favourites.list", { count: true }, { as })).total).toBe(1);
  });

  test("those of another user are not found, changed or removed", async () => {
    const as = customer();
    const { id } = await add(products[0], as);
    for (const other of [
      customer(),
      { ...customer(), role: "administrator", permissions: ["catalog:write"] } as Caller,
    ]) {
      expect((await shop.call("favourites.list", {}, { as: other })).items).toEqual([]);
      for (const call of [
        shop.call("favourites.get", { id }, { as: other }),
        shop.call("favourites.update", { id, note: "mine" }, { as: other }),
        shop.call("favourites.remove", { id }, { as: other }),
      ])
        await expect(call).rejects.toMatchObject({ type: "not-found" });
    }
    expect(await shop.call("favourites.get", { id }, { as })).toMatchObject({ note: null, version: 1 });
  });

  test("a replaced operation refuses a product that is not on sale", async () => {
    const as = customer();
    await expect(add(newId(), as)).rejects.toMatchObject({ type: "not-found" });
    expect((await shop.call("favourites.list", {}, { as })).items).toEqual([]);
  });

  test("a user reads their own writes at once", async () => {
    const as = customer();
    for (const productId of products) {
      const { id } = await add(productId, as);
      expect((await shop.call("favourites.list", { limit: 1 }, { as })).items[0]?.id).toBe(id);
    }
  });

  test("pages follow a cursor along an index, and no statement has a value in its text", async () => {
    const as = customer();
    const added = [];
    for (const productId of products) added.unshift((await add(productId, as)).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    const statements = await statementsOf(async () => {
      do {
        const page = await shop.call("favourites.list", { limit: 3, cursor }, { as });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      await shop.call("favourites.update", { id: seen[0] ?? "", note: "kept" }, { as });
      await shop.call("favourites.remove", { id: seen[0] ?? "" }, { as });
    });
    expect(seen).toEqual(added);
    const own = statements.filter(({ sql }) => sql.includes("favourites"));
    expect(own.length).toBeGreaterThan(6);
    for (const { sql } of own) expect(sql).not.toMatch(/'|kept|[0-9a-f]{8}-/);
    const [page] = own;
    const { engine } = databaseOf("favourites");
    const plan = await databaseOf("favourites").select<Record<string, unknown>>(
      `EXPLAIN ${engine === "sqlite" ? "QUERY PLAN " : ""}${page?.sql}`,
      page?.values,
    );
    expect(JSON.stringify(plan)).toContain("favourites_owner_id_created_at");
  });

  describe("over REST", () => {
    let person: Person;
    beforeAll(async () => {
      person = await newPerson(shop);
    });
    const send = (
      method: string,
      to: string,
      { headers, body }: { headers?: Record<string, string>; body?: object } = {},
    ) =>
      sendHttp(shop.url, {
        method,
        path: to,
        token: person.token,
        ...(headers ? { headers } : {}),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });

    test("a change is made to the version that If-Match names, or not at all", async () => {
      const made = await send("POST", path, { body: { productId: products[0] } });
      expect(made.status).toBe(201);
      const location = made.headers.get("location") ?? "";
      const { headers } = await send("GET", location);
      const known = { "if-match": headers.get("etag") ?? "" };
      expect((await send("PATCH", location, { headers: known, body: { note: "one" } })).status).toBe(200);
      const late = await send("PATCH", location, { headers: known, body: { note: "two" } });
      expect([late.status, JSON.parse(late.body)]).toEqual([
        412,
        expect.objectContaining({ type: "/problems/precondition-failed" }),
      ]);
      expect((await send("DELETE", location, { headers: known })).status).toBe(412);
      expect(JSON.parse((await send("GET", location)).body)).toMatchObject({ note: "one", version: 2 });
      expect(JSON.parse((await send("PATCH", location, { body: { note: null } })).body)).toMatchObject({
        note: null,
        version: 3,
      });
      const fixed = await send("PATCH", location, { body: { productId: products[1] } });
      expect(fixed.status).toBe(422);
      expect((await send("DELETE", location)).status).toBe(204);
      expect((await send("GET", location)).status).toBe(404);
    });

    test("it is described", async () => {
      const { body } = await sendHttp(shop.url, { method: "GET", path: "/openapi.json" });
      const { paths } = JSON.parse(body) as {
        paths: Record<string, Record<string, { operationId: string; tags: string[] }>>;
      };
      expect(Object.values(paths[path] ?? {}).map(({ operationId }) => operationId)).toEqual([
        "favourites.list",
        "favourites.create",
      ]);
      expect(Object.keys(paths[`${path}/{id}`] ?? {})).toEqual(["get", "patch", "delete"]);
    });

    test("a deleted account takes its favourites along", async () => {
      await send("POST", path, { body: { productId: products[0] } });
      const rows = () =>
        databaseOf("favourites").select("SELECT id FROM favourites WHERE owner_id = ?", [person.userId]);
      expect(await rows()).toHaveLength(1);
      expect((await send("DELETE", "/api/v1/me")).status).toBe(204);
      await shop.settled();
      expect(await rows()).toEqual([]);
    });
  });

  test("the audit trail has each change of an owned row, without its content", async () => {
    const as = customer();
    const { id } = await add(products[0], as, "secret wish");
    await shop.call("favourites.update", { id, note: "another" }, { as });
    await shop.call("favourites.update", { id, note: "another" }, { as });
    await shop.call("favourites.remove", { id }, { as });
    await shop.settled();
    const { items } = await shop.call("audit.list", {
      entity: "favourite",
      entityId: id,
      sort: "occurredAt",
    });
    expect(items.map(({ type, actor, details }) => [type, actor.id, details])).toEqual(
      ["created", "updated", "removed"].map((change) => [
        `favourites.${change}`,
        as.userId,
        { id, ownerId: as.userId },
      ]),
    );
  });
});

describe("browsing history", () => {
  const view = (productId: string | undefined, as: Caller) =>
    shop.call("browsing-history.create", { productId: productId ?? "" }, { as });
  const seenBy = async (as: Caller) =>
    (await shop.call("browsing-history.list", {}, { as })).items.map(({ productId }) => productId);

  test("has each product once, the latest view first", async () => {
    const as = customer();
    await view(products[0], as);
    await view(products[1], as);
    await view(products[0], as);
    expect(await seenBy(as)).toEqual([products[0], products[1]]);
    await shop.settled();
    const { items } = await shop.call("audit.list", { actorId: as.userId });
    expect(items).toEqual([]);
  });

  test("keeps the last 200", async () => {
    const as = customer();
    const database = databaseOf("browsing-history");
    await database.transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, async (tx) => {
      for (let at = 1; at <= 203; at += 1)
        await database.insertIfAbsent(
          "browsing_history",
          {
            id: newId(),
            owner_id: as.userId,
            product_id: newId(),
            version: 1,
            created_at: at,
            updated_at: at,
          },
          tx,
        );
    });
    await view(products[0], as);
    const kept = await database.select<{ at: number }>(
      "SELECT updated_at AS at FROM browsing_history WHERE owner_id = ? ORDER BY updated_at",
      [as.userId],
    );
    expect(kept).toHaveLength(200);
    expect(kept[0]?.at).toBe(5);
    expect((await seenBy(as))[0]).toBe(products[0]);
  });
});

const embedded = Object.keys(clusterSettings()).length === 0 ? describe : describe.skip;

embedded("a resource whose rows staff see as a whole", () => {
  let extended: Shop;
  beforeAll(async () => {
    extended = await startShop({ services: ["wishes"], env: { SHOP_EXTENSIONS: "test/support/extensions" } });
  }, 240_000);
  afterAll(() => extended?.stop());

  const call = (action: string, params: object, caller: Caller) =>
    extended.broker.call<{ id: string; items: { id: string }[] }, object>(`wishes.${action}`, params, {
      meta: { caller },
    });

  test("a user has at most as many rows as the limit, also with concurrent requests", async () => {
    const user = customer();
    const made = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => call("create", { title: `wish ${n}` }, user)),
    );
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    for (const one of made)
      if (one.status === "rejected")
        expect(one.reason).toMatchObject({ type: "limit-reached", data: { limit: 3 } });
  });

  test("users work on their own rows, staff with the permission on all, others on none", async () => {
    const [user, other] = [customer(), customer()];
    const staff: Caller = { ...customer(), role: "support", permissions: ["orders:read"] };
    const { id } = await call("create", { title: "a boat" }, user);
    await call("create", { title: "a boat" }, other);
    await expect(call("create", { title: "a boat" }, user)).rejects.toMatchObject({ type: "already-exists" });
    await expect(call("get", { id }, other)).rejects.toMatchObject({ type: "not-found" });
    expect((await call("list", {}, other)).items.map((row) => row.id)).not.toContain(id);
    expect((await call("list", { sort: "-createdAt" }, staff)).items.map((row) => row.id)).toContain(id);
    expect(await call("update", { id, title: "a ship" }, staff)).toMatchObject({
      title: "a ship",
      version: 2,
    });
    const key: Caller = { kind: "key", keyId: newId(), permissions: ["orders:read"] };
    await expect(call("create", { title: "of a machine" }, key)).rejects.toMatchObject({ type: "forbidden" });
  });
});

embedded("a resource of an extension, which everyone reads and staff write", () => {
  let extended: Shop;
  let editor: Person;
  beforeAll(async () => {
    extended = await startShop({
      services: ["api", "users", "audit", "makers"],
      env: { SHOP_EXTENSIONS: "test/support/extensions" },
    });
    editor = await newPerson(extended, "merchandiser");
  }, 240_000);
  afterAll(() => extended?.stop());

  const send = (
    method: string,
    to: string,
    { token, headers, body }: { token?: string; headers?: Record<string, string>; body?: object } = {},
  ) =>
    sendHttp(extended.url, {
      method,
      path: `/api/v1/makers${to}`,
      token,
      ...(headers ? { headers } : {}),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const make = async (body: object) => {
    const answer = await send("POST", "", { token: editor.token, body });
    return { status: answer.status, made: JSON.parse(answer.body) as { id: string; version: number } };
  };

  test("is ready, without an owner too", async () => {
    const { body } = await sendHttp(extended.url, { method: "GET", path: "/health/ready" });
    expect((JSON.parse(body) as { checks: unknown[] }).checks).toContainEqual({
      name: "makers",
      status: "pass",
    });
  });

  test("returns fields of all kinds as they were given", async () => {
    const given = {
      slug: "acme",
      name: "Acme's ? $1",
      story: "once\nupon a time",
      tier: "premium",
      founded: 1900,
      shown: false,
      since: "2026-01-31T08:30:00.000Z",
      links: [{ title: "Home", url: "https://example.org" }],
      rating: 4.5,
    };
    const { status, made } = await make(given);
    expect([status, made]).toEqual([201, expect.objectContaining(given)]);
    expect(JSON.parse((await send("GET", `/${made.id}`)).body)).toEqual(made);
    const plain = await make({ slug: "plain", name: "Plain", founded: 2000 });
    expect(plain.made).toMatchObject({
      tier: "common",
      shown: true,
      links: [],
      story: null,
      since: null,
      rating: null,
    });
  });

  test("refuses a duplicate and names the field", async () => {
    await make({ slug: "twice", name: "Twice", founded: 1950 });
    const { status, made } = await make({ slug: "twice", name: "Again", founded: 1950 });
    expect([status, made]).toEqual([
      409,
      expect.objectContaining({
        type: "/problems/already-exists",
        errors: [expect.objectContaining({ path: "slug" })],
      }),
    ]);
  });

  test("is changed by staff with If-Match, and the audit trail has before and after", async () => {
    const { made } = await make({ slug: "changed", name: "Before", founded: 1960 });
    const body = { name: "After", story: "short" };
    expect((await send("PATCH", `/${made.id}`, { body })).status).toBe(401);
    expect((await send("PATCH", `/${made.id}`, { token: editor.token, body })).status).toBeGreaterThanOrEqual(
      400,
    );
    const changed = await send("PATCH", `/${made.id}`, {
      token: editor.token,
      headers: { "if-match": '"1"' },
      body,
    });
    expect(JSON.parse(changed.body)).toMatchObject({ name: "After", story: "short", version: 2 });
    await extended.settled();
    const { items } = await extended.call("audit.list", {
      entity: "maker",
      entityId: made.id,
      type: "makers.updated",
    });
    expect(items.map(({ details }) => details)).toEqual([
      { id: made.id, before: { name: "Before", story: null }, after: { name: "After", story: "short" } },
    ]);
  });

  test("is listed to everyone by its filters and in its sorts", async () => {
    for (const [name, founded, tier] of [
      ["Zeta", 1801, "premium"],
      ["Eta", 1802, "common"],
      ["Theta", 1801, "premium"],
    ] as const)
      await make({ slug: name.toLowerCase(), name, founded, tier });
    const names = async (query: string) => {
      const { body } = await send("GET", `?${query}`);
      return (JSON.parse(body) as { items: { name: string; founded: number }[] }).items
        .filter(({ founded }) => founded < 1810)
        .map(({ name }) => name);
    };
    expect(await names("sort=name")).toEqual(["Eta", "Theta", "Zeta"]);
    expect(await names("sort=-founded,name")).toEqual(["Eta", "Theta", "Zeta"]);
    expect(await names("sort=founded,-name&tier=premium&shown=true")).toEqual(["Zeta", "Theta"]);
    expect((await send("GET", "?sort=story")).status).toBe(422);
  });
});
