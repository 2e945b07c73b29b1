import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../../config/index.ts";
import type { Database } from "../../../mixins/database/database.ts";
import type { ViolatingRow, Invariant, Moments } from "../../../mixins/database/invariant.ts";
import { findViolations } from "../../../mixins/database/invariant.ts";
import type { Disagreement, CrossServiceInvariant } from "./across-services.ts";
import type { Databases, Shop } from "./databases.ts";
import { installedShop, withDatabases } from "./databases.ts";
import { crossServiceInvariants } from "./invariants/index.ts";
import { countRows, pages } from "./pages.ts";
import { queueDepths } from "./queues.ts";
import { queueFindings } from "./queue-findings.ts";
import type { Finding, Report } from "./report.ts";
import { reportOf } from "./report.ts";
import { keysInOutboxes } from "./pending-events.ts";

export interface VerifyOptions {
  /** Requires a settled shop: no pending event, no expired lease still held. */
  readonly settled?: boolean;
  /** Rows reported per invariant; the others are counted. */
  readonly rows?: number;
  /** How long disagreements between services are rechecked, in milliseconds. */
  readonly patienceMs?: number;
}

const defaults = { settled: false, rows: 20, patienceMs: 5000 };
/** Tolerated delay of a job: several intervals, and the duration of a slow run. */
const sweeperPatienceMs = 60_000;
const recheckIntervalMs = 200;
const everything = { after: "", upTo: undefined } as const;
const keysAtOnce = 500;
/** Maximum rows per invariant to recheck; more are a fault in any case. */
const maxRechecked = 5000;

/**
 * Verifies every invariant over the data of all services, online or offline. Read-only.
 *
 * @throws Error when the data cannot be read, or belong to another version of the shop
 */
export async function verifyShop(config: Config, options: VerifyOptions = {}): Promise<Report> {
  const shop = await installedShop(config);
  return withDatabases(config, shop, (databases) => verifyData(config, databases, options, shop));
}

/** As `verifyShop`, over open databases. */
export async function verifyData(
  config: Config,
  databases: Databases,
  options: VerifyOptions = {},
  shop?: Shop,
): Promise<Report> {
  const settings = { ...defaults, ...options };
  const now = Date.now();
  const moments = {
    now,
    graceMs: sweeperPatienceMs + 4 * config.sweepIntervalMs,
    keysRetainedSince: now - config.checkout.idempotencyRetentionMs + sweeperPatienceMs,
    inboxRetainedSince: now - config.events.inboxRetentionMs,
  };
  const verification = new Verification(
    shop ?? (await installedShop(config)),
    config,
    databases,
    moments,
    settings,
  );
  const findings = [
    ...(await verification.services()),
    ...(await verification.acrossServices()),
    ...(await verification.queues()),
  ];
  return reportOf(findings, {
    shape: config.shape,
    settled: settings.settled,
    checkedAt: new Date(now).toISOString(),
  });
}

/** One verification run. */
class Verification {
  readonly #shop: Shop;
  readonly #config: Config;
  readonly #databases: Databases;
  readonly #moments: Moments;
  readonly #options: Required<VerifyOptions>;

  constructor(
    shop: Shop,
    config: Config,
    databases: Databases,
    moments: Moments,
    options: Required<VerifyOptions>,
  ) {
    this.#shop = shop;
    this.#config = config;
    this.#databases = databases;
    this.#moments = moments;
    this.#options = options;
  }

  /** Verifies the invariants within each service. */
  async services(): Promise<Finding[]> {
    const byCode = new Map<string, Finding>();
    for (const { name: service, invariants } of this.#shop.services)
      for (const invariant of invariants) {
        if (invariant.whenSettled && !this.#options.settled) continue;
        const found = await this.#within(service, invariant);
        const before = byCode.get(invariant.code);
        byCode.set(invariant.code, before ? this.#merge(before, found) : found);
      }
    return [...byCode.values()];
  }

  async acrossServices(): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const invariant of crossServiceInvariants(this.#shop)) findings.push(await this.#across(invariant));
    return findings;
  }

  async queues(): Promise<Finding[]> {
    const depths = await queueDepths(this.#config, this.#shop.contracts);
    return depths ? queueFindings(depths, this.#options.settled) : [];
  }

  async #within(service: string, invariant: Invariant): Promise<Finding> {
    const { code, says, severity = "violation", subject } = invariant;
    const database = this.#databases[service] as Database;
    const rows: ViolatingRow[] = [];
    let broken = 0;
    const parts = typeof invariant.broken === "function" ? [everything] : pages([{ ...subject, database }]);
    for await (const page of parts) {
      const found = await findViolations(database, invariant, page, {
        moments: this.#moments,
        config: this.#config,
      });
      broken += found.length;
      rows.push(...found.slice(0, this.#options.rows - rows.length).map((row) => ({ service, ...row })));
    }
    return {
      code,
      says,
      severity,
      checked: await countRows({ ...subject, database }),
      broken,
      underWay: 0,
      rows,
    };
  }

  async #across(invariant: CrossServiceInvariant): Promise<Finding> {
    const { code, says, severity = "violation" } = invariant;
    const subjects = invariant.subjects.map(({ service, ...subject }) => ({
      ...subject,
      database: this.#databases[service] as Database,
    }));
    let suspects: Disagreement[] = [];
    let uncounted = 0;
    for await (const page of pages(subjects)) {
      const found = await invariant.disagreements(this.#databases, page, this.#moments);
      const room = maxRechecked - suspects.length;
      suspects.push(...found.slice(0, room));
      uncounted += Math.max(0, found.length - room);
    }
    const until = Date.now() + this.#options.patienceMs;
    while (suspects.length > 0 && Date.now() < until) {
      await sleep(recheckIntervalMs);
      suspects = await this.#recheck(invariant, suspects);
    }
    const pending = this.#options.settled
      ? new Set<string>()
      : await this.#withPendingEvents(invariant, suspects);
    const broken = suspects.filter(({ key }) => !pending.has(key));
    const [first] = subjects;
    return {
      code,
      says,
      severity,
      checked: first ? await countRows(first) : 0,
      broken: broken.length + uncounted,
      underWay: suspects.length - broken.length,
      rows: broken.slice(0, this.#options.rows).map(({ row }) => row),
    };
  }

  async #recheck(
    invariant: CrossServiceInvariant,
    suspects: readonly Disagreement[],
  ): Promise<Disagreement[]> {
    const keys = [...new Set(suspects.map(({ key }) => key))];
    const still: Disagreement[] = [];
    for (let from = 0; from < keys.length; from += keysAtOnce)
      still.push(
        ...(await invariant.disagreements(
          this.#databases,
          { keys: keys.slice(from, from + keysAtOnce) },
          this.#moments,
        )),
      );
    return still;
  }

  /** Pending events in outboxes are known by subject; a queue that is not empty may hold events about any. */
  async #withPendingEvents(
    { about }: CrossServiceInvariant,
    suspects: readonly Disagreement[],
  ): Promise<Set<string>> {
    const keys = new Set(suspects.map(({ key }) => key));
    if (keys.size === 0) return keys;
    const depths = await queueDepths(this.#config, this.#shop.contracts);
    if (depths?.some(({ waiting }) => waiting > 0)) return keys;
    return keysInOutboxes(this.#shop, this.#databases, about, keys);
  }

  #merge(one: Finding, other: Finding): Finding {
    return {
      ...one,
      checked: one.checked + other.checked,
      broken: one.broken + other.broken,
      rows: [...one.rows, ...other.rows].slice(0, this.#options.rows),
    };
  }
}
