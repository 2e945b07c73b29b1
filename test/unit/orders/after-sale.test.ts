import { expect, test } from "@jest/globals";
import { arrivedAt } from "../../../services/orders/domain/after-sale.ts";
import type { OrderPart } from "../../../services/orders/domain/order-model.ts";

const part: OrderPart = {
  id: "p1",
  merchantId: null,
  subtotal: 1,
  discount: 0,
  shipping: 0,
  tax: 0,
  total: 1,
  status: "paid",
  refunded: 0,
  receivableSince: null,
  receivedAt: null,
  isStored: true,
};

test.each([
  ["is when its last parcel was delivered", "delivered", null, 5, 5],
  ["is when its customer confirmed the receipt, if that came first", "delivered", 3, 5, 3],
  ["is not put off by a receipt that confirmed itself later", "delivered", 9, 5, 5],
  ["is the confirmed receipt where no delivery was reported", "shipped", 9, undefined, 9],
  ["is not while one of its parcels is under way", "shipped", null, 5, null],
  ["is not before", "paid", null, undefined, null],
] as const)("the arrival of a part %s", (_, status, receivedAt, delivered, arrival) => {
  expect(arrivedAt({ ...part, status, receivedAt }, delivered)).toBe(arrival);
});
