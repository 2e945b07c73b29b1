import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../config/index.ts";
import { inside } from "../../deploy/local/directory.ts";
import { configOf } from "../../mixins/config-of.ts";
import { checkShop } from "../../services/node/check/check-shop.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { lateAnswers } from "./answer-times.ts";
import { readBooks } from "./books.ts";
import { beBuyer } from "./buyer.ts";
import { compareActs, comparePlacing } from "./compare-orders.ts";
import { compareMoney } from "./compare-money.ts";
import { compareAccounts, compareStock } from "./compare-stock.ts";
import { Customer } from "./customer.ts";
import { History } from "./history.ts";
import { Nemesis } from "./nemesis.ts";
import { keepShop, Office } from "./office.ts";
import { Person } from "./person.ts";
import { planFaults } from "./plan-faults.ts";
import type { ChaosReport } from "./report.ts";
import { settle } from "./settle.ts";
import { stockShelves } from "./shelves.ts";
import { ShopUnderChaos } from "./shop-under-chaos.ts";

export interface ChaosOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly buyers: number;
  /** On average between the beginnings of two faults. */
  readonly pauseMs: number;
  readonly smallDisks: boolean;
  /** Keeps the files of a run that went well, too. */
  readonly keep: boolean;
  readonly tell: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const settleWithinMs = 120_000;

/**
 * Starts a shop, lets buyers buy while faults happen, heals everything, and compares what clients were told with what
 * the databases say. The shop is gone afterwards; its logs and the history of a run with faults are kept.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { tell, signal, seed } = options;
  const shop = await ShopUnderChaos.start({ smallDisks: options.smallDisks, tell, signal });
  let keepFiles = true;
  try {
    const history = new History(join(shop.directory, "history.jsonl"));
    const report = await inShop(shop, history, options);
    await history.close();
    keepFiles = options.keep || report.findings.length > 0;
    await writeFile(join(shop.directory, "findings.txt"), report.findings.join("\n"));
    return { ...report, seed, files: keepFiles ? { directory: shop.directory, logs: inside(shop.directory).logs } : undefined };
  } finally {
    await shop.stop({ keepFiles });
  }
}

async function inShop(shop: ShopUnderChaos, history: History, options: ChaosOptions): Promise<Omit<ChaosReport, "seed" | "files">> {
  const { seed, buyers, durationMs, pauseMs, tell, signal } = options;
  const { urls, broker } = shop.cluster;
  const person = (name: string, number: number) => new Person(name, urls, history, randomFrom(seed * 1000 + number));
  const office = new Office(person("staff", 0));
  await office.loggedIn();
  const shelves = await stockShelves(office.person);

  const plan = planFaults({ seed, durationMs, pauseMs, nodes: shop.nodeNames, smallDisks: shop.disks.map(({ server }) => server) });
  tell(`${plan.length} faults are planned for ${durationMs / 1000} s, ${buyers} buyers`);
  const nemesis = new Nemesis(shop, tell);
  let isOver = false;
  const over = () => isOver || signal?.aborted === true;
  const customers = Array.from({ length: buyers }, (_, index) => new Customer(person(`buyer ${index + 1}`, index + 1)));
  const crowd = Promise.all([
    keepShop(office, shelves, over),
    ...customers.map((customer) => beBuyer(customer, office, shelves, over)),
  ]);
  await Promise.all([nemesis.unleash(plan), sleep(durationMs, undefined, { signal })]).finally(() => (isOver = true));
  await crowd;

  tell("Everything is healed; waiting for the shop to settle");
  const began = Date.now();
  const left = await settle(shop, settleWithinMs);
  const settledMs = Date.now() - began;
  const books = await readBooks(broker);
  const restarts = nemesis.misfortunes.filter(({ fault }) => fault.kind === "node kill" || fault.kind === "node restart");
  const findings = [
    ...left.map((what) => `the shop did not settle: ${what}`),
    ...history.findings,
    ...nemesis.failures.map((failure) => `could not be done: ${failure}`),
    ...unexpectedDeaths(shop, restarts),
    ...(await violations(configOf(broker))),
    ...comparePlacing(history, books),
    ...compareActs(history, books),
    ...compareMoney(shop.provider.book(), books),
    ...compareStock(history, books),
    ...compareAccounts(history, books),
    ...lateAnswers(history, nemesis.misfortunes, shop.cluster.nodes.flatMap(({ plan: { name, port } }) => (port ? [name] : []))),
  ];
  return { durationMs, buyers, settledMs, misfortunes: nemesis.misfortunes, operations: history.operations, orders: books.orders.length, findings };
}

/** What the shop's own check finds. */
async function violations(config: Config): Promise<string[]> {
  const { findings } = await checkShop(config, { settled: true });
  return findings
    .filter(({ severity, broken }) => severity === "violation" && broken > 0)
    .map(({ code, broken, rows }) => `check: ${code}: ${broken} × ${JSON.stringify(rows)}`);
}

/** A node may die when it was told to, and not by itself. */
function unexpectedDeaths({ deaths }: ShopUnderChaos, struck: Nemesis["misfortunes"]): string[] {
  const isExpected = ({ node, at }: (typeof deaths)[number]) =>
    struck.some(({ fault, from, until }) => fault.target === node && from <= at && at <= until);
  return deaths
    .filter((death) => !isExpected(death))
    .map(({ node, how, at }) => `${node} died by itself at ${new Date(at).toISOString()}: ${how}`);
}
