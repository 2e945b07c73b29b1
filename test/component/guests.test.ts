import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import type { Service } from "moleculer";
import type { Result } from "../../mixins/contract/calls.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { anonymiseCustomers } from "../../services/orders/jobs/anonymise-customers.job.ts";
import { moveLatePurchases } from "../../services/reviews/jobs/move-guests-purchases.job.ts";
import { removeOldGuests } from "../../services/users/jobs/remove-old-guests.job.ts";
import { deliverOrder } from "../support/buyers.ts";
import { homeAddress } from "../support/fixtures.ts";
import { claimAs, guestCheckout, orderAsGuest } from "../support/guests.ts";
import type { HttpAnswer } from "../support/http.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import { mailTo, tokenIn } from "../support/mailbox.ts";
import { logIn, newPerson, testPassword } from "../support/people.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";

type Placed = Result<"orders.place">;

const day = 24 * 3_600_000;
let shop: Shop;
let traffic: ShopTraffic;
let variantId: string;
beforeAll(async () => {
  shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "1" } });
  traffic = new ShopTraffic(shop.broker, Math.random);
  [variantId = ""] = await traffic.stock(10_000);
}, 60_000);
afterAll(() => shop?.stop());

const newAddress = () => `guest-${newId()}@example.org`;
const order = (email: string, options?: Parameters<typeof orderAsGuest>[3]) =>
  orderAsGuest(traffic, email, variantId, options);
const read = ({ body }: HttpAnswer) => JSON.parse(body) as unknown;
const send = (
  method: string,
  path: string,
  {
    token,
    body,
    headers,
  }: { token?: string | undefined; body?: object; headers?: Record<string, string> } = {},
) =>
  sendHttp(shop.url, {
    method,
    path: `/api/v1${path}`,
    headers: { ...headers, ...(token === undefined ? {} : { "X-Order-Token": token }) },
    body: body && JSON.stringify(body),
  });
const see = ({ id, orderToken }: Placed, path = "") =>
  send("GET", `/orders/${id}${path}`, { token: orderToken });
const database = (name: string) =>
  (shop.broker.getLocalService(name) as Service & ServiceWithDatabase).database;
const change = (name: string, sql: string, values: readonly string[]) =>
  database(name).transaction({ actor: { kind: "system", id: "test" }, requestId: "test" }, (tx) =>
    database(name).execute(sql, values, tx),
  );

/** Registers an account with the address and verifies it by mail. */
async function verifyAddress(email: string): Promise<string> {
  await shop.call("users.register", { email, password: testPassword, name: "Ada" }, { as: guest });
  const letter = await mailTo(shop.dataDir, email, /confirm your e-mail/);
  await shop.call("users.email-verifications.use", { token: tokenIn(letter) }, { as: guest });
  const { userId } = await logIn(shop, email);
  return userId;
}

async function assertSound(): Promise<void> {
  await traffic.refundsSettled();
  await shop.settled();
  const { findings } = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 2000 });
  expect(findings.filter(({ broken }) => broken > 0)).toEqual([]);
}

