import type { Bench } from "../bench.ts";
import type { SoldVariant } from "../data/catalogue.ts";
import { variantOf } from "../data/catalogue.ts";
import type { HttpRequest } from "../load/wrk.ts";
import { sendRequests } from "../load/wrk.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { withData } from "../data/databases.ts";
import type { Contender, Work } from "../work.ts";
import { anyVariant } from "./carts.ts";
import type { Side } from "./sides.ts";
import { Expectation, sidesOf } from "./sides.ts";

export const address = {
  name: "Ada",
  line1: "1 Mill Lane",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};

/** Orders of prepared carts. */
export function ordering(
  side: Side,
  connections: number,
  contents: (index: number) => readonly SoldVariant[],
  name: string = side.name,
): Contender {
  const { target, customers, carts } = side;
  const expectation = new Expectation(500);
  let requests: HttpRequest[] = [];
  return {
    name,
    processes: target.processes,
    async prepare(seconds) {
      const made = await carts(expectation.for(seconds), contents);
      requests = made.map(({ id, token, variants }, index) => ({
        method: "POST",
        path: "/api/v1/orders",
        headers: {
          "X-Cart-Token": token,
          Authorization: customers[index % customers.length] ?? "",
          "Idempotency-Key": newId(),
        },
        body: {
          cartId: id,
          total: { amount: variants.reduce((sum, { price }) => sum + price, 0), currency: "GBP" },
          shippingAddress: address,
        },
      }));
    },
    measure: async (seconds) =>
      expectation.learn(await sendRequests(target.url, requests, { connections, seconds }, "once")),
  };
}

export const order: Work = {
  name: "order",
  title: "order a cart of two things",
  goals: [
    { of: "rate ratio", atLeast: { embedded: 0.5, cluster: 0.35 } },
    { of: "p99 ms", atMost: 30 },
    { of: "figure", figure: "audit lag p99, ms", atMost: 1000 },
    { of: "figure", figure: "events left after 2 s", atMost: 0 },
  ],
  contenders: (bench) => {
    const [ours, ...floors] = sidesOf(bench);
    const two = (index: number) => [anyVariant(index * 2), anyVariant(index * 2 + 1)];
    return Promise.resolve([
      withEvents(bench, ordering(ours, 16, two)),
      ...floors.map((floor) => ordering(floor, 16, two)),
    ]);
  },
};

/** One contended variant, compared with the same load on a thousand. */
export const hotVariant: Work = {
  name: "hot-variant",
  title: "64 buyers at once want the same variant",
  goals: [{ of: "rate ratio", atLeast: 0.7 }],
  contenders: (bench) => {
    const [ours] = sidesOf(bench);
    return Promise.resolve([
      ordering(ours, 64, () => [variantOf(3)], "one variant"),
      ordering(ours, 64, (index) => [variantOf(index % 1000)], "1,000 variants"),
    ]);
  },
};

/** Also reports the audit trail's lag behind the orders. */
function withEvents({ shop }: Bench, orders: Contender): Contender {
  return {
    ...orders,
    async measure(seconds) {
      const since = Date.now();
      const answers = await orders.measure(seconds);
      const patience = Date.now() + 2000;
      let left = await waiting();
      while (left > 0 && Date.now() < patience) left = await waiting();
      return {
        ...answers,
        figures: { "audit lag p99, ms": await lagSince(since), "events left after 2 s": left },
      };
    },
  };

  async function waiting(): Promise<number> {
    const sql = "SELECT COUNT(*) AS n FROM outbox WHERE status = 'waiting'";
    return withData(
      shop.config,
      "orders",
      async (database) => (await database.select<{ n: number }>(sql))[0]?.n ?? 0,
    );
  }

  async function lagSince(since: number): Promise<number> {
    const sql =
      "SELECT recorded_at - occurred_at AS lag FROM audit_events WHERE type = 'orders.placed' AND occurred_at >= ? ORDER BY lag";
    const rows = await withData(shop.config, "audit", (database) =>
      database.select<{ lag: number }>(sql, [since]),
    );
    return rows[Math.min(rows.length - 1, Math.floor(rows.length * 0.99))]?.lag ?? Number.NaN;
  }
}
