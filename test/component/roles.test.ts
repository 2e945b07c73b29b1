import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { Caller, UserCaller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import { roleNames, roles } from "../../mixins/contract/permissions.ts";
import { stepUpMs } from "../../mixins/contract/step-up.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const password = "a quiet long sentence";

describe("roles and API keys", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["api", "users", "catalog", "audit"] });
  });
  afterAll(() => shop.stop());

  const roleName = () => `r-${newId().slice(-10)}`;
  const staff = (...permissions: Permission[]): UserCaller => ({ ...customer(), role: "some", permissions });
  const manager = staff("users:read", "users:write", "orders:read");
  const administrator: UserCaller = {
    ...customer(),
    role: "administrator",
    permissions: [...roles.administrator],
  };

  async function account(role = "customer") {
    const email = `${newId()}@example.org`;
    await shop.call("users.register", { email, password, name: "Ada" }, { as: guest });
    const { accessToken, user } = await shop.call("users.login", { email, password }, { as: guest });
    if (role !== "customer") await shop.call("users.update", { id: user.id, role, expectedVersion: 1 });
    const { sid } = decodeJwt<{ sid: string }>(accessToken);
    const as: UserCaller = { ...customer(user.id), sessionId: sid };
    return { id: user.id, email, as, accessToken, version: role === "customer" ? 1 : 2 };
  }
  const create = async (permissions: Permission[], as: Caller = administrator) =>
    shop.call("users.roles.create", { name: roleName(), summary: "Test", permissions }, { as });
  const allowed = async ({ as }: { as: UserCaller }) =>
    (await shop.call("users.sessions.check", { sessionId: as.sessionId }))?.permissions;
  const refused = (type: string) => expect.objectContaining({ type });

  describe("roles", () => {
    test("those that come with the shop are listed and can be neither changed nor removed", async () => {
      const { items } = await shop.call("users.roles.list", {}, { as: manager });
      const builtIn = items.filter((role) => role.builtIn);
      expect(builtIn.map(({ name, permissions }) => [name, permissions])).toEqual(
        roleNames.map((name) => [name, roles[name]]),
      );
      for (const name of roleNames) {
        const change = shop.call(
          "users.roles.update",
          { name, permissions: [], expectedVersion: 1 },
          { as: administrator },
        );
        await expect(change).rejects.toEqual(refused("illegal-transition"));
        await expect(shop.call("users.roles.remove", { name }, { as: administrator })).rejects.toEqual(
          refused("illegal-transition"),
        );
        const again = shop.call(
          "users.roles.create",
          { name, summary: "x", permissions: [] },
          { as: administrator },
        );
        await expect(again).rejects.toEqual(refused("already-exists"));
      }
    });

    test("a custom role grants its permissions, and a change applies to open sessions", async () => {
      const role = await create(["stock:write"]);
      const keeper = await account(role.name);
      expect(await allowed(keeper)).toEqual(["stock:write"]);
      expect(await shop.call("users.me.get", {}, { as: keeper.as })).toMatchObject({
        role: role.name,
        permissions: ["stock:write"],
      });
      const { items: holders } = await shop.call("users.list", { role: role.name });
      expect(holders).toMatchObject([{ id: keeper.id, permissions: ["stock:write"] }]);

      const change = {
        name: role.name,
        permissions: ["catalog:write", "stock:write", "stock:write"],
        expectedVersion: 1,
      } as const;
      const changed = await shop.call(
        "users.roles.update",
        { ...change, permissions: [...change.permissions] },
        { as: administrator },
      );
      expect(changed).toMatchObject({ version: 2, permissions: ["catalog:write", "stock:write"] });
      expect(await allowed(keeper)).toEqual(["catalog:write", "stock:write"]);
      const stale = shop.call(
        "users.roles.update",
        { name: role.name, summary: "x", expectedVersion: 1 },
        { as: administrator },
      );
      await expect(stale).rejects.toEqual(refused("precondition-failed"));
    });

    test("an assigned role cannot be removed; an unassigned one can, with its history in the trail", async () => {
      const role = await create(["stock:write"]);
      const keeper = await account(role.name);
      const remove = () => shop.call("users.roles.remove", { name: role.name }, { as: administrator });
      await expect(remove()).rejects.toEqual(refused("in-use"));
      await shop.call("users.update", { id: keeper.id, role: "customer", expectedVersion: keeper.version });
      expect(await remove()).toBeNull();
      await expect(remove()).rejects.toEqual(refused("not-found"));
      const give = shop.call("users.update", {
        id: keeper.id,
        role: role.name,
        expectedVersion: keeper.version + 1,
      });
      await expect(give).rejects.toMatchObject({
        type: "validation-failed",
        data: { errors: [{ path: "role" }] },
      });
      await shop.settled();
      const { items } = await shop.call("audit.list", {
        entity: "role",
        entityId: role.name,
        sort: "occurredAt",
      });
      expect(items.map(({ details }) => [details["before"] !== null, details["after"] !== null])).toEqual([
        [false, true],
        [true, false],
      ]);
    });

    test("concurrent assignment and removal leave no account with a removed role", async () => {
      for (let round = 0; round < 5; round += 1) {
        const role = await create(["stock:write"]);
        const someone = await account();
        await Promise.allSettled([
          shop.call("users.update", { id: someone.id, role: role.name, expectedVersion: 1 }),
          shop.call("users.roles.remove", { name: role.name }, { as: administrator }),
        ]);
        const { items } = await shop.call("users.roles.list", {}, { as: manager });
        const has = (await shop.call("users.get", { id: someone.id })).role === role.name;
        expect(items.some(({ name }) => name === role.name)).toBe(has);
      }
    });
  });

  describe("privilege escalation is prevented", () => {
    const beyondThem: Permission = "stock:write";

    test("not in a role, new or changed or removed", async () => {
      await expect(create([beyondThem], manager)).rejects.toMatchObject({
        type: "forbidden",
        data: { permissions: [beyondThem] },
      });
      const mine = await create(["orders:read"], manager);
      const widen = { name: mine.name, permissions: [beyondThem], expectedVersion: 1 };
      await expect(shop.call("users.roles.update", widen, { as: manager })).rejects.toEqual(
        refused("forbidden"),
      );
      const theirs = await create([beyondThem]);
      const narrow = { name: theirs.name, permissions: [], expectedVersion: 1 };
      await expect(shop.call("users.roles.update", narrow, { as: manager })).rejects.toEqual(
        refused("forbidden"),
      );
      await expect(shop.call("users.roles.remove", { name: theirs.name }, { as: manager })).rejects.toEqual(
        refused("forbidden"),
      );
    });

    test("not to an account, and not from one that may do more", async () => {
      const someone = await account();
      const promote = { id: someone.id, role: "administrator", expectedVersion: 1 };
      await expect(shop.call("users.update", promote, { as: manager })).rejects.toEqual(refused("forbidden"));
      const above = await account("merchandiser");
      for (const change of [{ role: "customer" }, { status: "disabled" as const }]) {
        const attempt = shop.call(
          "users.update",
          { id: above.id, expectedVersion: above.version, ...change },
          { as: manager },
        );
        await expect(attempt).rejects.toEqual(refused("forbidden"));
      }
      expect(await shop.call("users.get", { id: above.id })).toMatchObject({
        role: "merchandiser",
        status: "active",
      });
    });

    test("not in an API key", async () => {
      const maker = staff("keys:write", "orders:read");
      const make = (permissions: Permission[]) =>
        shop.call("users.api-keys.create", { name: "x", permissions }, { as: maker });
      await expect(make([beyondThem])).rejects.toEqual(refused("forbidden"));
      await expect(make(["users:write", "orders:read"])).rejects.toEqual(refused("forbidden"));
    });
  });

  test("the last administrator can be neither demoted nor disabled, not by two at once either", async () => {
    const [one, two] = [await account("administrator"), await account("administrator")];
    const others = (await shop.call("users.list", { role: "administrator", status: "active", limit: 100 }))
      .items;
    for (const { id, version } of others.filter(({ id }) => id !== one.id && id !== two.id))
      await shop.call("users.update", { id, role: "customer", expectedVersion: version });

    const outcomes = await Promise.allSettled([
      shop.call("users.update", { id: one.id, role: "customer", expectedVersion: one.version }),
      shop.call("users.update", { id: two.id, status: "disabled", expectedVersion: two.version }),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const left = (await shop.call("users.list", { role: "administrator", status: "active" })).items;
    expect(left).toHaveLength(1);
    const [last] = left;
    for (const change of [{ role: "support" }, { status: "disabled" as const }]) {
      const attempt = shop.call("users.update", {
        id: last?.id ?? "",
        expectedVersion: last?.version ?? 0,
        ...change,
      });
      await expect(attempt).rejects.toEqual(refused("illegal-transition"));
    }
  });

  test("granting permissions requires a recent re-authentication", async () => {
    const stale = { ...administrator, verifiedAt: Date.now() - stepUpMs };
    const attempts = [
      create([], stale),
      shop.call("users.api-keys.create", { name: "x", permissions: ["orders:read"] }, { as: stale }),
      shop.call("users.update", { id: newId(), status: "disabled", expectedVersion: 1 }, { as: stale }),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toEqual(refused("step-up-required"));
  });

  describe("API keys", () => {
    const send = async (path: string, headers: Record<string, string>, method = "GET", body?: object) =>
      fetch(`${shop.url}/api/v1${path}`, {
        method,
        headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const stockOf = (key: string, variantId = newId()) =>
      send(`/variants/${variantId}/stock-movements`, { "x-api-key": key });

    async function maker() {
      const role = await create(["keys:write", "stock:write", "orders:read"]);
      const person = await account(role.name);
      const as: UserCaller = { ...person.as, role: role.name, permissions: role.permissions };
      return { ...person, as, role };
    }
    const make = async (as: Caller, expiresInDays?: number) =>
      shop.call(
        "users.api-keys.create",
        { name: "Till", permissions: ["stock:write"], expiresInDays },
        { as },
      );

    test("a key is shown once, stored as a hash, and grants its permissions only", async () => {
      const { as, id } = await maker();
      const { key, ...shown } = await make(as);
      expect(key).toMatch(/^sk_[\w-]{43}$/);
      expect(shown).toMatchObject({
        hint: key.slice(-4),
        createdBy: id,
        permissions: ["stock:write"],
        lastUsedAt: null,
      });
      const listed = await shop.call("users.api-keys.list", {}, { as });
      expect(JSON.stringify(listed)).not.toContain(key);

      // Authorized: it fails at the lookup.
      const ways: Record<string, string>[] = [{ "x-api-key": key }, { authorization: `Bearer ${key}` }];
      for (const headers of ways)
        expect((await send(`/variants/${newId()}/stock-movements`, headers)).status).toBe(404);
      expect((await send("/users", { "x-api-key": key })).status).toBe(403);
      expect((await send("/me", { "x-api-key": key })).status).toBe(403);
      expect(
        (await send("/api-keys", { "x-api-key": key }, "POST", { name: "y", permissions: ["stock:write"] }))
          .status,
      ).toBe(403);
      expect((await send("/products", { "x-api-key": key })).status).toBe(200);
      expect((await send("/products", { "x-api-key": `${key.slice(0, -1)}-` })).status).toBe(401);
      const used = await shop.call("users.api-keys.get", { id: shown.id }, { as });
      expect(used.lastUsedAt).not.toBeNull();
      await shop.settled();
      const { items } = await shop.call("audit.list", { entity: "api-key", entityId: shown.id });
      expect(items).toMatchObject([{ type: "users.api-key-created", actor: { kind: "user", id } }]);
      expect(JSON.stringify(items)).not.toContain(key);
    });

    test("a revoked one is refused within a second", async () => {
      const { as } = await maker();
      const { key, id } = await make(as);
      expect((await stockOf(key)).status).toBe(404);
      await shop.call("users.api-keys.revoke", { id }, { as });
      expect(await shop.call("users.api-keys.revoke", { id }, { as })).toBeNull();
      while ((await stockOf(key)).status !== 401) await new Promise((resolve) => setTimeout(resolve, 10));
      await shop.settled();
      const { items } = await shop.call("audit.list", {
        entity: "api-key",
        entityId: id,
        type: "users.api-key-revoked",
      });
      expect(items).toHaveLength(1);
    });

    test("it never allows more than its maker may do now, and ends with their account", async () => {
      const { as, id, role, version } = await maker();
      const { key } = await make(as);
      await shop.call(
        "users.roles.update",
        { name: role.name, permissions: ["keys:write"], expectedVersion: 1 },
        { as: administrator },
      );
      expect((await stockOf(key)).status).toBe(403);
      await shop.call("users.update", { id, status: "disabled", expectedVersion: version });
      while ((await stockOf(key)).status !== 401) await new Promise((resolve) => setTimeout(resolve, 10));
    });

    test("a machine's actions are audited under its key", async () => {
      const { as } = await maker();
      const { key, id } = await shop.call(
        "users.api-keys.create",
        { name: "Sync", permissions: ["stock:write"] },
        { as },
      );
      const product = await shop.call("catalog.products.create", {
        name: "Mug",
        slug: newId(),
        status: "published",
      });
      const variant = await shop.call("catalog.variants.create", {
        productId: product.id,
        sku: newId(),
        priceMinor: 100,
      });
      const response = await send(`/variants/${variant.id}/stock`, { "x-api-key": key }, "PATCH", {
        kind: "receive",
        quantity: 3,
        reason: "delivery",
      });
      expect(response.status).toBe(200);
      await shop.settled();
      const { items } = await shop.call("audit.list", {
        entity: "variant",
        entityId: variant.id,
        type: "catalog.stock-changed",
      });
      expect(items[0]?.actor).toEqual({ kind: "key", id });
    });
  });
});
