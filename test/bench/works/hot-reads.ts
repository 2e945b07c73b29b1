import { slugOf } from "../data/catalogue.ts";
import { repeatRequest } from "../load/wrk.ts";
import { startBare } from "../opponents.ts";
import type { Target } from "../processes.ts";
import type { Contender, Goal, Work } from "../work.ts";

/** Public pages under concurrent requests, compared with a bare `node:http` server with the same bytes. */

export const hotListPath = "/api/v1/products?limit=20";
const connections = 64;

export function hammering(
  { url, processes }: Target,
  name: string,
  path: string,
  headers: Record<string, string> = {},
): Contender {
  return {
    name,
    processes,
    measure: (seconds) => repeatRequest(url + path, { connections, seconds }, headers),
  };
}

function hotPage(name: string, title: string, path: string): Work {
  const goals: Goal[] = [
    { of: "rate ratio", atLeast: 0.6 },
    { of: "p99 ratio", atMost: 2 },
  ];
  return {
    name,
    title,
    goals,
    async contenders({ shop, directory, defer }) {
      const bytes = await pageOf(shop.url + path);
      const bare = await startBare(directory, bytes);
      defer(() => bare.stop());
      return [hammering(shop, "shop", path), hammering(bare, "node:http", path)];
    },
  };
}

export async function pageOf(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

export const hotList = hotPage("hot-list", "a list of 20 products, hot", hotListPath);
export const hotDetail = hotPage("hot-detail", "a product, hot", `/api/v1/products/${slugOf(7)}`);

export const hotUnchanged: Work = {
  name: "hot-304",
  title: "the same list, for who has it (304)",
  goals: [{ of: "rate ratio", atLeast: 1 }],
  async contenders({ shop }) {
    const etag = (await fetch(shop.url + hotListPath)).headers.get("etag") ?? "";
    return [
      hammering(shop, "shop", hotListPath, { "If-None-Match": etag }),
      hammering(shop, "shop, 200", hotListPath),
    ];
  },
};