describe("ordering without an account", () => {
  test("over REST: a cart, a quote, an order with an address, and a token that opens it", async () => {
    const cart = read(await send("POST", "/carts")) as { id: string; token: string };
    const headers = { "X-Cart-Token": cart.token };
    const items = [{ variantId, quantity: 2 }];
    const filled = await send("POST", `/carts/${cart.id}/items`, { headers, body: { items } });
    expect(filled.status).toBe(201);
    const [item] = (read(filled) as Result<"cart.get">).items;
    const quoted = await send("GET", `/carts/${cart.id}/quote?country=GB&items=${item?.id}`, { headers });
    const { total } = read(quoted) as Result<"cart.quote">;
    const body = {
      cartId: cart.id,
      items: [item?.id],
      total,
      shippingAddress: homeAddress,
      email: "Ada.Guest@Example.org",
      phone: "+8613800138000",
      locale: "zh-CN",
    };
    const key = { ...headers, "Idempotency-Key": newId() };
    const placed = await send("POST", "/orders", { headers: key, body });
    expect(placed.status).toBe(201);
    const first = read(placed) as Placed;
    const contact = { email: "ada.guest@example.org", phone: "+8613800138000", locale: "zh-CN" };
    expect(first).toMatchObject({ status: "placed", guest: contact });
    expect(first.orderToken).toMatch(/^ot_[\w-]{43}$/);

    const again = await send("POST", "/orders", { headers: key, body });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(read(again) as Placed).toEqual(first);
    const other = await send("POST", "/orders", { headers: key, body: { ...body, note: "Ring twice" } });
    expect(problemIn(other)).toBe("idempotency-mismatch");

    const { orderToken: _shownOnce, ...shown } = first;
    expect(read(await see(first))).toEqual(shown);
    const bearer = { authorization: `Bearer ${first.orderToken}` };
    expect((await send("GET", `/orders/${first.id}`, { headers: bearer })).status).toBe(200);
    for (const path of ["/timeline", "/payments", "/refunds", "/returns", "/shipments"])
      expect((await see(first, path)).status).toBe(200);
    expect((await see(first, "/timeline")).body).toContain(`guest:${first.customerId}`);

    const stored = await database("users").select("SELECT token_hash FROM order_tokens", []);
    const kept = await database("orders").select("SELECT response FROM checkouts WHERE order_id = ?", [
      first.id,
    ]);
    expect(JSON.stringify([stored, kept])).not.toContain(first.orderToken);
    const reached = { customerId: first.customerId, orderId: first.id };
    expect(await shop.call("users.contacts.get", reached)).toEqual({ isGuest: true, ...contact });
    const withoutOrder = { customerId: first.customerId };
    expect(await shop.call("users.contacts.get", withoutOrder)).toMatchObject({ phone: null, locale: null });
  });

  test("the token pays, cancels and confirms, and has an invoice", async () => {
    const paid = await order(newAddress());
    const pay = { token: paid.orderToken, headers: { "Idempotency-Key": newId() } };
    const manual = await send("POST", `/orders/${paid.id}/payments`, {
      ...pay,
      body: { provider: "manual" },
    });
    expect(problemIn(manual)).toBe("forbidden");
    const saved = { paymentMethodId: newId() };
    expect(problemIn(await send("POST", `/orders/${paid.id}/payments`, { ...pay, body: saved }))).toBe(
      "not-found",
    );
    await traffic.pay(paid.id);
    expect((await see(paid, "/invoice")).status).toBe(200);
    await deliverOrder(traffic, paid.id);
    const received = await send("POST", `/orders/${paid.id}/receipts`, { token: paid.orderToken, body: {} });
    expect(received.status).toBe(200);

    const unpaid = await order(newAddress());
    const path = `/orders/${unpaid.id}/cancellations`;
    const body = { reason: "changed my mind" };
    expect(read(await send("POST", path, { token: unpaid.orderToken, body }))).toMatchObject({
      status: "cancelled",
    });
    const lateCancel = await send("POST", `/orders/${paid.id}/cancellations`, {
      token: paid.orderToken,
      body,
    });
    expect(problemIn(lateCancel)).toBe("illegal-transition");
  });

  test("one address is one customer, however it is written; nothing but a plain address is taken", async () => {
    const email = newAddress();
    const [one, two] = [await order(email), await order(email.toUpperCase())];
    expect(two.customerId).toBe(one.customerId);
    const checkout = await guestCheckout(traffic, email, variantId);
    const place = (changes: object) =>
      shop.call("orders.place", { ...checkout, ...changes, idempotencyKey: newId() }, { as: guest });
    const { email: _address, ...noAddress } = checkout;
    const refused = { type: "validation-failed" };
    await expect(
      shop.call("orders.place", { ...noAddress, idempotencyKey: newId() }, { as: guest }),
    ).rejects.toMatchObject(refused);
    for (const bad of [
      "a@b.example\r\nBcc: c@d.example",
      "ａda@example.org",
      "ada@exämple.org",
      "",
      "a@b@c.org",
    ])
      await expect(place({ email: bad })).rejects.toMatchObject(refused);
    await expect(place({ cartToken: undefined })).rejects.toMatchObject(refused);
    await expect(place({ shippingAddress: { addressId: newId() } })).rejects.toMatchObject(refused);
    await expect(place({ cartToken: "x".repeat(43) })).rejects.toMatchObject({ type: "not-found" });
    const buyer = await traffic.newCustomer();
    const withAddress = { ...checkout, idempotencyKey: newId() };
    await expect(shop.call("orders.place", withAddress, { as: buyer })).rejects.toMatchObject(refused);
  });

  test("a key is the guest's: another's equal key is another order", async () => {
    const idempotencyKey = newId();
    const place = async (email: string) => {
      const checkout = await guestCheckout(traffic, email, variantId);
      return shop.call("orders.place", { ...checkout, idempotencyKey }, { as: guest });
    };
    const [email, other] = [newAddress(), newAddress()];
    expect((await place(email)).id).not.toBe((await place(other)).id);
    await expect(place(email)).rejects.toMatchObject({ type: "idempotency-mismatch" });
    const checkout = await guestCheckout(traffic, email, variantId);
    const twice = { ...checkout, idempotencyKey: newId() };
    const answers = await Promise.all(
      [1, 2, 3].map(() => shop.call("orders.place", twice, { as: guest }).catch((error: Error) => error)),
    );
    const tokens = answers.flatMap((answer) => ("orderToken" in answer ? [answer.orderToken] : []));
    expect(new Set(tokens).size).toBe(1);
  });
});

