import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { loadConfig } from "../../config/index.ts";
import { errorCatalogue } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { until } from "./processes.ts";
import { ClusterUnderTest, tell } from "./proof.ts";
import { loggedInCustomers } from "./shoppers.ts";

const address = { name: "Ada", line1: "1 Mill Lane", city: "London", postalCode: "N1 1AA", country: "GB" };
const settings = { RESERVATION_LEASE_SECONDS: "8", SWEEP_INTERVAL_SECONDS: "1" };
/** Retryable: the same request is sent again under the same key. */
const worthAnotherTry = new Set([
  "idempotency-in-flight",
  "unavailable",
  "deadline-exceeded",
  "too-many-requests",
]);
const betweenTriesMs = 300;
const cartsAtOnce = 50;

interface Buyer {
  readonly token: string;
  readonly cartId: string;
  /** From the quote. */
  readonly total: object;
  readonly variantIds: readonly string[];
}

/** A buyer's final result. */
interface Outcome extends Buyer {
  readonly status: number;
  /** The problem's code; empty on success. */
  readonly problem: string;
  readonly order: { readonly id: string } | undefined;
}

/** Runs this many at a time, in order. */
async function inLanes<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const lane = async () => {
    for (const [index, item] of left) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: cartsAtOnce }, lane));
  return results;
}

