import type { Database } from "../../mixins/database/database.ts";
import { cpuBetween, usageOf } from "../bench/usage.ts";
import { BuiltInSearch } from "../../services/catalog/search/built-in-search.ts";
import { productAt } from "./catalogue.ts";
import { productIdOf } from "./fill-shop.ts";
import { labelledQueries } from "./queries.ts";
import type { Answer } from "./quality.ts";
import { judge } from "./quality.ts";

/** The answers to all labelled searches, with what each took. */
export interface Measured {
  readonly answers: readonly Answer[];
  /** In milliseconds, sorted. */
  readonly durations: readonly number[];
  /** Of this process and of the database server, for all searches. */
  readonly cpuSeconds: number;
}

const everything = {
  status: "published",
  category: undefined,
  collectionId: undefined,
  minPrice: undefined,
  maxPrice: undefined,
  inStock: undefined,
  facets: [],
} as const;

/**
 * Asks every labelled search once, without a cache, in a shop with products 0 to `count` − 1.
 *
 * @param servers of the database, by name
 */
export async function measureSearch(
  database: Database,
  count: number,
  servers: ReadonlyMap<string, number> = new Map(),
): Promise<Measured> {
  const engine = new BuiltInSearch(database);
  const products = Array.from({ length: count }, (_, index) => productAt(index));
  const byId = new Map(products.map((product) => [productIdOf(product.index), product]));
  const answers: Answer[] = [];
  const durations: number[] = [];
  let cpuSeconds = 0;
  const before = usageOf(servers);
  for (const query of labelledQueries) {
    const start = performance.now();
    const cpu = process.cpuUsage();
    const { productIds } = await engine.find(query.q, everything);
    durations.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    cpuSeconds += (user + system) / 1e6;
    const found = productIds.slice(0, 20).flatMap((id) => byId.get(id) ?? []);
    const answer = judge(query, found, products);
    if (answer) answers.push(answer);
  }
  for (const seconds of cpuBetween(before, usageOf(servers)).values()) cpuSeconds += seconds;
  return { answers, durations: durations.toSorted((a, b) => a - b), cpuSeconds };
}
