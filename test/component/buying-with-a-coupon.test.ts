/* oxlint-disable jest/expect-expect -- answered asserts */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

type Quote = Result<"cart.quote">;
type Order = Result<"orders.place">;
type Coupon = Result<"orders.coupons.get">;
type Cart = Result<"cart.create">;

interface Sent {
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const gbp = (amount: number) => ({ amount, currency: "GBP" });
const address = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1 1AA" };

let shop: Shop;
let staff: string;
let variantId: string;

beforeAll(async () => {
  shop = await startShop({
    env: { DESTINATIONS: '{"DE":{"taxRateBasisPoints":1900,"shippingMinor":1295}}' },
  });
  const administrator = { email: "admin@shop.example", password: "a long enough one" };
  await shop.call("users.administrator.ensure", administrator);
  staff = await login(administrator);
  const variants = [{ sku: `S-${newId()}`, priceMinor: 1050 }];
  const product = { slug: `p-${newId()}`, name: "Mug", status: "published", variants } as const;
  variantId = (await shop.call("catalog.products.create", product)).variants[0]?.id ?? "";
  await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 1000, reason: "delivery" });
}, 240_000);
afterAll(() => shop.stop());

async function send(method: string, path: string, { as, body, headers = {} }: Sent = {}): Promise<Response> {
  return fetch(`${shop.url}/api/v1${path}`, {
    method,
    headers: {
      ...(as ? { authorization: `Bearer ${as}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function answered<T>(status: number, answer: Promise<Response>): Promise<T> {
  const response = await answer;
  const text = await response.text();
  expect({ status: response.status, text }).toEqual({ status, text: expect.any(String) });
  return (text === "" ? null : JSON.parse(text)) as T;
}

async function login(body: { email: string; password: string; guestCart?: object }): Promise<string> {
  const { accessToken } = await answered<{ accessToken: string }>(200, send("POST", "/auth/login", { body }));
  return accessToken;
}

async function newCustomer(): Promise<{ email: string; password: string }> {
  const account = { email: `${newId()}@example.org`, password: "correct horse battery" };
  await answered(202, send("POST", "/auth/register", { body: { ...account, name: "Ada" } }));
  return account;
}

async function newCoupon(terms: object = {}): Promise<Coupon> {
  const body = {
    code: `c-${newId().slice(-12)}`,
    discount: { kind: "percent", basisPoints: 1250 },
    ...terms,
  };
  return answered<Coupon>(201, send("POST", "/coupons", { as: staff, body }));
}

/** A guest's cart with three mugs, 31.50 together. */
async function guestCart(): Promise<{ path: string; headers: { "x-cart-token": string }; id: string }> {
  const { id, token } = await answered<Cart>(201, send("POST", "/carts"));
  const headers = { "x-cart-token": token ?? "" };
  await answered(201, send("POST", `/carts/${id}/items`, { headers, body: { variantId, quantity: 3 } }));
  return { id, path: `/carts/${id}`, headers };
}

describe("a customer with a coupon", () => {
  test("puts it on as a guest, logs in, and is charged what the quote says for the country", async () => {
    const { code } = await newCoupon({ perCustomerLimit: 1 });
    const { path, headers, id } = await guestCart();
    const applied = await answered<Cart>(
      200,
      send("PUT", `${path}/coupon`, { headers, body: { code: code.toLowerCase() } }),
    );
    expect(applied.coupon).toBe(code);
    const quoted = await answered<Quote>(200, send("GET", `${path}/quote?country=DE`, { headers }));
    // 12.5 % of 31.50 are 3.9375.
    expect(quoted).toMatchObject({
      subtotal: gbp(3150),
      discount: gbp(394),
      shipping: gbp(1295),
      total: gbp(4051),
      tax: gbp(647),
    });
    expect(quoted).toMatchObject({ coupon: { code, reason: null }, orderable: true });

    const account = await newCustomer();
    const as = await login({ ...account, guestCart: { id, token: headers["x-cart-token"] } });
    const { id: cartId, coupon } = await answered<Cart>(201, send("POST", "/carts", { as }));
    expect(coupon).toBe(code);
    const { total } = await answered<Quote>(200, send("GET", `/carts/${cartId}/quote?country=DE`, { as }));
    expect(total).toEqual(quoted.total);
    const body = { cartId, total, shippingAddress: { ...address, country: "DE" } };
    const buy = (key: string, change: object = {}) =>
      send("POST", "/orders", { as, body: { ...body, ...change }, headers: { "idempotency-key": key } });
    const order = await answered<Order>(201, buy("first"));
    expect(order).toMatchObject({
      coupon: code,
      discount: gbp(394),
      total,
      tax: gbp(647),
      lines: [{ discount: gbp(394) }],
    });
    expect(await answered<Order>(201, buy("first"))).toEqual(order);

    // Goods and coupon have left the cart; a second use is refused to this customer.
    await shop.settled();
    expect(await answered<Cart>(200, send("GET", `/carts/${cartId}`, { as }))).toMatchObject({
      items: [],
      coupon: null,
    });
    await answered(201, send("POST", `/carts/${cartId}/items`, { as, body: { variantId } }));
    const again = send("PUT", `/carts/${cartId}/coupon`, { as, body: { code } });
    expect(await answered(409, again)).toMatchObject({
      type: "/problems/coupon-exhausted",
      coupon: code,
      reason: "customer-limit-reached",
    });
    const reason = { reason: "Changed my mind" };
    await answered(200, send("POST", `/orders/${order.id}/cancellations`, { as, body: reason }));
    await answered(200, send("PUT", `/carts/${cartId}/coupon`, { as, body: { code } }));
    expect(await answered<Coupon>(200, send("GET", `/coupons/${code}`, { as: staff }))).toMatchObject({
      uses: 0,
    });
  });

  test("gets the discount of a category and a brand on goods below and of it, and on no others", async () => {
    const kitchen = await shop.call("catalog.categories.create", { slug: `k-${newId()}`, name: "Kitchen" });
    const below = { slug: `m-${newId()}`, name: "Mugs", parentId: kitchen.id };
    const mugs = await shop.call("catalog.categories.create", below);
    const brand = await shop.call("catalog.brands.create", { slug: `b-${newId()}`, name: "Clay" });
    const made = await shop.call("catalog.products.create", {
      slug: `p-${newId()}`,
      name: "Cup",
      status: "published",
      categoryId: mugs.id,
      brandId: brand.id,
      variants: [{ sku: `S-${newId()}`, priceMinor: 800 }],
    });
    const cup = made.variants[0]?.id ?? "";
    await shop.call("catalog.stock.change", { variantId: cup, kind: "receive", quantity: 10, reason: "new" });
    for (const scope of [
      { kind: "categories", ids: [kitchen.id] },
      { kind: "brands", ids: [brand.id] },
    ]) {
      const { code } = await newCoupon({ scope });
      const { path, headers, id } = await guestCart();
      const put = () => send("PUT", `${path}/coupon`, { headers, body: { code } });
      expect(await answered(409, put())).toMatchObject({
        type: "/problems/coupon-not-applicable",
        reason: "nothing-eligible",
      });
      await answered(201, send("POST", `${path}/items`, { headers, body: { variantId: cup, quantity: 1 } }));
      await answered(200, put());
      const quote = await answered<Quote>(200, send("GET", `${path}/quote?country=GB`, { headers }));
      expect(quote).toMatchObject({ subtotal: gbp(3950), discount: gbp(100), coupon: { reason: null } });
      const as = await login(await newCustomer());
      const order = await answered<Order>(
        201,
        send("POST", "/orders", {
          as,
          headers: { ...headers, "idempotency-key": newId() },
          body: { cartId: id, total: quote.total, shippingAddress: { ...address, country: "GB" } },
        }),
      );
      expect(
        order.lines.map(({ sku: _sku, variantId: bought, discount }) => [bought, discount.amount]),
      ).toEqual([
        [variantId, 0],
        [cup, 100],
      ]);
    }
  });

  test("sees in the quote when the coupon ceases to apply, and can remove it", async () => {
    const { code } = await newCoupon({ minimumSubtotalMinor: 3150 });
    const { path, headers } = await guestCart();
    const { items } = await answered<Cart>(200, send("PUT", `${path}/coupon`, { headers, body: { code } }));
    await answered(200, send("PATCH", `${path}/items/${items[0]?.id}`, { headers, body: { quantity: 2 } }));
    const quote = await answered<Quote>(200, send("GET", `${path}/quote`, { headers }));
    expect(quote).toMatchObject({
      discount: gbp(0),
      total: gbp(2100 + 495),
      coupon: { code, reason: "minimum-not-reached", minimumSubtotal: gbp(3150) },
    });
    const refused = await answered(409, send("PUT", `${path}/coupon`, { headers, body: { code } }));
    expect(refused).toMatchObject({
      type: "/problems/coupon-not-applicable",
      reason: "minimum-not-reached",
      minimumSubtotal: gbp(3150),
    });
    const off = await answered<Cart>(200, send("DELETE", `${path}/coupon`, { headers }));
    expect(off.coupon).toBeNull();
    expect(
      await answered(409, send("PUT", `${path}/coupon`, { headers, body: { code: "NO-SUCH" } })),
    ).toMatchObject({
      type: "/problems/coupon-not-applicable",
      reason: "unknown",
    });
    await answered(422, send("PUT", `${path}/coupon`, { headers, body: { code: "'; DROP TABLE coupons" } }));
    await answered(404, send("PUT", `${path}/coupon`, { body: { code } }));
  });
});

describe("staff", () => {
  test("change a coupon under optimistic locking, and the audit trail records each change", async () => {
    const { code, id, version } = await newCoupon();
    const read = await send("GET", `/coupons/${code.toLowerCase()}`, { as: staff });
    const etag = read.headers.get("etag") ?? "";
    expect(etag).toContain(`"${version}-`);
    const unchanged = await send("GET", `/coupons/${code}`, {
      as: staff,
      headers: { "if-none-match": etag },
    });
    expect(unchanged.status).toBe(304);
    const change = (ifMatch: Record<string, string>) =>
      send("PATCH", `/coupons/${code}`, { as: staff, body: { active: false }, headers: ifMatch });
    await answered(428, change({}));
    expect(await answered<Coupon>(200, change({ "if-match": etag }))).toMatchObject({
      active: false,
      version: 2,
    });
    await answered(412, change({ "if-match": etag }));
    await answered(204, send("DELETE", `/coupons/${code}`, { as: staff }));
    await answered(404, send("GET", `/coupons/${code}`, { as: staff }));

    await shop.settled();
    const { items } = await shop.call("audit.list", { entity: "coupon", entityId: id, sort: "occurredAt" });
    expect(items).toMatchObject([
      {
        type: "orders.coupon-changed",
        actor: { kind: "user" },
        details: { change: "created", after: { code } },
      },
      { details: { change: "updated", before: { active: true }, after: { active: false } } },
      { details: { change: "removed", before: { code }, after: null } },
    ]);
  });

  test("only they see coupons", async () => {
    const { code } = await newCoupon();
    const as = await login(await newCustomer());
    await answered(401, send("GET", `/coupons/${code}`));
    await answered(403, send("GET", `/coupons/${code}`, { as }));
    await answered(403, send("GET", "/coupons", { as }));
    await answered(403, send("DELETE", `/coupons/${code}`, { as }));
  });
});
