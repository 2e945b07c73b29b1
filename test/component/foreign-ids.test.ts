import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import type { Endpoint } from "../../services/api/routing/endpoints.ts";
import { until } from "../cluster/processes.ts";
import type { ActionContract } from "../../mixins/contract/contract.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import { permissions } from "../../mixins/contract/permissions.ts";
import type { Fixtures } from "../support/fixtures.ts";
import { pathParameters, homeAddress, createFixtures, pathParametersOf } from "../support/fixtures.ts";
import { orderAsGuest } from "../support/guests.ts";
import { GoodRequests } from "../support/good-requests.ts";
import type { HttpAnswer } from "../support/http.ts";
import { sendHttp } from "../support/http.ts";
import { newMerchant } from "../support/merchant-of.ts";
import type { Person } from "../support/people.ts";
import { newApiKey, newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import { tableDigests } from "../support/table-dump.ts";

const everyPermission = Object.keys(permissions) as Permission[];

/** A caller who knows a foreign id. */
interface Stranger {
  readonly name: string;
  readonly token: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

describe("foreign resources", () => {
  let shop: Shop;
  let world: Fixtures;
  let good: GoodRequests;
  let customer: Person;
  let otherTrader: Stranger;
  let anotherOrder: Stranger;
  let guests: Stranger[];
  let users: Stranger[];
  const staffWithout = new Map<Permission, Stranger>();

  beforeAll(async () => {
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "3600" } });
    world = await createFixtures(shop);
    good = await GoodRequests.of(shop.url);
    customer = await newPerson(shop);
    const trader = await newPerson(shop);
    await newMerchant(shop, trader);
    otherTrader = { name: "the owner of another merchant", token: trader.token };
    const traffic = new ShopTraffic(shop.broker, Math.random);
    const { orderToken } = await orderAsGuest(traffic, `${newId()}@example.org`, world.variantId);
    anotherOrder = { name: "the bearer of another order's token", token: orderToken };
    const own = await sendHttp(shop.url, { method: "POST", path: "/api/v1/carts" });
    const { token: cartToken } = JSON.parse(own.body) as { token: string };
    const withToken = { "x-cart-token": cartToken };
    const { key } = await newApiKey(shop, world.staff, everyPermission);
    users = [
      { name: "another customer", token: customer.token },
      { name: "an administrator", token: world.staff.token },
    ];
    guests = [
      { name: "a guest", token: undefined },
      { name: "a guest with a cart of their own", token: undefined, headers: withToken },
      { name: "a customer with a guest's cart", token: customer.token, headers: withToken },
      { name: "a machine", token: key },
      ...users,
    ];
    for (const permission of everyPermission) {
      const name = `all-but-${everyPermission.indexOf(permission)}`;
      await shop.call("users.roles.create", {
        name,
        summary: "For a test",
        permissions: everyPermission.filter((one) => one !== permission),
      });
      staffWithout.set(permission, {
        name: `staff without ${permission}`,
        token: (await newPerson(shop, name)).token,
      });
    }
    // The time of a key's use is recorded at intervals.
    await sendHttp(shop.url, { method: "GET", path: "/api/v1/me", token: key });
    // The first miss is reported to the audit trail at once, further ones a quarter of an hour later.
    await sendHttp(shop.url, { method: "GET", path: `/api/v1/orders/${newId()}`, token: customer.token });
    const told = async () =>
      (await shop.call("audit.list", { type: "audit.attacks-refused" })).items.map(
        ({ details }) => details["kind"],
      );
    await until(async () => new Set(await told()).size === 2);
    await shop.settled();
  }, 600_000);
  afterAll(() => shop?.stop());

  /** Callers who must not find a path's resource; none if it has no owner. */
  function strangersTo({ contract: { access } }: Endpoint): Stranger[] {
    if (typeof access === "string") return access === "signed-in" ? users : guests;
    if ("merchantOr" in access) return [otherTrader];
    if ("buyerOf" in access) return [...users, anotherOrder];
    if (!("ownerOr" in access)) return [];
    const staff = staffWithout.get(access.ownerOr);
    const another = { name: "another customer", token: customer.token };
    const bearers = "orderToken" in access ? [anotherOrder] : [];
    return staff ? [another, ...bearers, staff] : [another, ...bearers];
  }

  function routesWithIds(): Endpoint[] {
    return good.endpoints.filter(({ route }) => route.path.includes("{"));
  }

  /** Every path form that names the owner's resource. */
  function pathsOf({ route, contract }: Endpoint): string[][] {
    const ids = isOfMerchant(contract) ? world.ofMerchant : world.byPathParameter;
    const choices = pathParametersOf(route.path).map((place) => ids[place] ?? []);
    const [first = [], second] = choices;
    if (!second) return first.map((id) => [id]);
    return second.map((id, index) => [first[Math.min(index, first.length - 1)] ?? "", id]);
  }

  async function attempt(
    endpoint: Endpoint,
    { token, headers }: Stranger,
    values: readonly string[],
  ): Promise<HttpAnswer> {
    const { method, path, headers: needed, body } = good.for(endpoint, values);
    return sendHttp(shop.url, { method, path, token, headers: { ...needed, ...headers }, body });
  }

  test("is known for every id that a route takes", () => {
    expect([...pathParameters].filter((place) => !(place in world.byPathParameter))).toEqual([]);
    const ofMembers = routesWithIds()
      .filter(({ contract }) => isOfMerchant(contract))
      .flatMap(({ route }) => pathParametersOf(route.path));
    expect(ofMembers.filter((place) => !(place in world.ofMerchant))).toEqual([]);
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
  }, 600_000);

  test("a foreign id is not-found under one's own resource too", async () => {
    const mine = await createFixtures(shop);
    const staff = { name: "staff", token: world.staff.token };
    const owner = { name: "the owner of the other", token: mine.owner.token };
    const before = await tableDigests(shop);
    const wrong: string[] = [];
    let tried = 0;
    for (const endpoint of routesWithIds()) {
      const [whole = "", part] = pathParametersOf(endpoint.route.path);
      const ids = isOfMerchant(endpoint.contract) ? "ofMerchant" : "byPathParameter";
      const [own, foreign] = [mine[ids][whole]?.[0], part === undefined ? undefined : world[ids][part]?.[0]];
      if (own === undefined || foreign === undefined) continue;
      const isForStaff =
        typeof endpoint.contract.access === "object" && "permission" in endpoint.contract.access;
      const trader = { name: "the owner of the other merchant", token: mine.trader.token };
      const first = isOfMerchant(endpoint.contract) ? trader : owner;
      for (const who of isForStaff ? [staff] : [first, staff]) {
        if (who === staff && endpoint.contract.access === "anyone") continue;
        tried += 1;
        const { status } = await attempt(endpoint, who, [own, foreign]);
        if (status !== 404) wrong.push(`${endpoint.action} by ${who.name}: ${status}`);
      }
    }
    expect(tried).toBeGreaterThan(4);
    expect(wrong).toEqual([]);
    expect(await tableDigests(shop)).toEqual(before);
  }, 600_000);

  test("cannot be reached through a body, a query or a header", async () => {
    const post = (
      path: string,
      body: object,
      headers: Record<string, string> = {},
      token: string | undefined = customer.token,
    ) =>
      sendHttp(shop.url, {
        method: "POST",
        path: `/api/v1${path}`,
        token,
        headers: { "idempotency-key": newId(), ...headers },
        body: JSON.stringify(body),
      });
    const { id: ownCart } = JSON.parse((await post("/carts", {})).body) as { id: string };
    await post(`/carts/${ownCart}/items`, { variantId: world.variantId });
    const quote = await sendHttp(shop.url, {
      method: "GET",
      path: `/api/v1/carts/${ownCart}/quote`,
      token: customer.token,
    });
    const { total } = JSON.parse(quote.body) as { total: object };
    const mine = await createFixtures(shop);
    const before = await tableDigests(shop);

    const othersCart = await post("/orders", { cartId: world.cartId, total, shippingAddress: homeAddress });
    const guestsCart = await post(
      "/orders",
      { cartId: world.guestCart.id, total, shippingAddress: homeAddress },
      { "x-cart-token": "guessed" },
    );
    const othersAddress = await post("/orders", {
      cartId: ownCart,
      total,
      shippingAddress: { addressId: world.addressId },
    });
    const line = { lineId: world.paid.lineId, quantity: 1 };
    const staff = world.staff.token;
    const returned = await post(
      `/orders/${mine.paid.id}/returns`,
      { lines: [line], reason: "broken" },
      {},
      staff,
    );
    const shipped = await post(`/orders/${mine.paid.id}/shipments`, { lines: [line] }, {}, staff);
    const [othersMethod = ""] = world.byPathParameter["/me/payment-methods/{}"] ?? [];
    const paid = await post(
      `/orders/${mine.unpaidOrderId}/payments`,
      { paymentMethodId: othersMethod },
      {},
      mine.owner.token,
    );
    expect(paid.status).toBe(404);
    expect([othersCart, guestsCart, othersAddress].map(({ status }) => status)).toEqual([404, 404, 404]);
    const review = { lineId: world.paid.lineId, rating: 1 };
    const reviewed = await post(`/products/${world.productId}/reviews`, review);
    expect([returned, shipped, reviewed].map(({ status }) => status)).toEqual([404, 404, 404]);

    const orders = await sendHttp(shop.url, {
      method: "GET",
      path: `/api/v1/orders?customerId=${world.owner.userId}`,
      token: customer.token,
    });
    expect(JSON.parse(orders.body)).toEqual({ items: [], nextCursor: null });
    expect(await tableDigests(shop)).toEqual(before);
  }, 240_000);

  /** Ensures that ids from other sources are covered above. */
  test("no other ids are taken from bodies, queries and headers than these", () => {
    const taken = good.endpoints.flatMap((endpoint) =>
      idsOutsidePath(endpoint).map((name) => `${endpoint.action} ${name}`),
    );
    expect(taken.sort()).toEqual(idsTaken.toSorted());
  });
});

