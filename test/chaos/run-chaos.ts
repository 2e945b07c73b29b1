import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../config/index.ts";
import { inside } from "../../deploy/local/directory.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { resendEvents } from "../../services/operations/console/resend-events.command.ts";
import { callShop } from "../../services/operations/console/known-nodes.ts";
import { withTimeout } from "../../mixins/support/with-timeout.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { Teardown } from "../support/teardown.ts";
import { canLimitDescriptors } from "./descriptors.ts";
import { lateResponses } from "./answer-times.ts";
import { readDatabaseState } from "./books.ts";
import { runBuyer } from "./buyer.ts";
import { compareAfterSales, compareAfterSaleSteps } from "./compare-after-sales.ts";
import { compareMerchants, comparePayouts, compareReceipts } from "./compare-merchants.ts";
import { compareActs, comparePlacing } from "./compare-orders.ts";
import { compareChoices, compareReviews } from "./compare-opinions.ts";
import { compareMoney } from "./compare-money.ts";
import { compareAccounts, compareStock } from "./compare-stock.ts";
import { Customer } from "./customer.ts";
import { Employee } from "./employee.ts";
import { History } from "./history.ts";
import { Nemesis } from "./nemesis.ts";
import { openMerchant, runMerchant } from "./merchant.ts";
import { runMallOffice, runWarehouse } from "./office.ts";
import { ShopClient } from "./person.ts";
import { planFaults } from "./plan-faults.ts";
import type { ChaosReport } from "./report.ts";
import { formatReport } from "./report.ts";
import { settle } from "./settle.ts";
import { createChaosCatalogue } from "./shelves.ts";
import { administrator, ShopUnderChaos } from "./shop-under-chaos.ts";

export interface ChaosOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly buyers: number;
  /** Mean time between the starts of two faults. */
  readonly pauseMs: number;
  readonly smallDisks: boolean;
  /** Keeps the files of a successful run too. */
  readonly keep: boolean;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Of each merchant, in hundredths of a percent. */
const commissions = [1000, 1234, 0];
const settleTimeoutMs = 120_000;
/** Time limit for a buyer's last operations. */
const finishTimeoutMs = 300_000;