describe("the token of an order", () => {
  test("opens neither another order, of the same address too, nor anything else", async () => {
    const email = newAddress();
    const [one, two, other] = [await order(email), await order(email), await order(newAddress())];
    for (const { id } of [two, other])
      for (const path of [`/orders/${id}`, `/orders/${id}/timeline`, `/orders/${id}/payments`])
        expect(problemIn(await send("GET", path, { token: one.orderToken }))).toBe("not-found");
    const cancel = { token: one.orderToken, body: { reason: "not mine" } };
    expect(problemIn(await send("POST", `/orders/${two.id}/cancellations`, cancel))).toBe("not-found");
    for (const path of [
      "/me",
      "/orders",
      "/me/orders/counts",
      "/me/payment-methods",
      "/users",
      "/audit-events",
    ])
      expect(problemIn(await send("GET", path, { token: one.orderToken }))).toBe("forbidden");
    const { cartId, total } = await guestCheckout(traffic, email, variantId);
    const body = { cartId, total, shippingAddress: homeAddress, email };
    const headers = { "Idempotency-Key": newId() };
    expect(problemIn(await send("POST", "/orders", { token: one.orderToken, body, headers }))).toBe(
      "forbidden",
    );
    expect((await send("GET", "/products", { token: one.orderToken })).status).toBe(200);
  });

  test("is refused when it is forged, doubled, expired or its guest was deleted", async () => {
    const placed = await order(newAddress());
    const isRefused = async (token: string | undefined, headers: Record<string, string> = {}) =>
      expect(problemIn(await send("GET", `/orders/${placed.id}`, { token, headers }))).toBe(
        "unauthenticated",
      );
    await isRefused(undefined);
    await isRefused("ot_short");
    await isRefused(`ot_${"a".repeat(43)}`);
    await isRefused(placed.orderToken?.slice(3));
    await isRefused(placed.orderToken, { authorization: `Bearer ${placed.orderToken}` });
    await isRefused(placed.orderToken, { "X-Api-Key": `sk_${"a".repeat(43)}` });

    const expired = await order(newAddress());
    await change("users", "UPDATE order_tokens SET expires_at = 1 WHERE order_id = ?", [expired.id]);
    expect(problemIn(await see(expired))).toBe("unauthenticated");
    await runJob(shop, "users", removeOldGuests);
    const left = "SELECT order_id FROM order_tokens WHERE order_id = ? AND expires_at = 1";
    expect(await database("users").select(left, [expired.id])).toEqual([]);

    await shop.call("users.guests.delete", { id: placed.customerId });
    await pause(1100);
    await isRefused(placed.orderToken);
    await expect(shop.call("users.guests.delete", { id: placed.customerId })).rejects.toMatchObject({
      type: "not-found",
    });
  });

  test("is mailed with the order, and again on request, to its address only; all requests are answered alike", async () => {
    const email = newAddress();
    const placed = await order(email);
    const linkIn = (text: string) => /ot_[\w-]{43}/.exec(text)?.[0] ?? "";
    const first = await mailTo(shop.dataDir, email, new RegExp(`^Your order ${placed.number}$`));
    const mailed = linkIn(first.text);
    expect(mailed).not.toBe(placed.orderToken);
    expect((await send("GET", `/orders/${placed.id}`, { token: mailed })).status).toBe(200);

    const ask = (number: string, address: string) =>
      send("POST", "/orders/access", { body: { number, email: address } });
    const stranger = newAddress();
    const answers = [
      await ask(placed.number, stranger),
      await ask("AAAA-AAAA", email),
      await ask(placed.number.toLowerCase(), email.toUpperCase()),
    ];
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [202, JSON.stringify({ email: stranger })],
      [202, JSON.stringify({ email })],
      [202, JSON.stringify({ email })],
    ]);
    const second = await mailTo(shop.dataDir, email, /^The link to your order/);
    expect((await see({ ...placed, orderToken: linkIn(second.text) })).status).toBe(200);
    expect((await see(placed)).status).toBe(200);
    const dropped =
      "SELECT status FROM mails WHERE kind = 'order-access' AND recipient = ? OR order_number = ?";
    await traffic.until(async () => {
      const mails = await database("users").select<{ status: string }>(dropped, [stranger, "AAAA-AAAA"]);
      return mails.length === 2 && mails.every(({ status }) => status === "dropped");
    });
  });
});