/** Whether members of a merchant may call it, for what is that merchant's. */
function isOfMerchant({ access }: ActionContract): boolean {
  return typeof access === "object" && "merchantOr" in access;
}

function idsOutsidePath({ contract, fromPath }: Endpoint): string[] {
  const schema = z.toJSONSchema(contract.params, { io: "input", unrepresentable: "any" });
  const found: string[] = [];
  const look = (value: unknown, name: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { format, properties, ...rest } = value as {
      format?: string;
      properties?: Record<string, unknown>;
    };
    if (format === "uuid") found.push(name);
    for (const [key, inner] of Object.entries(properties ?? {}))
      look(inner, name === "" ? key : `${name}.${key}`);
    for (const inner of Object.values(rest))
      if (typeof inner === "object")
        for (const one of Array.isArray(inner) ? inner : [inner]) look(one, name);
  };
  look(schema, "");
  return [...new Set(found)].filter((name) => !fromPath.includes(name));
}

/** Public or for staff, but for those that the test before sends; a guest's cart is named with its token at login. */
const idsTaken = [
  "orders.coupon-offers.list merchantId",
  "orders.coupons.create ids",
  "orders.coupons.create merchantId",
  "orders.coupons.list merchantId",
  "orders.coupons.update ids",
  "shipping.zones.create merchantId",
  "shipping.zones.list merchantId",
  "shipping.methods.create zoneId",
  "shipping.methods.list merchantId",
  "shipping.methods.list zoneId",
  "after-sales.requests.counts merchantId",
  "after-sales.requests.create lines.lineId",
  "after-sales.requests.list customerId",
  "after-sales.requests.list merchantId",
  "after-sales.requests.list orderId",
  "after-sales.requests.mine orderId",
  "browsing-history.create productId",
  "cart.items.add items.variantId",
  "cart.items.add variantId",
  "catalog.categories.create parentId",
  "catalog.categories.list parent",
  "catalog.categories.update parentId",
  "catalog.collections.arrange productIds",
  "catalog.collections.create rule.conditions.ids",
  "catalog.collections.update rule.conditions.ids",
  "catalog.feeds.start after",
  "catalog.merchant-categories.create parentId",
  "catalog.merchant-categories.update parentId",
  "catalog.pins.create productIds",
  "catalog.pins.update productIds",
  "catalog.products.create brandId",
  "catalog.products.create merchantId",
  "catalog.products.list merchantCategory",
  "catalog.products.sort-in categoryIds",
  "catalog.products.update merchantId",
  "catalog.products.create categoryId",
  "catalog.products.create typeId",
  "catalog.products.relate productIds",
  "catalog.products.list category",
  "catalog.products.list collection",
  "catalog.products.update brandId",
  "catalog.products.update categoryId",
  "catalog.products.update typeId",
  "favourites.create productId",
  "favourites.list productId",
  "merchants.terms.set categories.categoryId",
  "orders.list customerId",
  "orders.list productId",
  "orders.payments.record paymentMethodId",
  "orders.parts.list merchantId",
  "orders.place cartId",
  "orders.place items",
  "orders.receipts.record partId",
  "orders.refunds.record partId",
  "orders.place shippingAddress.addressId",
  "orders.returns.record lines.lineId",
  "orders.shipments.create lines.lineId",
  "reviews.create lineId",
  "reviews.replies.answer parentId",
  "reviews.replies.create parentId",
  "reviews.reports.list subjectId",
  "settlements.payouts.create merchantIds",
  "statistics.overview merchantId",
  "statistics.sales.categories merchantId",
  "statistics.sales.days merchantId",
  "statistics.sales.merchants merchantId",
  "statistics.sales.products merchantId",
  "statistics.sales.report merchantId",
  "users.login guestCart.id",
  "users.login.by-phone-code guestCart.id",
  "users.login.finish guestCart.id",
];