/**
 * Starts a shop, lets buyers buy during faults, heals everything, and compares clients' results with the
 * databases; reports the verdict and removes the shop. Keeps logs and history of a run with findings.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { log, signal, seed } = options;
  const teardown = new Teardown();
  // Files of an aborted run are kept: they show the reason.
  let keepFiles = true;
  try {
    const shop = await ShopUnderChaos.start({
      smallDisks: options.smallDisks,
      keepFiles: () => keepFiles,
      teardown,
      log,
      signal,
    });
    const history = new History(join(shop.directory, "history.jsonl"));
    const found = await inShop(shop, history, options);
    await history.close();
    keepFiles = options.keep || found.findings.length > 0;
    await writeFile(join(shop.directory, "findings.txt"), found.findings.join("\n"));
    const files = keepFiles ? { directory: shop.directory, logs: inside(shop.directory).logs } : undefined;
    const report = { ...found, seed, files };
    // Before the clean-up, which may fail too.
    log(`\n${formatReport(report)}`);
    const left = await teardown.run();
    return { ...report, left };
  } catch (error) {
    keepFiles = options.keep || !signal?.aborted;
    for (const what of await teardown.run()) log(`NOT TAKEN AWAY: ${what}`);
    throw error;
  }
}

async function inShop(
  shop: ShopUnderChaos,
  history: History,
  options: ChaosOptions,
): Promise<Omit<ChaosReport, "seed" | "files" | "left">> {
  const { seed, buyers, durationMs, pauseMs, log, signal } = options;
  const { urls, broker } = shop.cluster;
  const person = (name: string, number: number) =>
    new ShopClient(name, urls, history, randomFrom(seed * 1000 + number));
  const staff = new Employee(person("staff", 0), administrator);
  const merchants = await Promise.all(
    commissions.map(async (basisPoints, index) =>
      openMerchant(staff, person(`merchant ${index + 1}`, 900 + index), basisPoints),
    ),
  );
  const catalogue = await createChaosCatalogue(staff, merchants);

  const smallDisks = shop.disks.map(({ server }) => server);
  const canStarve = await canLimitDescriptors();
  if (!canStarve) log("NO NODE WILL BE STARVED: there is no prlimit here (Linux, util-linux)");
  const plan = planFaults({ seed, durationMs, pauseMs, nodes: shop.nodeNames, smallDisks, canStarve });
  log(`${plan.length} faults are planned for ${durationMs / 1000} s, ${buyers} buyers`);
  const nemesis = new Nemesis(shop, log);
  let isOver = false;
  const over = () => isOver || signal?.aborted === true;
  const customers = Array.from(
    { length: buyers },
    (_, index) => new Customer(person(`buyer ${index + 1}`, index + 1)),
  );
  const crowd = Promise.all([
    runWarehouse(staff, catalogue, over),
    runMallOffice(staff, catalogue, over),
    ...merchants.map((merchant) => runMerchant(merchant, over)),
    ...customers.map((customer) => runBuyer(customer, staff, catalogue, over)),
  ]);
  const running = sleep(durationMs, undefined, { signal }).catch(() => undefined);
  await Promise.all([nemesis.run(plan, signal), running]);
  isOver = true;
  await withTimeout(finishTimeoutMs, crowd);
  signal?.throwIfAborted();

  // A publisher notices a lost queue with its next event, which may not come; an operator resends them then.
  const consumers = new Set(
    nemesis.injected.flatMap(({ fault }) =>
      "of" in fault && !shop.nodeNames.includes(fault.of) ? [fault.of] : [],
    ),
  );
  for (const consumer of consumers)
    await resendEvents.run({ broker, call: (name, params) => callShop(broker, name, params) }, [consumer]);
  log("Everything is healed; waiting for the shop to settle");
  const began = Date.now();
  const left = await settle(shop, settleTimeoutMs);
  const settledMs = Date.now() - began;
  const state = await readDatabaseState(broker);
  const restarts = nemesis.injected.filter(
    ({ fault }) => fault.kind === "node kill" || fault.kind === "node restart",
  );
  const findings = [
    ...left.map((what) => `the shop did not settle: ${what}`),
    ...history.findings,
    ...nemesis.failures.map((failure) => `could not be done: ${failure}`),
    ...unexpectedDeaths(shop, restarts),
    ...(await violations(shop)),
    ...comparePlacing(history, state),
    ...compareActs(history, state),
    ...compareMoney(shop.provider.ledger(), state),
    ...compareStock(history, state),
    ...compareAccounts(history, state),
    ...compareReceipts(history, state),
    ...compareAfterSales(history, state),
    ...compareAfterSaleSteps(history, state),
    ...compareReviews(history, state),
    ...compareChoices(history, state),
    ...compareMerchants(history, state),
    ...comparePayouts(history, state),
    ...lateResponses(
      history,
      nemesis.injected,
      shop.cluster.nodes.flatMap(({ plan: { name, port } }) => (port ? [name] : [])),
    ),
  ];
  return {
    durationMs,
    buyers,
    settledMs,
    injected: nemesis.injected,
    operations: history.operations,
    orders: state.orders.length,
    findings,
  };
}

/**
 * Violations found by the shop's own verification, twice: an order that becomes overdue between the two is a
 * finding only if it stays so.
 */
async function violations(shop: ShopUnderChaos): Promise<string[]> {
  const config = configOf(shop.cluster.broker);
  const found = await foundIn(config);
  if (found.length === 0) return [];
  await settle(shop, settleTimeoutMs);
  const again = new Set(await foundIn(config));
  return found.filter((finding) => again.has(finding));
}

async function foundIn(config: Config): Promise<string[]> {
  const { findings } = await verifyShop(config, { settled: true });
  return findings
    .filter(({ severity, broken }) => severity === "violation" && broken > 0)
    .map(({ code, broken, rows }) => `check: ${code}: ${broken} × ${JSON.stringify(rows)}`);
}

/** A node may die of an injected fault only. */
function unexpectedDeaths({ deaths }: ShopUnderChaos, struck: Nemesis["injected"]): string[] {
  const isExpected = ({ node, at }: (typeof deaths)[number]) =>
    struck.some(({ fault, from, until }) => fault.target === node && from <= at && at <= until);
  return deaths
    .filter((death) => !isExpected(death))
    .map(({ node, how, at }) => `${node} died by itself at ${new Date(at).toISOString()}: ${how}`);
}
