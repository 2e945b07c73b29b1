import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Database } from "../../mixins/database/database.ts";
import { jobContext } from "../../mixins/service/jobs.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { expireUnpaidOrders } from "../../services/orders/jobs/expire-unpaid-orders.job.ts";
import type { OrdersDependencies } from "../../services/orders/orders.dependencies.ts";
import { limiter } from "../replay/concurrency.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { recordEvents } from "../support/record-events.ts";

interface Race {
  readonly order: Result<"orders.list">["items"][number];
  readonly variantId: string;
  /** Results of payment and cancellation. */
  readonly paid: string;
  readonly cancelled: string;
}

const races = 1000;
const wave = 100;
const hour = 3_600_000;
const price = 1000;
const total = { amount: 1495, currency: "GBP" };
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const desk: Caller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };

let shop: Shop;
let variants: string[];
const orderEvents = new Map<string, string[]>();

/** Goods and orders are real, carts are faked: a cart's id names its only item. */
beforeAll(async () => {
  shop = await startShop({
    services: ["catalog", "orders"],
    env: { SWEEP_INTERVAL_SECONDS: "3600" },
    prepare: (broker) => {
      const snapshot = ({ params: { id } }: { params: { id: string } }): Result<"cart.snapshot"> => ({
        id,
        version: 1,
        couponCode: null,
        lines: [{ variantId: inCart.get(id) ?? "", quantity: 1 }],
      });
      broker.createService({ name: "cart", actions: { snapshot } });
    },
  });
  await recordEvents(
    shop.broker,
    ["orders.placed", "orders.paid", "orders.cancelled", "orders.expired", "orders.refund-requested"],
    ({ name, payload }) => {
      if ("orderId" in payload)
        orderEvents.set(payload.orderId, [...(orderEvents.get(payload.orderId) ?? []), name]);
    },
  );
  variants = await Promise.all(Array.from({ length: 10 }, (_, index) => stocked(index)));
});
afterAll(() => shop.stop());

const inCart = new Map<string, string>();

async function stocked(index: number): Promise<string> {
  const slug = `thing-${index}`;
  const product = await shop.call("catalog.products.create", {
    slug,
    name: "Thing",
    status: "published",
    variants: [{ sku: slug, priceMinor: price }],
  });
  const variantId = product.variants[0]?.id ?? "";
  await shop.call("catalog.stock.change", {
    variantId,
    kind: "receive",
    quantity: races,
    reason: "delivery",
  });
  return variantId;
}

/** Placing the orders is not part of the race; a whole wave at once would time out on a busy machine. */
const limited = limiter(16);

async function place(variantId: string): Promise<{ id: string; variantId: string; buyer: Caller }> {
  const buyer = customer();
  const cartId = newId();
  inCart.set(cartId, variantId);
  const params = { idempotencyKey: newId(), cartId, total, shippingAddress: address };
  const { id } = await shop.call("orders.place", params, { as: buyer });
  return { id, variantId, buyer };
}

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => {
      if (isShopError(error)) return error.type;
      throw error;
    },
  );

async function sweep(): Promise<void> {
  const service = shop.broker.getLocalService("orders") as Service & {
    database: Database;
    collaborators: OrdersDependencies;
  };
  const context = { ...jobContext(service, expireUnpaidOrders.name), now: Date.now() + hour };
  await expireUnpaidOrders.run(context, service.collaborators);
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

/** Pays and cancels each of many orders concurrently, while the expiry job runs. */
async function raceMany(from: number): Promise<Race[]> {
  const placed = await Promise.all(
    Array.from({ length: wave }, (_, index) =>
      limited(() => place(variants[(from + index) % variants.length] ?? "")),
    ),
  );
  const sweeps = Array.from({ length: 2 }, () => turns(from % (2 * wave) === 0 ? 0 : 5).then(sweep));
  const raced = await Promise.all(
    placed.map(async ({ id, variantId, buyer }, index) => {
      // Mostly the customer cancels; the shop's staff can do so also when it is paid.
      const by = index % 5 === 0 ? desk : buyer;
      const [paid, cancelled] = await Promise.all([
        turns(index % 7).then(() =>
          outcome(shop.call("orders.payments.record", { id, idempotencyKey: newId() }, { as: desk })),
        ),
        turns(index % 4).then(() =>
          outcome(shop.call("orders.cancel", { id, reason: "Too slow" }, { as: by })),
        ),
      ]);
      return { id, variantId, paid, cancelled };
    }),
  );
  await Promise.all(sweeps);
  const { items } = await shop.call("orders.list", { limit: wave });
  return raced.map(({ id, ...race }) => {
    const order = items.find((item) => item.id === id);
    if (!order) throw new Error(`order ${id} is not among the latest`);
    return { ...race, order };
  });
}

test(`of payment, cancellation and expiry of ${races} orders one counts each time; money and stock agree`, async () => {
  const results: Race[] = [];
  for (let from = 0; from < races; from += wave) results.push(...(await raceMany(from)));
  await shop.settled();

  const sold = new Map<string, number>();
  for (const { order, variantId, paid, cancelled } of results) {
    const { id, status, refunded } = order;
    const { items: timeline } = await shop.call("orders.timeline", { id });
    const { items: payments } = await shop.call("orders.payments.list", { id });
    const steps = ["placed", ...(paid === "done" ? ["paid"] : []), ...(status === "paid" ? [] : [status])];
    expect(timeline.map(({ event }) => event)).toEqual(steps);
    const events = orderEvents.get(id) ?? [];
    expect(events.filter((name) => !name.startsWith("orders.refund"))).toEqual(
      steps.map((step) => `orders.${step}`),
    );
    // Money received for a cancelled order is due back once; the provider's refund is asynchronous.
    const due = paid === "done" && status === "cancelled" ? ["orders.refund-requested"] : [];
    expect(events.filter((name) => name === "orders.refund-requested")).toEqual(due);
    expect(paid).toBe(payments.length === 1 ? "done" : "illegal-transition");
    expect(cancelled).toBe(status === "cancelled" ? "done" : "illegal-transition");
    expect(["paid", "cancelled", "expired"]).toContain(status);
    // Money is kept for sold orders, and due back for the others.
    const taken = payments.reduce((sum, { amount }) => sum + amount.amount, 0);
    expect(taken - refunded.amount).toBe(status === "paid" ? total.amount : 0);
    if (status === "paid") sold.set(variantId, (sold.get(variantId) ?? 0) + 1);
  }
  for (const variantId of variants) {
    const units = sold.get(variantId) ?? 0;
    const account = await shop.call("catalog.stock.get", { variantId });
    expect(account).toMatchObject({ onHand: races - units, reserved: 0 });
    expect(account.sold - account.returned).toBe(units);
  }
  // Both outcomes occur.
  expect(new Set(results.map(({ order }) => order.status)).size).toBeGreaterThanOrEqual(2);
}, 300_000);
