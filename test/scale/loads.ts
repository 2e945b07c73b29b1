import { prepareCarts } from "../bench/data/carts.ts";
import { slugOf } from "../bench/data/catalogue.ts";
import { withData } from "../bench/data/databases.ts";
import { productCount } from "../bench/bench.ts";
import type { Answers } from "../bench/load/wrk.ts";
import { sendRequests } from "../bench/load/wrk.ts";
import { anyVariant } from "../bench/works/carts.ts";
import { ordering } from "../bench/works/orders.ts";
import type { Contender } from "../bench/work.ts";
import type { GrowingShop } from "./machines.ts";

/** One gateway's clients. */
export type ScaleClients = Pick<Contender, "prepare" | "measure">;

/** A load of equal clients at all gateways, so the total grows with the number of machines. */
export interface ScaleWork {
  readonly name: string;
  readonly title: string;
  readonly clientsOf: (shop: GrowingShop, url: string, gateway: number) => ScaleClients;
}

/** Enough clients to keep a machine busy while requests wait for databases or other machines. */
const readers = 24;
const buyers = 12;

const paths = Array.from({ length: productCount }, (_, index) => `/api/v1/products/${slugOf(index)}`);

/** All products in rotation, so that no response is cached. */
const reads: ScaleWork = {
  name: "reads",
  title: "a product, another one each time",
  clientsOf(_shop, url, gateway) {
    const from = (gateway * 1237) % productCount;
    const requests = [...paths.slice(from), ...paths.slice(0, from)].map((path) => ({ method: "GET", path }));
    return { measure: (seconds) => sendRequests(url, requests, { connections: readers, seconds }, "again") };
  },
};

/** Prepared carts with two items each. */
const checkouts: ScaleWork = {
  name: "checkouts",
  title: "order a cart of two things",
  clientsOf({ config, customers }, url, gateway) {
    const target = { url, processes: new Map<string, number>(), stop: () => Promise.resolve() };
    const side = {
      name: "shop",
      target,
      staff: "",
      customers: customers.map(({ accessToken }) => `Bearer ${accessToken}`),
      carts: (count: number, contents: Parameters<typeof prepareCarts>[2]) =>
        withData(config, "cart", (database) => prepareCarts(database, count, contents)),
    } as const;
    return ordering(side, buyers, (index) =>
      [0, 1].map((nth) => anyVariant((index + gateway * 5000) * 2 + nth)),
    );
  },
};

export const scaleWorks: readonly ScaleWork[] = [reads, checkouts];

/** Combined results of all clients. */
export interface Throughput {
  /** Answers below 400. */
  readonly perSecond: number;
  readonly failures: number;
  readonly p50Ms: number;
  /** Of the slowest gateway. */
  readonly p99Ms: number;
}

export function together(answers: readonly Answers[]): Throughput {
  const sum = (of: (one: Answers) => number) => answers.reduce((total, one) => total + of(one), 0);
  const medians = answers.map(({ p50Ms }) => p50Ms).toSorted((one, other) => one - other);
  return {
    perSecond: sum(({ requests, failures, seconds }) => Math.max(0, requests - failures) / seconds),
    failures: sum(({ failures }) => failures),
    p50Ms: medians[Math.floor(medians.length / 2)] ?? Number.NaN,
    p99Ms: Math.max(...answers.map(({ p99Ms }) => p99Ms)),
  };
}
