import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { newId } from "../../mixins/contract/ids.ts";
import { FakeCheckoutServices } from "../support/fake-checkout-services.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const shippingAddress = {
  name: "Ada",
  line1: "1 Street",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};

let shop: Shop;
let world: FakeCheckoutServices;

beforeAll(async () => {
  world = new FakeCheckoutServices();
  shop = await startShop({ services: ["orders"], env: { SHIPPING_MINOR: "0" }, prepare: world.install });
});
afterAll(() => shop.stop());

test("a free order can be settled by its owner only", async () => {
  const buyer = customer();
  const cartId = world.cart([world.stock(5, 0), 1]);
  const params = { idempotencyKey: newId(), cartId, total: { amount: 0, currency: "GBP" }, shippingAddress };
  const { id } = await shop.call("orders.place", params, { as: buyer });
  const settle = { id, idempotencyKey: newId() };
  await expect(shop.call("orders.payments.record", settle, { as: customer() })).rejects.toMatchObject({
    type: "not-found",
  });
  expect(await shop.call("orders.payments.record", settle, { as: buyer })).toMatchObject({
    status: "succeeded",
  });
  expect(await shop.call("orders.get", { id })).toMatchObject({ status: "paid" });
});
