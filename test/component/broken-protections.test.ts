import { describe, expect, test } from "@jest/globals";
import { configOf } from "../../mixins/service/config-of.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { EventName } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import { onCluster, emptyCluster } from "../support/cluster-shape.ts";
import type { Constraint } from "../support/constraints.ts";
import { loosen } from "../support/constraints.ts";
import type { Protection } from "../support/remove-protection.ts";
import { removeProtection } from "../support/remove-protection.ts";
import { deliver, startShop } from "../support/shop.ts";
import { dataServices } from "../support/data-services.ts";

/** A concurrent workload that needs a protection. */
interface Need {
  readonly protection: Protection;
  /** Database constraints that must be dropped too, since they catch the same fault. */
  readonly backedBy: readonly Constraint[];
  readonly work: (busy: ShopTraffic) => Promise<void>;
  /** Invariants that are violated without the protection; others may be too. */
  readonly breaks: readonly string[];
  /** Only with concurrent transactions. */
  readonly clusterOnly?: true;
}

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const needs: readonly Need[] = [
  {
    protection: "stock-condition",
    backedBy: ["stock_not_negative"],
    breaks: ["stock.not-negative"],
    // Thirty buyers of five units.
    async work(busy) {
      const [variantId = ""] = await busy.stock(5);
      const buyers = await times(30, async () => {
        const buyer = await busy.newCustomer();
        return { buyer, request: await busy.fillCart(buyer, [[variantId, 1]]) };
      });
      await Promise.all(buyers.map(({ buyer, request }) => busy.place(buyer, request)));
    },
  },
  {
    protection: "idempotency-key",
    backedBy: ["checkouts_key"],
    breaks: ["checkouts.one-order-per-key"],
    // Clients with an unknown outcome refill their cart and retry.
    async work(busy) {
      const [variantId = ""] = await busy.stock(1000);
      const buyers = await times(10, async () => {
        const buyer = await busy.newCustomer();
        const request = await busy.fillCart(buyer, [[variantId, 1]]);
        await busy.place(buyer, request);
        return { buyer, request };
      });
      await busy.settled();
      for (const { buyer } of buyers) await busy.fillCart(buyer, [[variantId, 1]]);
      await Promise.all(
        buyers.flatMap(({ buyer, request }) => [busy.place(buyer, request), busy.place(buyer, request)]),
      );
    },
  },
  {
    protection: "order-version",
    backedBy: ["timeline_of_order"],
    breaks: ["orders.timeline"],
    clusterOnly: true,
    // Concurrent payment and cancellation.
    async work(busy) {
      const [variantId = ""] = await busy.stock(1000);
      await times(20, async () => {
        const buyer = await busy.newCustomer();
        const order = await busy.place(buyer, await busy.fillCart(buyer, [[variantId, 1]]));
        if (order) await Promise.all([busy.pay(order.id), busy.cancel(order.id)]);
      });
    },
  },
  {
    protection: "inbox",
    backedBy: [],
    breaks: ["orders.reserved-lines"],
    // Redelivers all events, like a relay that crashed before it recorded the deliveries.
    async work(busy) {
      const [variantId = ""] = await busy.stock(1000);
      await times(10, async () => {
        const buyer = await busy.newCustomer();
        const order = await busy.place(buyer, await busy.fillCart(buyer, [[variantId, 5]]));
        if (!order) return;
        await busy.pay(order.id);
        await busy.returnGoods(order, 1);
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
    // Checkouts interrupted after their reservation.
    async work(busy) {
      const [variantId = ""] = await busy.stock(1000);
      await times(10, () =>
        busy.call("catalog.stock.reserve", { orderId: newId(), lines: [{ variantId, quantity: 1 }] }),
      );
      const leases = () => busy.leases();
      const last = Math.max(...(await leases()).map(({ leaseUntil }) => leaseUntil));
      // The sweeper has run when expired leases are settled; it would have settled these long ago.
      await busy.until(async () => (await leases()).length === 0 || Date.now() > last + 3000);
    },
  },
];

/** Audited events of orders. */
async function eventsOf(busy: ShopTraffic): Promise<EventEnvelope[]> {
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

/** @returns codes of the violated invariants */
async function brokenAfter({ work, backedBy }: Need, removed: Protection | undefined): Promise<string[]> {
  const shop = await startShop({
    services: dataServices,
    env: {
      NAMESPACE: "test-protections",
      RESERVATION_LEASE_SECONDS: "2",
      SWEEP_INTERVAL_SECONDS: "1",
      LOG_LEVEL: "fatal",
    },
  });
  const config = configOf(shop.broker);
  const tighten = removed ? await loosen(config, backedBy) : () => Promise.resolve();
  const putBack = removed ? removeProtection(removed) : () => undefined;
  try {
    const busy = new ShopTraffic(shop.broker, randomFrom(3));
    await work(busy);
    await busy.refundsSettled();
    await busy.settled();
    const { findings } = await verifyShop(config, { settled: true, patienceMs: 500 });
    return findings.filter(({ broken }) => broken > 0).map(({ code }) => code);
  } finally {
    await shop.broker.stop();
    putBack();
    await emptyCluster(config);
    await tighten();
    await shop.stop();
  }
}

describe.each(needs.filter(({ clusterOnly }) => onCluster || !clusterOnly))("$protection", (need) => {
  test("with it, the data agree", async () => {
    expect(await brokenAfter(need, undefined)).toEqual([]);
  }, 600_000);

  test("without it they do not, and that is found", async () => {
    expect(await brokenAfter(need, need.protection)).toEqual(expect.arrayContaining([...need.breaks]));
  }, 600_000);
});