describe("claiming", () => {
  test("who verifies the address has the orders, with coupons and reviews, and the tokens end", async () => {
    const [coupon = ""] = await traffic.issue(100);
    const email = newAddress();
    const placed = await order(email, { coupon });
    expect(placed.coupon).toBe(coupon);
    await expect(order(email, { coupon })).rejects.toMatchObject({ type: "coupon-exhausted" });
    await traffic.pay(placed.id);
    await deliverOrder(traffic, placed.id);
    await shop.settled();

    const userId = await verifyAddress(email);
    await shop.settled();
    const { token } = await logIn(shop, email);
    const headers = { authorization: `Bearer ${token}` };
    const mine = read(await send("GET", "/orders", { headers })) as Result<"orders.list">;
    expect(mine.items).toMatchObject([{ id: placed.id, customerId: userId }]);
    expect(mine.items[0]).not.toHaveProperty("guest");
    expect((await see(placed)).status).toBe(401);
    const purchases = await send("GET", "/me/reviews/pending", { headers });
    expect(purchases.status === 200 ? purchases.body : "").toContain(placed.id);
    expect(await shop.call("users.contacts.get", { customerId: placed.customerId })).toMatchObject({
      isGuest: false,
      email,
    });
    const usesOf = "SELECT customer_id AS id, uses FROM coupon_customers WHERE customer_id IN (?, ?)";
    expect(await database("orders").select(usesOf, [userId, placed.customerId])).toEqual([
      { id: userId, uses: 1 },
    ]);

    const later = await order(email);
    expect(later.customerId).not.toBe(placed.customerId);
    await logIn(shop, email);
    await shop.settled();
    expect((read(await send("GET", "/orders", { headers })) as Result<"orders.list">).items).toHaveLength(2);
    await assertSound();
  });

  test("an account without the verified address gets nothing, and no one is told that there is one", async () => {
    const person = await newPerson(shop);
    const known = await order(person.email);
    const unknown = await order(newAddress());
    expect(Object.keys(known).toSorted()).toEqual(Object.keys(unknown).toSorted());
    await logIn(shop, person.email);
    await shop.settled();
    const headers = { authorization: `Bearer ${person.token}` };
    expect((read(await send("GET", "/orders", { headers })) as Result<"orders.list">).items).toEqual([]);
    expect((await see(known)).status).toBe(200);
  });

  test("two claims at once are one, and an order placed meanwhile is the account's or the next guest's", async () => {
    const buyers = await Promise.all(Array.from({ length: 6 }, () => traffic.newCustomer()));
    await Promise.all(
      buyers.map(async (buyer) => {
        const email = `${buyer.userId}@example.org`;
        await order(email);
        const checkouts = await Promise.all([1, 2, 3].map(() => guestCheckout(traffic, email, variantId)));
        const placing = checkouts.map((checkout) =>
          traffic.attempt(
            "guest order",
            shop.call("orders.place", { ...checkout, idempotencyKey: newId() }, { as: guest }),
          ),
        );
        await Promise.all([...placing, claimAs(traffic, buyer), claimAs(traffic, buyer)]);
      }),
    );
    await shop.settled();
    const claims = await database("users").select<{ n: number }>(
      "SELECT COUNT(*) AS n FROM guests WHERE claimed_by IN (?) GROUP BY claimed_by",
      [buyers.map(({ userId }) => userId)],
    );
    expect(claims).toHaveLength(buyers.length);
    await assertSound();
  });

  test("a payment that reviews hear of after the claim is the account's too", async () => {
    const buyer = await traffic.newCustomer();
    const placed = await order(`${buyer.userId}@example.org`);
    await claimAs(traffic, buyer);
    await shop.settled();
    const [line] = placed.lines;
    const { id: orderId, number, customerId, total } = placed;
    const lines = [{ ...line, lineId: line?.id, variantId, quantity: 1 }].map(({ lineId, productId }) => ({
      lineId: lineId ?? "",
      productId: productId ?? "",
      variantId,
      quantity: 1,
      merchantId: null,
    }));
    const event = {
      id: newId(),
      name: "orders.paid",
      occurredAt: Date.now(),
      actor: { kind: "system", id: "test" },
      requestId: "test",
      payload: { orderId, number, customerId, lines, amount: total },
    } as const;
    expect(await deliver(shop.broker, [event as never], "reviews")).toEqual([undefined]);
    const of = "SELECT order_id FROM purchases WHERE customer_id = ?";
    expect(await database("reviews").select(of, [customerId])).toHaveLength(1);
    await runJob(shop, "reviews", moveLatePurchases);
    expect(await database("reviews").select(of, [buyer.userId])).toHaveLength(1);
    await change("reviews", "DELETE FROM purchases WHERE order_id = ?", [orderId]);
    await change("reviews", "DELETE FROM inbox WHERE event_id = ?", [event.id]);
  });
});

test("a deleted guest's data are erased, by staff or when they are old enough", async () => {
  const [placed, old] = [await order(newAddress()), await order(newAddress())];
  await shop.call("orders.cancel", { id: placed.id, reason: "deleted" });
  await shop.call("users.guests.delete", { id: placed.customerId });
  await change("users", "UPDATE guests SET created_at = 1, last_order_at = 1 WHERE id = ?", [old.customerId]);
  await runJob(shop, "users", removeOldGuests);
  await shop.call("orders.cancel", { id: old.id, reason: "old" });
  await shop.settled();
  await runJob(shop, "orders", anonymiseCustomers, Date.now() + day);
  for (const { id, customerId, guest: contact } of [placed, old]) {
    const left = await shop.call("orders.get", { id });
    expect(left).not.toHaveProperty("guest");
    expect(JSON.stringify(left)).not.toContain(contact?.email);
    expect(await shop.call("users.guests.get", { id: customerId })).toMatchObject({ email: null });
    expect(await shop.call("users.contacts.get", { customerId, orderId: id })).toBeNull();
  }
  await assertSound();
});
