import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { asAdmin, execute, oneRow } from "../../deploy/local/servers/database.ts";
import type { ReplicaName } from "../../deploy/local/stack.ts";
import type { StatusRow } from "../../deploy/local/servers/database-dialect.ts";
import type { StackSettings } from "../../deploy/local/state.ts";
import { readState, settingsOf } from "../../deploy/local/state.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { StreamReport } from "./proof.ts";
import { ClusterUnderTest, Stream, tell } from "./proof.ts";
import { until } from "./processes.ts";
import { loggedInCustomers } from "./shoppers.ts";
import { SteadyBuyers } from "./steady-buyers.ts";

const names: readonly ReplicaName[] = ["replica-1", "replica-2"];
const address = { name: "Ada", line1: "1 Mill Lane", city: "London", postalCode: "N1 1AA", country: "GB" };
/** Maximum lag of a replica in use. */
const maxLagMs = 1000;
/** Timeout of a replica's read before it falls back to the primary. */
const answerWithinMs = 1000;
/** Margin for a busy machine. */
const graceMs = 1000;

describe("database replicas in trouble", () => {
  let shop: ClusterUnderTest;

  beforeAll(async () => {
    shop = await ClusterUnderTest.start({ catalog: 2, orders: 1 });
    await untilReadFrom(2);
  }, 600_000);

  afterAll(async () => {
    await shop?.stop();
  }, 600_000);

  const stack = () => shop.cluster.stack;
  const replicasOn = async (nodeID: string) =>
    (await shop.askNode(nodeID, "operations.replicas", {}, { kind: "system", name: "test" })).replicas;
  const readsOf = async (replica: ReplicaName) => {
    const server = stack().environment.DATABASE_REPLICAS.split(",")[names.indexOf(replica)];
    const seen = await Promise.all(shop.nodesOf("catalog").map(replicasOn));
    return seen.map((replicas) => replicas.find((one) => one.replica === server)?.reads ?? 0);
  };

  /** Resolves when every node of the catalogue reads from this many replicas. */
  async function untilReadFrom(count: number): Promise<void> {
    for (const nodeID of shop.nodesOf("catalog"))
      await until(async () => (await replicasOn(nodeID)).filter(({ good }) => good).length === count);
  }

  /** A guest's read that is not cached. */
  const askNew = (number: number) =>
    shop.demand(number % shop.gateways.length, "GET", `/products?limit=2&q=${newId()}`);

  describe("with replication stopped on both", () => {
    let product: { id: string; variantId: string };

    beforeAll(async () => {
      product = await shop.addProduct();
      await until(async () => (await shop.request(0, "GET", `/products/${product.id}`)).status === 200);
      await Promise.all(names.map((name) => stack().stopApplying(name)));
    }, 240_000);

    afterAll(async () => {
      await Promise.all(names.map((name) => stack().startApplying(name)));
      await untilReadFrom(2);
    }, 240_000);

    test("a product's new price is never hidden from staff who set it, and guests get it at once", async () => {
      const waits: number[] = [];
      for (let price = 2000; price < 2005; price += 1) {
        await shop.setPrice(price % 2, product.variantId, price);
        const changedAt = Date.now();
        const asStaff = await Promise.all(
          [...shop.gateways, ...shop.gateways].map((gateway) =>
            shop.demand(gateway, "GET", `/variants/${product.variantId}`, { token: shop.staff }),
          ),
        );
        expect(asStaff.map((variant) => variant.price.amount)).toEqual([price, price, price, price]);
        for (const gateway of shop.gateways)
          await until(
            async () =>
              (await shop.demand(gateway, "GET", `/variants/${product.variantId}`)).price.amount === price,
          );
        waits.push(Date.now() - changedAt);
      }
      tell(`replication stopped: a guest got the new price ${waits.join(", ")} ms after the change`);
      expect(Math.max(...waits)).toBeLessThan(2 * maxLagMs + graceMs);
    }, 240_000);

    test("uncached reads fall back to the primary once the lag is noticed, and are not stale after that", async () => {
      // Within the maximum lag, both replicas serve reads until they are found lagging.
      await Promise.all(names.map((name) => stack().startApplying(name)));
      await untilReadFrom(2);
      await Promise.all(names.map((name) => stack().stopApplying(name)));

      const askedFrom = shop.nodesOf("catalog");
      const priceOn = async (nodeID: string) => {
        const ids = [product.variantId];
        const [variant] = await shop.askNode(
          nodeID,
          "catalog.variants.lookup",
          { ids },
          { kind: "system", name: "test" },
        );
        return variant?.price.amount;
      };
      await shop.setPrice(0, product.variantId, 3000);
      const changedAt = Date.now();
      const lastOld = await Promise.all(
        askedFrom.map(async (nodeID) => {
          let last = 0;
          for (let inARow = 0; inARow < 50;) {
            const askedAt = Date.now();
            if ((await priceOn(nodeID)) === 3000) inARow += 1;
            else [inARow, last] = [0, askedAt - changedAt];
          }
          return last;
        }),
      );
      tell(`replication stopped: replicas were last read from ${lastOld.join(" and ")} ms after the change`);
      expect(Math.max(...lastOld)).toBeLessThanOrEqual(maxLagMs);
    }, 240_000);

    test("a customer sees every change of their profile, addresses, cart and orders at once through every gateway", async () => {
      const credentials = await shop.register();
      const token = await shop.signIn(0, credentials);
      const everywhere = async (path: string) =>
        Promise.all(
          [...shop.gateways, ...shop.gateways].map((gateway) => shop.demand(gateway, "GET", path, { token })),
        );
      const cart = await shop.demand(1, "POST", "/carts", { token });

      for (const round of [1, 2, 3]) {
        const [here, there] = [round % 2, (round + 1) % 2];
        await shop.demand(here, "PATCH", "/me", { token, body: { name: `Ada ${round}` } });
        for (const me of await everywhere("/me")) expect(me.name).toBe(`Ada ${round}`);
        await shop.demand(there, "POST", "/me/addresses", { token, body: { address } });
        for (const addresses of await everywhere("/me/addresses"))
          expect(addresses.items).toHaveLength(round);

        const items = `/carts/${cart.id}/items`;
        await shop.demand(here, "POST", items, {
          token,
          body: { variantId: product.variantId, quantity: 2 },
        });
        const views = await everywhere(`/carts/${cart.id}`);
        for (const {
          items: [item],
        } of views)
          expect(item.quantity).toBe(2);
        await shop.demand(there, "PATCH", `${items}/${views[0].items[0].id}`, {
          token,
          body: { quantity: round },
        });
        for (const {
          items: [item],
        } of await everywhere(`/carts/${cart.id}`))
          expect(item.quantity).toBe(round);

        const quote = await shop.demand(here, "GET", `/carts/${cart.id}/quote`, { token });
        const body = { cartId: cart.id, total: quote.total, shippingAddress: address };
        const order = await shop.demand(there, "POST", "/orders", { token, key: newId(), body });
        for (const {
          items: [latest],
        } of await everywhere("/orders"))
          expect(latest.id).toBe(order.id);
        await shop.demand(here, "POST", `/orders/${order.id}/cancellations`, {
          token,
          body: { reason: "changed my mind" },
        });
        for (const seen of await everywhere(`/orders/${order.id}`)) expect(seen.status).toBe("cancelled");
        await until(
          async () => (await shop.demand(0, "GET", `/carts/${cart.id}`, { token })).items.length === 0,
        );
      }
    }, 240_000);
  });

  test("a replica applies several changes at a time, shows them in the primary's order, and has all of a burst of orders at once", async () => {
    const settings = await stackSettings();
    const [slow, quick] = [await shop.addProduct(), await shop.addProduct()];
    await untilApplied(settings);
    await asAdmin("replica-1", settings, async (replica) => {
      const priceOf = async ({ variantId }: { variantId: string }) =>
        (
          await oneRow<{ price: number }>(replica, "SELECT price FROM shop_catalog.variants WHERE id = ?", [
            variantId,
          ])
        )?.price;
      // A reader whose connection holds a row lock there.
      await asAdmin("replica-1", settings, async (holder) => {
        await execute(holder, "START TRANSACTION");
        await oneRow(holder, "SELECT id FROM shop_catalog.variants WHERE id = ? FOR UPDATE", [
          slow.variantId,
        ]);
        await shop.setPrice(0, slow.variantId, 4000);
        await shop.setPrice(0, quick.variantId, 4000);
        await withinChecks(250, async () => (await oneRow(replica, waitsForItsTurn)) !== undefined);
        expect([await priceOf(slow), await priceOf(quick)]).toEqual([1000, 1000]);
      });
      await untilApplied(settings);
      expect([await priceOf(slow), await priceOf(quick)]).toEqual([4000, 4000]);
    });

    const buyers = new SteadyBuyers(shop, await loggedInCustomers(16, shop), slow.variantId);
    await buyers.confirmed(100);
    const lagging = await Promise.all(
      names.map((name) =>
        asAdmin(name, settings, async (replica) => {
          const row = await oneRow<StatusRow>(replica, settings.dialect.statusQuery);
          return settings.dialect.readStatus(row ?? {}).lagSeconds;
        }),
      ),
    );
    await buyers.end();
    tell(`in the midst of orders the replicas were ${lagging.join(" and ")} s behind`);
    expect(Math.max(...lagging.map(Number))).toBeLessThanOrEqual(1);
    await untilApplied(settings);
  }, 240_000);

  async function withinChecks(most: number, condition: () => Promise<boolean>): Promise<void> {
    let checks = 0;
    await until(async () => (checks += 1) > most || (await condition()));
    expect(checks).toBeLessThanOrEqual(most);
  }

  /** State of a parallel apply worker that waits for an earlier commit, in either engine's words. */
  const waitsForItsTurn =
    "SELECT id FROM information_schema.processlist WHERE state LIKE 'Waiting for pr% transaction to commit'";

  async function stackSettings(): Promise<StackSettings> {
    const { directory } = stack();
    const state = await readState(directory);
    const settings = state && settingsOf(directory, state);
    if (!settings) throw new Error("the stack has no ports");
    return settings;
  }

  /** After a few queries, both replicas report that they have caught up with the primary. */
  async function untilApplied(settings: StackSettings): Promise<void> {
    const { positionQuery, waitQuery } = settings.dialect;
    const primary = await asAdmin("primary", settings, (connection) =>
      oneRow<{ position: string }>(connection, positionQuery),
    );
    for (const name of names)
      await asAdmin(name, settings, async (replica) => {
        await withinChecks(
          5,
          async () =>
            (await oneRow<{ answer: number }>(replica, waitQuery, [primary?.position ?? "", 1]))?.answer ===
            0,
        );
      });
  }

  test("replicas that are killed fail no read, and are read from again when they are back", async () => {
    const stream = new Stream(askNew);
    await stream.answered(50);
    const report = (title: string): StreamReport => {
      const figures = stream.report();
      tell(
        `${title}: ${figures.count} reads, ${figures.failures.length} failed, slowest ${figures.slowestMs} ms`,
      );
      expect(figures.failures).toEqual([]);
      return figures;
    };
    report("both replicas there");
    await stack().kill("replica-1");
    await stream.answered(150);
    report("one replica killed");
    await stack().kill("replica-2");
    await stream.answered(150);
    report("both replicas killed");
    for (const name of names) {
      const before = await readsOf(name);
      await stack().start(name);
      const servesAt = Date.now();
      await until(async () => (await readsOf(name)).every((reads, node) => reads > (before[node] ?? 0)));
      tell(`${name} was read from again by every node ${Date.now() - servesAt} ms after it served`);
    }
    await untilReadFrom(2);
    // A graceful shutdown closes its connections with an error first.
    await stack().restart("replica-1");
    await untilReadFrom(2);
    report("replicas started, one restarted");
    expect((await stream.end()).failures).toEqual([]);
  }, 240_000);

  test("a replica that is frozen fails no read and holds none up for longer than its time limit", async () => {
    const stream = new Stream(askNew);
    await stream.answered(100);
    const before = stream.report();
    await stack().pause("replica-2");
    await stream.answered(200);
    const frozen = stream.report();
    await stack().resume("replica-2");
    await untilReadFrom(2);
    const after = await stream.end();
    tell(
      `one replica frozen: ${frozen.count} reads, ${frozen.failures.length} failed, slowest ${frozen.slowestMs} ms (before: ${before.slowestMs} ms)`,
    );
    expect([...before.failures, ...frozen.failures, ...after.failures]).toEqual([]);
    expect(frozen.slowestMs).toBeLessThan(before.slowestMs + answerWithinMs + graceMs);
  }, 240_000);

  test("by the servers' own count, public reads go to both replicas and personal ones to the primary", async () => {
    // Many, and a long sample, since nodes' jobs ask in bursts.
    const questions = 600;
    const sampleMs = 3000;
    const token = await shop.signIn(0, await shop.register());
    // Nodes' own queries per second, which are subtracted.
    const sampled = await countSelects(() => pause(sampleMs));
    const perSecond = sampled.map((count) => (count * 1000) / sampleMs);
    const asked = async (ask: (number: number) => Promise<unknown>) => {
      const began = Date.now();
      const selects = await countSelects(async () => {
        for (let number = 0; number < questions; number += 1) await ask(number);
      });
      const seconds = (Date.now() - began) / 1000;
      return selects.map((count, server) => Math.round(count - seconds * (perSecond[server] ?? 0)));
    };
    const publicly = await asked(askNew);
    const personally = await asked((number) => shop.demand(number % 2, "GET", "/me", { token }));
    const listed = (counts: readonly number[]) =>
      `primary ${counts[0]}, replica-1 ${counts[1]}, replica-2 ${counts[2]}`;
    tell(`${questions} public reads: SELECTs on ${listed(publicly)}`);
    tell(`${questions} personal reads: SELECTs on ${listed(personally)}`);
    const [primary = 0, first = 0, second = 0] = publicly;
    // A wide margin for nodes' own queries on a busy machine.
    expect(primary).toBeLessThan(questions / 2);
    expect(Math.min(first, second)).toBeGreaterThan(questions / 8);
    const [own = 0, ...others] = personally;
    expect(own).toBeGreaterThan(questions / 2);
    expect(Math.max(...others)).toBeLessThan(questions / 2);
  }, 240_000);

  /** SELECTs on the primary and each replica meanwhile. */
  async function countSelects(work: () => Promise<void>): Promise<number[]> {
    const state = await readState(stack().directory);
    const { DATABASE_PRIMARY, DATABASE_REPLICAS } = stack().environment;
    const count = async (server: string) => {
      const [host, port] = server.split(":");
      const login = { user: "shop_monitor", password: state?.secrets.monitor };
      const connection = await createConnection({ host, port: Number(port), ...login });
      const [[row]] = await connection.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Com_select'");
      await connection.end();
      return Number(row?.Value);
    };
    const all = () => Promise.all([DATABASE_PRIMARY, ...DATABASE_REPLICAS.split(",")].map(count));
    const before = await all();
    await work();
    return (await all()).map((value, server) => value - (before[server] ?? 0));
  }
});
