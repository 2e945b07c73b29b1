import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { Sandbox } from "../support/sandbox.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { stockedMug } from "../support/stocked-mug.ts";

const administrator = { email: "admin@shop.example", password: "a long enough one" };
const gbp = (amount: number) => ({ amount, currency: "GBP" });
const shippingAddress = {
  name: "Ada",
  line1: "1 Street",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location: string | null;
  readonly replayed: string | null;
  readonly problem: string;
}

let shop: Shop;
let sandbox: Sandbox;
let staff: string;
let buyer: string;
let variantId: string;

beforeAll(async () => {
  sandbox = await Sandbox.start();
  shop = await startShop({ env: sandbox.env });
  await sandbox.sendTo(`${shop.url}/api/v1/webhooks/payments/sandbox`);
  await shop.call("users.administrator.ensure", administrator);
  variantId = await stockedMug(shop, { quantity: 1000, priceMinor: 1450 });
  staff = await login(administrator);
  buyer = await newCustomer();
}, 240_000);
afterAll(async () => {
  await shop.stop();
  await sandbox.stop();
});

async function send(path: string, body: object, token?: string, key?: string): Promise<Answer> {
  const response = await fetch(`${shop.url}/api/v1${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { "idempotency-key": key }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const { type = "" } = (text === "" ? {} : JSON.parse(text)) as { type?: string };
  const { headers, status } = response;
  const problem = type.slice("/problems/".length);
  return {
    status,
    text,
    location: headers.get("location"),
    replayed: headers.get("idempotency-replayed"),
    problem,
  };
}

async function login(who: { email: string; password: string }): Promise<string> {
  const { text } = await send("/auth/login", who);
  return (JSON.parse(text) as { accessToken: string }).accessToken;
}

async function newCustomer(): Promise<string> {
  const who = { email: `${newId()}@example.org`, password: "correct horse battery" };
  await send("/auth/register", { ...who, name: "Ada" });
  return login(who);
}

/** A request to order one mug. */
async function wish(token: string): Promise<object> {
  // The previous order's event empties the cart.
  await shop.settled();
  const cart = JSON.parse((await send("/carts", {}, token)).text) as { id: string };
  await send(`/carts/${cart.id}/items`, { variantId, quantity: 1 }, token);
  const quoted = await fetch(`${shop.url}/api/v1/carts/${cart.id}/quote`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { total } = (await quoted.json()) as Result<"orders.price">;
  return { cartId: cart.id, total, shippingAddress };
}

async function ordered(token: string): Promise<Result<"orders.place">> {
  return JSON.parse(
    (await send("/orders", await wish(token), token, newId())).text,
  ) as Result<"orders.place">;
}

async function paid(token: string): Promise<Result<"orders.place">> {
  const order = await ordered(token);
  await send(`/orders/${order.id}/payments`, {}, staff, newId());
  return order;
}

interface Request {
  readonly path: string;
  readonly body: object;
  readonly other: object;
  readonly token: string;
}

const requests: Record<string, () => Promise<Request>> = {
  async order() {
    const body = await wish(buyer);
    return { path: "/orders", body, other: { ...body, note: "Other" }, token: buyer };
  },
  async payment() {
    const path = `/orders/${(await ordered(buyer)).id}/payments`;
    return { path, body: { provider: "sandbox" }, other: { provider: "manual" }, token: staff };
  },
  async "payment by hand"() {
    const path = `/orders/${(await ordered(buyer)).id}/payments`;
    return { path, body: { reference: "bank" }, other: { reference: "cash" }, token: staff };
  },
  async refund() {
    const path = `/orders/${(await paid(buyer)).id}/refunds`;
    return {
      path,
      body: { amount: gbp(100), reason: "Late" },
      other: { amount: gbp(101), reason: "Late" },
      token: staff,
    };
  },
  async return() {
    const { id, lines } = await paid(buyer);
    const body = { lines: [{ lineId: lines[0]?.id, quantity: 1 }], reason: "Chipped" };
    return { path: `/orders/${id}/returns`, body, other: { ...body, reason: "Broken" }, token: staff };
  },
};

describe.each(Object.entries(requests))("the Idempotency-Key of an order's step: %s", (_name, request) => {
  test("repeats status, place and body to the byte, and says so", async () => {
    const { path, body, token } = await request();
    const key = newId();
    const first = await send(path, body, token, key);
    expect(first).toMatchObject({ status: 201, replayed: null });
    expect(await send(path, body, token, key)).toEqual({ ...first, replayed: "true" });
  });

  test("belongs to one body", async () => {
    const { path, body, other, token } = await request();
    const key = newId();
    await send(path, body, token, key);
    expect(await send(path, other, token, key)).toMatchObject({
      status: 422,
      problem: "idempotency-mismatch",
    });
  });

  test("is needed, and has a limit", async () => {
    const { path, body, token } = await request();
    expect(await send(path, body, token)).toMatchObject({ status: 400, problem: "idempotency-key-missing" });
    expect(await send(path, body, token, "k".repeat(256))).toMatchObject({
      status: 422,
      problem: "validation-failed",
    });
    expect(await send(path, body, token, newId().padEnd(255, "k"))).toMatchObject({ status: 201 });
  });

  test("makes of many at once one, and tells the others the same or to wait", async () => {
    const { path, body, token } = await request();
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(path, body, token, key)));
    const done = answers.filter(({ status }) => status === 201);
    for (const { status, problem } of answers)
      if (status !== 201) expect([status, problem]).toEqual([409, "idempotency-in-flight"]);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(done.filter(({ replayed }) => replayed === null)).toHaveLength(1);
    expect(await send(path, body, token, key)).toMatchObject({
      status: 201,
      text: done[0]?.text,
      replayed: "true",
    });
  });
});

test("a key is another one to another customer, and for another operation", async () => {
  const [token, stranger] = [buyer, await newCustomer()];
  const key = newId();
  const mine = await send("/orders", await wish(token), token, key);
  const theirs = await send("/orders", await wish(stranger), stranger, key);
  expect([mine.status, theirs.status]).toEqual([201, 201]);
  expect(theirs.text).not.toBe(mine.text);
  const { id } = JSON.parse(mine.text) as { id: string };
  expect(await send(`/orders/${id}/payments`, { provider: "sandbox" }, token, key)).toMatchObject({
    status: 201,
    replayed: null,
  });
  // A guessed key and order reveal nothing.
  expect(await send(`/orders/${id}/payments`, { provider: "sandbox" }, stranger, key)).toMatchObject({
    status: 404,
  });
});
