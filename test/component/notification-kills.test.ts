/** @embedded Each sends from a database of its own, and mail is what is counted. */
import { expect, test } from "@jest/globals";
import { confirmOrders } from "../support/confirm-orders.ts";

/** Concurrent sends of a node, which is killed before it can record them. */
const inFlight = 16;

test("orders are confirmed once each, although the process that sends is killed again and again", async () => {
  const { received, ...seen } = await confirmOrders(200, 2, 150);
  expect(seen).toMatchObject({ mails: 200, orders: 200 });
  expect(seen.kills).toBeGreaterThan(0);
  expect(received).toBeLessThanOrEqual(200 + seen.kills * inFlight);
}, 240_000);
