import { productCount } from "../bench.ts";
import { slugOf } from "../data/catalogue.ts";
import type { HttpRequest } from "../load/wrk.ts";
import { sendRequests } from "../load/wrk.ts";
import type { Target } from "../processes.ts";
import type { Contender, Work } from "../work.ts";

/** Pages that are not cached, so each request reads the database. */

const connections = 64;
const differentLists = 9000;

function asking({ url, processes }: Target, name: string, requests: readonly HttpRequest[]): Contender {
  return {
    name,
    processes,
    measure: (seconds) => sendRequests(url, requests, { connections, seconds }, "again"),
  };
}

function coldPage(name: string, title: string, paths: readonly string[]): Work {
  const requests = paths.map((path) => ({ method: "GET", path: `/api/v1/products${path}` }));
  return {
    name,
    title,
    goals: [{ of: "rate ratio", atLeast: 0.6 }],
    contenders: ({ shop, floor }) =>
      Promise.resolve([asking(shop, "shop", requests), asking(floor, "floor", requests)]),
  };
}

export const coldList = coldPage(
  "cold-list",
  "a list of 20 products, another one each time",
  Array.from({ length: differentLists }, (_, index) => `?limit=20&sort=price&minPrice=${index}`),
);

export const coldDetail = coldPage(
  "cold-detail",
  "a product, another one each time",
  Array.from({ length: productCount }, (_, index) => `/${slugOf(index)}`),
);
