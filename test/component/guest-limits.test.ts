/** @embedded Limits are counted in the gateway's memory and in conditions that other tests try on servers. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import { guestCheckout, orderAsGuest } from "../support/guests.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";

let shop: Shop;
let traffic: ShopTraffic;
let variantId: string;
beforeAll(async () => {
  shop = await startShop({
    env: {
      MAX_UNPAID_ORDERS_GUEST: "2",
      MAX_UNPAID_UNITS_GUEST: "5",
      MAX_UNPAID_ORDERS_PER_ADDRESS: "100",
      MAX_UNPAID_ORDERS_PER_ADDRESS_GUEST: "4",
      RATE_LIMIT_GUEST_ORDERS: "50",
      RATE_LIMIT_EXEMPT: "10.0.0.0/8",
    },
  });
  traffic = new ShopTraffic(shop.broker, Math.random);
  [variantId = ""] = await traffic.stock(10_000);
}, 60_000);
afterAll(() => shop?.stop());

const newAddress = () => `guest-${newId()}@example.org`;
const tooMany = (of: string) =>
  expect.objectContaining({ type: "too-many-unpaid-orders", data: expect.objectContaining({ of }) });

test("a guest has few unpaid orders and units at a time, by e-mail address", async () => {
  const email = newAddress();
  const first = await orderAsGuest(traffic, email, variantId, { quantity: 3 });
  await expect(orderAsGuest(traffic, email, variantId, { quantity: 3 })).rejects.toEqual(tooMany("units"));
  await orderAsGuest(traffic, email, variantId, { quantity: 2 });
  await expect(orderAsGuest(traffic, email, variantId)).rejects.toEqual(tooMany("orders"));
  await traffic.cancel(first.id);
  await expect(orderAsGuest(traffic, email, variantId)).resolves.toMatchObject({ status: "placed" });
});

test("a thousand guests of one address place a few orders, and then none", async () => {
  const place = async () => {
    const { cartToken, ...body } = await guestCheckout(traffic, newAddress(), variantId);
    return sendHttp(shop.url, {
      method: "POST",
      path: "/api/v1/orders",
      headers: { "X-Cart-Token": cartToken, "Idempotency-Key": newId() },
      body: JSON.stringify(body),
    });
  };
  const problems: (string | undefined)[] = [];
  for (let index = 0; index < 60; index += 1) {
    const answer = await place();
    problems.push(answer.status === 201 ? "placed" : problemIn(answer));
  }
  const flood = { cartId: newId(), total: { amount: 1, currency: "GBP" }, shippingAddress: {} };
  for (let index = 60; index < 1000; index += 20)
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const answer = await sendHttp(shop.url, {
          method: "POST",
          path: "/api/v1/orders",
          headers: { "Idempotency-Key": newId() },
          body: JSON.stringify(flood),
        });
        problems.push(problemIn(answer));
      }),
    );
  const counts = Object.fromEntries(
    [...Map.groupBy(problems, (problem) => problem)].map(([problem, all]) => [problem, all.length]),
  );
  expect(counts).toMatchObject({ placed: 4, "too-many-unpaid-orders": 46 });
  expect(counts["too-many-requests"]).toBeGreaterThanOrEqual(900);
});