describe("a sale on three orders nodes and two catalog nodes", () => {
  let shop: ClusterUnderTest;

  beforeAll(async () => {
    shop = await ClusterUnderTest.start({ orders: 3, catalog: 2 }, settings);
  }, 600_000);

  afterAll(async () => {
    await shop?.stop();
  }, 600_000);

  /** Customers whose carts hold one each of these, added in this order. */
  async function buyersOf(baskets: readonly (readonly string[])[]): Promise<Buyer[]> {
    const tokens = await loggedInCustomers(baskets.length, shop);
    /** By size: everything costs the same here. */
    const totals = new Map<number, Promise<object>>();
    return inLanes(baskets, async (variantIds, index) => {
      const token = tokens[index] ?? "";
      const gateway = index % shop.gateways.length;
      const { id: cartId } = await shop.demand(gateway, "POST", "/carts", { token });
      for (const variantId of variantIds)
        await shop.demand(gateway, "POST", `/carts/${cartId}/items`, { token, body: { variantId } });
      const quote = async () =>
        (await shop.demand(gateway, "GET", `/carts/${cartId}/quote`, { token })).total;
      const total = totals.get(variantIds.length) ?? quote();
      totals.set(variantIds.length, total);
      return { token, cartId, total: await total, variantIds };
    });
  }

  /**
   * Everyone buys concurrently; unknown outcomes are retried under the same key. An orders node and a catalog
   * node are killed meanwhile.
   */
  async function sell(buyers: readonly Buyer[]): Promise<Outcome[]> {
    const answers = new Map<string, number>();
    let [slowestMs, placed] = [0, 0];
    const buy = async (buyer: Buyer, index: number): Promise<Outcome> => {
      const { token, cartId, total } = buyer;
      const key = newId();
      for (let tries = 0; ; tries += 1) {
        const began = Date.now();
        const body = { cartId, total, shippingAddress: address };
        const gateway = (index + tries) % shop.gateways.length;
        const { status, json } = await shop.request(gateway, "POST", "/orders", { token, key, body });
        slowestMs = Math.max(slowestMs, Date.now() - began);
        const problem = status === 201 ? "" : String(json.type).replace("/problems/", "");
        answers.set(problem || "placed", (answers.get(problem || "placed") ?? 0) + 1);
        if (status === 201) placed += 1;
        if (!worthAnotherTry.has(problem))
          return { ...buyer, status, problem, order: status === 201 ? json : undefined };
        await pause(betweenTriesMs);
      }
    };
    const kill = async (name: string, afterOrders: number) => {
      await until(() => placed >= afterOrders);
      await shop.cluster.kill(name);
    };
    const began = Date.now();
    const [outcomes] = await Promise.all([
      Promise.all(buyers.map(buy)),
      kill("orders-2", 8),
      kill("catalog-1", 12),
    ]);
    tell(
      `${buyers.length} buyers in ${Date.now() - began} ms, slowest answer ${slowestMs} ms: ${JSON.stringify(Object.fromEntries(answers))}`,
    );
    expect([...answers.keys()].filter((code) => code !== "placed" && !(code in errorCatalogue))).toEqual([]);
    expect(answers.get("internal-error")).toBeUndefined();
    return outcomes;
  }

  /** Waits until the sale's events are consumed, and verifies every invariant of the shop. */
  async function settled(): Promise<void> {
    for (const name of ["orders-2", "catalog-1"])
      await until(() => shop.cluster.nodes.find(({ plan }) => plan.name === name)?.state === "up");
    const config = loadConfig({ ...shop.cluster.stack.environment, ...settings });
    const check = async () => {
      const { findings } = await verifyShop(config, { settled: true, patienceMs: 1000 });
      return findings.filter(({ broken, severity }) => broken > 0 && severity === "violation");
    };
    const deadline = Date.now() + 30_000;
    let broken = await check();
    while (broken.length > 0 && Date.now() < deadline) broken = await check();
    expect(broken).toEqual([]);
  }

  const stockOf = (variantId: string) =>
    shop.demand(0, "GET", `/variants/${variantId}/stock`, { token: shop.staff });
  /** Orders with ledger movements of this kind. */
  async function ordersMoved(variantId: string, kind: string): Promise<string[]> {
    const orders: string[] = [];
    for (let cursor = ""; ;) {
      const query = `limit=100&kind=${kind}${cursor && `&cursor=${cursor}`}`;
      const page = await shop.demand(0, "GET", `/variants/${variantId}/stock-movements?${query}`, {
        token: shop.staff,
      });
      orders.push(...page.items.map(({ orderId }: { orderId: string }) => orderId));
      if (!page.nextCursor) return orders;
      cursor = encodeURIComponent(page.nextCursor);
    }
  }

  test("a thousand buyers of something of which there are fifty: fifty orders, 950 refusals", async () => {
    const { variantId } = await shop.addProduct(50);
    const buyers = await buyersOf(Array.from({ length: 1000 }, () => [variantId]));
    const outcomes = await sell(buyers);

    const orders = outcomes.flatMap(({ order }) => order ?? []);
    const refusals = outcomes.filter(({ status, problem }) => status === 409 && problem === "stock-shortage");
    expect([orders.length, refusals.length]).toEqual([50, 950]);
    expect(new Set(orders.map(({ id }) => id)).size).toBe(50);
    await settled();
    expect(await stockOf(variantId)).toMatchObject({
      onHand: 0,
      reserved: 50,
      sold: 0,
      returned: 0,
      received: 50,
    });

    // Reservations of all other orders in the ledger were released.
    const released = new Set(await ordersMoved(variantId, "release"));
    const held = (await ordersMoved(variantId, "reserve")).filter((id) => !released.has(id));
    expect(held.toSorted()).toEqual(orders.map(({ id }) => id).toSorted());
  }, 600_000);

  test("twenty variants in opposite orders: deadlocks are invisible to buyers, and every stock account is correct", async () => {
    const products = await inLanes(Array.from({ length: 20 }), () => shop.addProduct(20));
    const variantIds = products.map(({ variantId }) => variantId);
    const all = Array.from({ length: 24 }, () => variantIds);
    // Nine neighbours, beginning anywhere.
    const some = Array.from({ length: 40 }, (_, start) =>
      Array.from({ length: 9 }, (_, next) => variantIds[(start + next) % 20] ?? ""),
    );
    const baskets = [...all, ...some].map((basket, index) =>
      index % 2 === 0 ? basket : basket.toReversed(),
    );
    const outcomes = await sell(await buyersOf(baskets));

    const served = outcomes.filter(({ order }) => order);
    expect(outcomes.filter(({ order, problem }) => !order && problem !== "stock-shortage")).toEqual([]);
    await settled();
    for (const variantId of variantIds) {
      const bought = served.filter((buyer) => buyer.variantIds.includes(variantId)).length;
      expect(await stockOf(variantId)).toMatchObject({ onHand: 20 - bought, reserved: bought, received: 20 });
    }
    // Each refused buyer wanted a variant that is sold out.
    const left = new Map(
      await inLanes(variantIds, async (variantId) => [variantId, (await stockOf(variantId)).onHand] as const),
    );
    for (const { order, variantIds: wanted } of outcomes)
      if (!order) expect(wanted.some((variantId) => left.get(variantId) === 0)).toBe(true);
    tell(`${served.length} of ${outcomes.length} baskets were sold`);
  }, 600_000);
});
