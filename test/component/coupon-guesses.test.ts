import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { stockedMug } from "../support/stocked-mug.ts";

const hour = 3_600_000;
const perMinute = 9;

describe("guessing the codes of coupons", () => {
  let shop: Shop;
  let variantId: string;
  beforeAll(async () => {
    // Disables the exemption of this host.
    shop = await startShop({
      env: { RATE_LIMIT_COUPONS: `${perMinute}`, RATE_LIMIT_EXEMPT: "10.0.0.0/8", SHIPPING_MINOR: "0" },
    });
    variantId = await stockedMug(shop, { quantity: 100, priceMinor: 1000 });

    const discount = { kind: "percent", basisPoints: 1000 } as const;
    const at = (offset: number) => new Date(Date.now() + offset).toISOString();
    await shop.call("orders.coupons.create", { code: "INACTIVE", discount, active: false });
    await shop.call("orders.coupons.create", { code: "NOT-YET-VALID", discount, validFrom: at(hour) });
    await shop.call("orders.coupons.create", { code: "EXPIRED", discount, validUntil: at(-hour) });
    await shop.call("orders.coupons.create", { code: "EXHAUSTED", discount, totalLimit: 1 });
    await useUp("EXHAUSTED");
  });
  afterAll(() => shop.stop());

  async function cartOf(as: Caller): Promise<{ id: string; cartToken: string | undefined }> {
    const { id, token } = await shop.call("cart.create", {}, { as });
    const cartToken = token ?? undefined;
    await shop.call("cart.items.add", { id, cartToken, variantId }, { as });
    return { id, cartToken };
  }
  async function useUp(code: string): Promise<void> {
    const as = customer();
    const { id } = await cartOf(as);
    await shop.call("cart.coupon.apply", { id, code }, { as });
    const shippingAddress = {
      name: "Ada",
      line1: "1 Street",
      city: "London",
      postalCode: "N1 1AA",
      country: "GB",
    };
    await shop.call(
      "orders.place",
      { cartId: id, idempotencyKey: newId(), total: { amount: 900, currency: "GBP" }, shippingAddress },
      { as },
    );
  }
  async function guess(cart: { id: string; cartToken: string | undefined }, code: string) {
    const response = await fetch(`${shop.url}/api/v1/carts/${cart.id}/coupon`, {
      method: "PUT",
      headers: { "content-type": "application/json", "x-cart-token": cart.cartToken ?? "" },
      body: JSON.stringify({ code }),
    });
    const { traceId: _traceId, ...body } = (await response.json()) as Record<string, unknown>;
    return {
      status: response.status,
      body: JSON.parse(JSON.stringify(body).replaceAll(code, "THE-CODE")) as object,
    };
  }

  const unusable = ["INACTIVE", "NOT-YET-VALID", "EXPIRED", "EXHAUSTED"];

  test("an unusable code looks like an unknown one to customers, and attempts are rate-limited", async () => {
    const cart = await cartOf({ kind: "guest" });
    const unknown = await guess(cart, "NO-SUCH-CODE");
    expect(unknown).toMatchObject({
      status: 409,
      body: { type: "/problems/coupon-not-applicable", reason: "unknown" },
    });
    for (const code of unusable)
      expect({ code, told: await guess(cart, code) }).toEqual({ code, told: unknown });
    for (let count = unusable.length + 1; count < perMinute; count += 1)
      expect(await guess(cart, `GUESS-${count}`)).toEqual(unknown);
    expect(await guess(cart, "GUESS")).toMatchObject({
      status: 429,
      body: { type: "/problems/too-many-requests" },
    });
    // The rest of the cart has nothing to do with it.
    const seen = await fetch(`${shop.url}/api/v1/carts/${cart.id}`, {
      headers: { "x-cart-token": cart.cartToken ?? "" },
    });
    expect(seen.status).toBe(200);
  });

  test.each(unusable)("staff get the reason for a code that is %s", async (code) => {
    const as: Caller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };
    const { id } = await cartOf(as);
    await expect(shop.call("cart.coupon.apply", { id, code }, { as })).rejects.toMatchObject({
      data: { reason: code.toLowerCase() },
    });
  });
});
