import { randomBytes } from "node:crypto";
import type { Credentials } from "./accounts.ts";
import { Accounts } from "./accounts.ts";
import { Books } from "./books.ts";
import { buildCatalogue } from "./catalogue.ts";
import { inLanes } from "./concurrency.ts";
import type { LatencySummary } from "./latencies.ts";
import { placeOrders } from "./place-orders.ts";
import { planCatalogue } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { Purchases } from "./purchases.ts";
import { readInvoices } from "./read-invoices.ts";
import type { Reconciliation } from "./reconcile.ts";
import { reconcile } from "./reconcile.ts";
import { customerKey } from "./replaying.ts";
import { ShopClient } from "./shop-client.ts";
import { takeBack } from "./take-back.ts";

export interface ReplayOptions {
  readonly file: string;
  /** Base URL of the shop's gateway. */
  readonly url: string;
  readonly administrator: Credentials;
  /** Lines to read at most; all when absent. */
  readonly limit?: number | undefined;
  /** Number of concurrent invoices, and of products before them. */
  readonly concurrency: number;
  /** How long a call is retried while the shop is unavailable (ms). */
  readonly patienceMs?: number;
  /** Time limit for events after the last order (ms). */
  readonly settleMs?: number;
}

/** Complete result of a run. */
export interface ReplayReport extends Reconciliation {
  readonly runId: string;
  readonly lines: number;
  readonly invoices: number;
  readonly products: number;
  readonly variants: number;
  readonly books: Books;
  /** Without the catalogue and the reconciliation (ms). */
  readonly replayMs: number;
  readonly requests: number;
  readonly latencies: readonly LatencySummary[];
}

/**
 * Replays a file's invoices against a running shop and reconciles the results. Invoices of one customer keep
 * their order.
 *
 * @throws ReplayError when it cannot start or the shop stays unavailable; differences are reported, not
 *   thrown
 */
export async function replay(options: ReplayOptions, progress: Progress): Promise<ReplayReport> {
  try {
    return await run(options, progress);
  } finally {
    progress.end();
  }
}

async function run(options: ReplayOptions, progress: Progress): Promise<ReplayReport> {
  const { concurrency } = options;
  const { lines, invoices, refusals } = await readInvoices(options.file, options.limit);
  const products = planCatalogue(invoices);
  const runId = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, "")}-${randomBytes(3).toString("hex")}`;

  const client = new ShopClient(options.url, options.patienceMs ?? 60_000);
  await client.checkPresence();
  const accounts = new Accounts(client, options.administrator);
  const staff = await accounts.staff();
  const books = new Books(refusals);

  progress.begin("catalogue", products.length, "products");
  const onProduct = () => progress.advance();
  const catalogue = await buildCatalogue(products, { client, staff, runId, concurrency, onProduct });

  progress.begin("invoices", invoices.length, "invoices");
  const started = performance.now();
  const replaying = { client, accounts, staff, catalogue, purchases: new Purchases(), books, runId };
  await inLanes(invoices, concurrency, customerKey, async (invoice) => {
    await (invoice.kind === "sale" ? placeOrders(invoice, replaying) : takeBack(invoice, replaying));
    progress.advance();
  });
  const replayMs = performance.now() - started;

  progress.begin("reconciliation", 1, "steps");
  const { latencies } = client;
  const settleMs = options.settleMs ?? 60_000;
  const result = await reconcile({ client, staff, runId, lines, books, catalogue, concurrency, settleMs });
  progress.advance();
  return {
    ...result,
    runId,
    lines,
    invoices: invoices.length,
    products: products.length,
    variants: catalogue.size,
    books,
    replayMs,
    requests: latencies.count,
    latencies: latencies.summaries(),
  };
}
