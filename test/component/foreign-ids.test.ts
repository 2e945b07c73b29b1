import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import type { Endpoint } from "../../services/api/endpoints.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Permission } from "../../services/contract/permissions.ts";
import { permissions } from "../../services/contract/permissions.ts";
import type { Everything } from "../support/everything.ts";
import { everyPlace, homeAddress, makeEverything, placesOf } from "../support/everything.ts";
import { GoodRequests } from "../support/good-requests.ts";
import type { HttpAnswer } from "../support/http.ts";
import { sendHttp } from "../support/http.ts";
import type { Person } from "../support/people.ts";
import { newApiKey, newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { tableDigests } from "../support/table-dump.ts";

const everyPermission = Object.keys(permissions) as Permission[];

/** Someone who knows an id that is not theirs. */
interface Stranger {
  readonly name: string;
  readonly token: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

describe("what belongs to someone else", () => {
  let shop: Shop;
  let world: Everything;
  let good: GoodRequests;
  let customer: Person;
  let guests: Stranger[];
  let users: Stranger[];
  const staffWithout = new Map<Permission, Stranger>();

  beforeAll(async () => {
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "3600" } });
    world = await makeEverything(shop);
    good = await GoodRequests.of(shop.url);
    customer = await newPerson(shop);
    const own = await sendHttp(shop.url, { method: "POST", path: "/api/v1/carts" });
    const { token: cartToken } = JSON.parse(own.body) as { token: string };
    const withToken = { "x-cart-token": cartToken };
    const { key } = await newApiKey(shop, world.staff, everyPermission);
    users = [{ name: "another customer", token: customer.token }, { name: "an administrator", token: world.staff.token }];
    guests = [
      { name: "a guest", token: undefined },
      { name: "a guest with a cart of their own", token: undefined, headers: withToken },
      { name: "a customer with a guest's cart", token: customer.token, headers: withToken },
      { name: "a machine", token: key },
      ...users,
    ];
    for (const permission of everyPermission) {
      const name = `all-but-${permission.replace(":", "-")}`.slice(0, 20);
      await shop.call("users.roles.create", { name, summary: "For a test", permissions: everyPermission.filter((one) => one !== permission) });
      staffWithout.set(permission, { name: `staff without ${permission}`, token: (await newPerson(shop, name)).token });
    }
    // Once in a while it is noted that a key is in use.
    await sendHttp(shop.url, { method: "GET", path: "/api/v1/me", token: key });
  }, 120_000);
  afterAll(() => shop?.stop());

  /** Who must not find what a route's path names; nobody when it belongs to nobody in particular. */
  function strangersTo({ contract: { access } }: Endpoint): Stranger[] {
    if (typeof access === "string") return access === "signed-in" ? users : guests;
    if (!("ownerOr" in access)) return [];
    const staff = staffWithout.get(access.ownerOr);
    const another = { name: "another customer", token: customer.token };
    return staff ? [another, staff] : [another];
  }

  function routesWithIds(): Endpoint[] {
    return good.endpoints.filter(({ route }) => route.path.includes("{"));
  }

  /** Every way to name what is the owner's in a path. */
  function pathsOf({ route }: Endpoint): string[][] {
    const choices = placesOf(route.path).map((place) => world.byPlace[place] ?? []);
    const [first = [], second] = choices;
    if (!second) return first.map((id) => [id]);
    return second.map((id, index) => [first[Math.min(index, first.length - 1)] ?? "", id]);
  }

  async function attempt(endpoint: Endpoint, { token, headers }: Stranger, values: readonly string[]): Promise<HttpAnswer> {
    const { method, path, headers: needed, body } = good.for(endpoint, values);
    return sendHttp(shop.url, { method, path, token, headers: { ...needed, ...headers }, body });
  }

  test("is known for every id that a route takes", () => {
    expect([...everyPlace].filter((place) => !(place in world.byPlace))).toEqual([]);
  });

  test("is not there, for anybody else and whatever they try, and stays as it was", async () => {
    const before = await tableDigests(shop);
    const wrong: string[] = [];
    let tried = 0;
    for (const endpoint of routesWithIds())
      for (const values of pathsOf(endpoint))
        for (const stranger of strangersTo(endpoint)) {
          tried += 1;
          const { status } = await attempt(endpoint, stranger, values);
          if (status !== 404) wrong.push(`${endpoint.action} by ${stranger.name}: ${status}`);
        }
    process.stdout.write(`${tried} requests with other people's ids\n`);
    expect(wrong).toEqual([]);
    expect(await tableDigests(shop)).toEqual(before);
  }, 120_000);

  test("is not there either as a part of what is one's own", async () => {
    const mine = await makeEverything(shop);
    const staff = { name: "staff", token: world.staff.token };
    const owner = { name: "the owner of the other", token: mine.owner.token };
    const before = await tableDigests(shop);
    const wrong: string[] = [];
    let tried = 0;
    for (const endpoint of routesWithIds()) {
      const [whole = "", part] = placesOf(endpoint.route.path);
      const [own, foreign] = [mine.byPlace[whole]?.[0], part === undefined ? undefined : world.byPlace[part]?.[0]];
      if (own === undefined || foreign === undefined) continue;
      const isForStaff = typeof endpoint.contract.access === "object" && "permission" in endpoint.contract.access;
      for (const who of isForStaff ? [staff] : [owner, staff]) {
        if (who === staff && endpoint.contract.access === "anyone") continue;
        tried += 1;
        const { status } = await attempt(endpoint, who, [own, foreign]);
        if (status !== 404) wrong.push(`${endpoint.action} by ${who.name}: ${status}`);
      }
    }
    expect(tried).toBeGreaterThan(4);
    expect(wrong).toEqual([]);
    expect(await tableDigests(shop)).toEqual(before);
  }, 120_000);

  test("cannot be reached through a body, a query or a header", async () => {
    const post = (path: string, body: object, headers: Record<string, string> = {}, token: string | undefined = customer.token) =>
      sendHttp(shop.url, { method: "POST", path: `/api/v1${path}`, token, headers: { "idempotency-key": newId(), ...headers }, body: JSON.stringify(body) });
    const { id: ownCart } = JSON.parse((await post("/carts", {})).body) as { id: string };
    await post(`/carts/${ownCart}/items`, { variantId: world.variantId });
    const quote = await sendHttp(shop.url, { method: "GET", path: `/api/v1/carts/${ownCart}/quote`, token: customer.token });
    const { total } = JSON.parse(quote.body) as { total: object };
    const mine = await makeEverything(shop);
    const before = await tableDigests(shop);

    const othersCart = await post("/orders", { cartId: world.cartId, total, shippingAddress: homeAddress });
    const guestsCart = await post("/orders", { cartId: world.guestCart.id, total, shippingAddress: homeAddress }, { "x-cart-token": "guessed" });
    const othersAddress = await post("/orders", { cartId: ownCart, total, shippingAddress: { addressId: world.addressId } });
    const line = { lineId: world.paid.lineId, quantity: 1 };
    const staff = world.staff.token;
    const returned = await post(`/orders/${mine.paid.id}/returns`, { lines: [line], reason: "broken" }, {}, staff);
    const shipped = await post(`/orders/${mine.paid.id}/shipments`, { lines: [line] }, {}, staff);
    expect([othersCart, guestsCart, othersAddress].map(({ status }) => status)).toEqual([404, 404, 404]);
    expect([returned, shipped].map(({ status }) => status)).toEqual([404, 404]);

    const orders = await sendHttp(shop.url, { method: "GET", path: `/api/v1/orders?customerId=${world.owner.userId}`, token: customer.token });
    expect(JSON.parse(orders.body)).toEqual({ items: [], nextCursor: null });
    expect(await tableDigests(shop)).toEqual(before);
  }, 60_000);

  /** So that an id that comes from somewhere else is not forgotten above. */
  test("no other ids are taken from bodies, queries and headers than these", () => {
    const taken = good.endpoints.flatMap((endpoint) => idsOutsidePath(endpoint).map((name) => `${endpoint.action} ${name}`));
    expect(taken.sort()).toEqual(idsTaken.toSorted());
  });
});

