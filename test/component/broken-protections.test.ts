import { describe, expect, test } from "@jest/globals";
import type { Protection } from "../../config/protections.ts";
import { configOf } from "../../mixins/config-of.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { EventName } from "../../services/contract/calls.ts";
import { newId } from "../../services/contract/ids.ts";
import { checkShop } from "../../services/node/check/check-shop.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { BusyShop } from "../support/busy-shop.ts";
import { clusterSettings, emptyCluster } from "../support/cluster-shape.ts";
import type { Constraint } from "../support/constraints.ts";
import { loosen } from "../support/constraints.ts";
import { customer, deliver, startShop } from "../support/shop.ts";

/** What needs a protection: many at once, so that it has something to do. */
interface Need {
  readonly protection: Protection;
  /** What the database itself refuses as well, and has to let pass with the protection gone. */
  readonly backedBy: readonly Constraint[];
  readonly work: (busy: BusyShop) => Promise<void>;
  /** Invariants that are found broken when it lacks; others may break with them. */
  readonly breaks: readonly string[];
  /** Only where several transactions run at once. */
  readonly clusterOnly?: true;
}

const onCluster = Object.keys(clusterSettings()).length > 0;
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const needs: readonly Need[] = [
  {
    protection: "stock-condition",
    backedBy: ["stock_not_negative"],
    breaks: ["stock.not-negative"],
    // Thirty want one of five.
    async work(busy) {
      const [variantId = ""] = await busy.stock(5);
      const buyers = await times(30, async () => {
        const buyer = customer();
        return { buyer, request: await busy.fillCart(buyer, [[variantId, 1]]) };
      });
      await Promise.all(buyers.map(({ buyer, request }) => busy.place(buyer, request)));
    },
  },
  {
    protection: "idempotency-key",
    backedBy: ["checkouts_key"],
    breaks: ["checkouts.one-order-per-key"],
    // They do not know whether their order arrived, and send it again after they have filled the cart anew.
    async work(busy) {
      const [variantId = ""] = await busy.stock(1000);
      const buyers = await times(10, async () => {
        const buyer = customer();
        const request = await busy.fillCart(buyer, [[variantId, 1]]);
        await busy.place(buyer, request);
        return { buyer, request };
      });
      await busy.settled();
      for (const { buyer } of buyers) await busy.fillCart(buyer, [[variantId, 1]]);
      await Promise.all(buyers.flatMap(({ buyer, request }) => [busy.place(buyer, request), busy.place(buyer, request)]));
    },
  },
  {
    protection: "order-version",
    backedBy: ["timeline_of_order"],
    breaks: ["orders.timeline"],
    clusterOnly: true,
    // Paid and cancelled at the same moment.
    async work(busy) {
      const [variantId = ""] = await busy.stock(1000);
      await times(20, async () => {
        const buyer = customer();
        const order = await busy.place(buyer, await busy.fillCart(buyer, [[variantId, 1]]));
        if (order) await Promise.all([busy.pay(order.id), busy.cancel(order.id)]);
      });
    },
  },
  {
    protection: "inbox",
    backedBy: [],
    breaks: ["orders.reserved-lines"],
    // All that happened is delivered again, as by a sender that died before it noted the deliveries.
    async work(busy) {
      const [variantId = ""] = await busy.stock(1000);
      await times(10, async () => {
        const buyer = customer();
        const order = await busy.place(buyer, await busy.fillCart(buyer, [[variantId, 5]]));
        if (!order) return;
        await busy.pay(order.id);
        await busy.takeBack(order, 1);
      });
      await busy.settled();
      const again = await eventsOf(busy);
      await times(2, () => deliver(busy.broker, again));
    },
  },
  {
    protection: "lease-expiry",
    backedBy: [],
    breaks: ["reservations.no-lease-over"],
    // Checkouts that are cut off when they have reserved.
    async work(busy) {
      const [variantId = ""] = await busy.stock(1000);
      await times(10, () =>
        busy.call("catalog.stock.reserve", { orderId: newId(), lines: [{ variantId, quantity: 1 }] }),
      );
      const leases = () => busy.leases();
      const last = Math.max(...(await leases()).map(({ leaseUntil }) => leaseUntil));
      // The sweeper has had its turns when leases that ran out are settled, or it would have settled them long ago.
      await busy.until(async () => (await leases()).length === 0 || Date.now() > last + 3000);
    },
  },
];

/** The events of orders, as the audit trail has them. */
async function eventsOf(busy: BusyShop): Promise<EventEnvelope[]> {
  const { items } = await busy.call("audit.list", { entity: "order", limit: 100, sort: "occurredAt" });
  return items.map(({ id, type, actor, details, requestId, occurredAt }) => ({
    id,
    name: type as EventName,
    occurredAt: Date.parse(occurredAt),
    actor: { kind: actor.kind, id: actor.id ?? undefined },
    requestId,
    payload: details,
  })) as EventEnvelope[];
}

/** @returns the codes of the invariants that are broken in the end */
async function brokenAfter({ work, backedBy }: Need, removed: readonly Protection[]): Promise<string[]> {
  const shop = await startShop({
    services: ["users", "catalog", "cart", "orders", "audit"],
    env: {
      NAMESPACE: "test-protections",
      TEST_SHOP_MAY_LOSE_DATA: "true",
      TEST_WITHOUT_PROTECTIONS: removed.join(","),
      RESERVATION_LEASE_SECONDS: "2",
      SWEEP_INTERVAL_SECONDS: "1",
      LOG_LEVEL: "fatal",
    },
  });
  const config = configOf(shop.broker);
  const tighten = removed.length > 0 ? await loosen(config, backedBy) : () => Promise.resolve();
  try {
    const busy = new BusyShop(shop.broker, randomFrom(3));
    await work(busy);
    await busy.refundsGiven();
    await busy.settled();
    const { findings } = await checkShop(config, { settled: true, patienceMs: 500 });
    return findings.filter(({ broken }) => broken > 0).map(({ code }) => code);
  } finally {
    await shop.broker.stop();
    await emptyCluster(config);
    await tighten();
    await shop.stop();
  }
}

describe.each(needs.filter(({ clusterOnly }) => onCluster || !clusterOnly))("$protection", (need) => {
  test("with it, the data agree", async () => {
    expect(await brokenAfter(need, [])).toEqual([]);
  }, 180_000);

  test("without it they do not, and that is found", async () => {
    expect(await brokenAfter(need, [need.protection])).toEqual(expect.arrayContaining([...need.breaks]));
  }, 180_000);
});