function idsOutsidePath({ contract, fromPath }: Endpoint): string[] {
  const schema = z.toJSONSchema(contract.params, { io: "input", unrepresentable: "any" });
  const found: string[] = [];
  const look = (value: unknown, name: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { format, properties, ...rest } = value as { format?: string; properties?: Record<string, unknown> };
    if (format === "uuid") found.push(name);
    for (const [key, inner] of Object.entries(properties ?? {})) look(inner, name === "" ? key : `${name}.${key}`);
    for (const inner of Object.values(rest)) if (typeof inner === "object") for (const one of Array.isArray(inner) ? inner : [inner]) look(one, name);
  };
  look(schema, "");
  return [...new Set(found)].filter((name) => !fromPath.includes(name));
}

/** Public or for staff, but for those that the test before sends; a guest's cart is named with its token at login. */
const idsTaken = [
  "cart.items.add variantId",
  "catalog.categories.create parentId",
  "catalog.categories.list parent",
  "catalog.categories.update parentId",
  "catalog.products.create categoryId",
  "catalog.products.list category",
  "catalog.products.update categoryId",
  "orders.list customerId",
  "orders.list productId",
  "orders.place cartId",
  "orders.place shippingAddress.addressId",
  "orders.returns.record lines.lineId",
  "orders.shipments.create lines.lineId",
  "users.login guestCart.id",
  "users.login.finish guestCart.id",
];
