import { setTimeout as sleep } from "node:timers/promises";
import type { DataService } from "../../../config/database.ts";
import type { Config } from "../../../config/index.ts";
import type { BrokenRow, Invariant, Moments } from "../../../mixins/database/invariant.ts";
import { findBroken } from "../../../mixins/database/invariant.ts";
import type { Disagreement, SharedInvariant } from "./across-services.ts";
import type { Databases } from "./databases.ts";
import { dataServices, invariantsOf, onDatabases } from "./databases.ts";
import { sharedInvariants } from "./invariants/index.ts";
import { countRows, pages } from "./pages.ts";
import { queueDepths } from "./queues.ts";
import { queueFindings } from "./queue-findings.ts";
import type { Finding, Report } from "./report.ts";
import { reportOf } from "./report.ts";
import { waitingInOutboxes } from "./under-way.ts";

export interface CheckOptions {
  /** Demands that nothing is under way: no event waits, no lease is over and still held. */
  readonly settled?: boolean;
  /** How many rows of each invariant are named; the others are counted. */
  readonly rows?: number;
  /** How long rows of several services that disagree are looked at again, in milliseconds. */
  readonly patienceMs?: number;
}

const defaults = { settled: false, rows: 20, patienceMs: 5000 };
/** How late a sweeper may be: several of its turns, and the time that an unlucky one takes. */
const sweeperPatienceMs = 60_000;
const lookAgainMs = 200;
const everything = { after: "", upTo: undefined } as const;
const keysAtOnce = 500;
/** So many rows of one invariant are looked at again; of more than that something is wrong anyhow. */
const mostLookedAtAgain = 5000;

/**
 * Checks every invariant of the shop over the data of all its services, while it runs or not, and changes nothing.
 *
 * @throws Error when the data cannot be read, or are not as this version of the shop makes them
 */
export async function checkShop(config: Config, options: CheckOptions = {}): Promise<Report> {
  return onDatabases(config, (databases) => checkData(config, databases, options));
}

/** As `checkShop`, over databases that are open already. */
export async function checkData(config: Config, databases: Databases, options: CheckOptions = {}): Promise<Report> {
  const settings = { ...defaults, ...options };
  const now = Date.now();
  const moments = {
    now,
    patience: sweeperPatienceMs + 4 * config.sweepIntervalMs,
    keysKeptSince: now - config.checkout.idempotencyRetentionMs + sweeperPatienceMs,
    inboxKeptSince: now - config.events.rememberedMs,
  };
  const check = new ShopCheck(config, databases, moments, settings);
  const findings = [...(await check.services()), ...(await check.acrossServices()), ...(await check.queues())];
  return reportOf(findings, { shape: config.shape, settled: settings.settled, checkedAt: new Date(now).toISOString() });
}

/** One run over the shop's data. */
class ShopCheck {
  readonly #config: Config;
  readonly #databases: Databases;
  readonly #moments: Moments;
  readonly #options: Required<CheckOptions>;

  constructor(config: Config, databases: Databases, moments: Moments, options: Required<CheckOptions>) {
    this.#config = config;
    this.#databases = databases;
    this.#moments = moments;
    this.#options = options;
  }

  /** What each service says of its own data. */
  async services(): Promise<Finding[]> {
    const byCode = new Map<string, Finding>();
    for (const service of dataServices)
      for (const invariant of await invariantsOf(service)) {
        if (invariant.whenSettled && !this.#options.settled) continue;
        const found = await this.#within(service, invariant);
        const before = byCode.get(invariant.code);
        byCode.set(invariant.code, before ? this.#together(before, found) : found);
      }
    return [...byCode.values()];
  }

  async acrossServices(): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const invariant of sharedInvariants) findings.push(await this.#across(invariant));
    return findings;
  }

  async queues(): Promise<Finding[]> {
    const depths = await queueDepths(this.#config);
    return depths ? queueFindings(depths, this.#options.settled) : [];
  }

  async #within(service: DataService, invariant: Invariant): Promise<Finding> {
    const { code, says, severity = "violation", subject } = invariant;
    const database = this.#databases[service];
    const rows: BrokenRow[] = [];
    let broken = 0;
    const parts = typeof invariant.broken === "string" ? pages([{ ...subject, database }]) : [everything];
    for await (const page of parts) {
      const found = await findBroken(database, invariant, page, this.#moments);
      broken += found.length;
      rows.push(...found.slice(0, this.#options.rows - rows.length).map((row) => ({ service, ...row })));
    }
    return { code, says, severity, checked: await countRows({ ...subject, database }), broken, underWay: 0, rows };
  }

  async #across(invariant: SharedInvariant): Promise<Finding> {
    const { code, says, severity = "violation" } = invariant;
    const subjects = invariant.subjects.map(({ service, ...subject }) => ({ ...subject, database: this.#databases[service] }));
    let suspects: Disagreement[] = [];
    let uncounted = 0;
    for await (const page of pages(subjects)) {
      const found = await invariant.disagreements(this.#databases, page, this.#moments);
      const room = mostLookedAtAgain - suspects.length;
      suspects.push(...found.slice(0, room));
      uncounted += Math.max(0, found.length - room);
    }
    const until = Date.now() + this.#options.patienceMs;
    while (suspects.length > 0 && Date.now() < until) {
      await sleep(lookAgainMs);
      suspects = await this.#lookAgain(invariant, suspects);
    }
    const onTheirWay = this.#options.settled ? new Set<string>() : await this.#onTheirWay(invariant, suspects);
    const broken = suspects.filter(({ key }) => !onTheirWay.has(key));
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

  async #lookAgain(invariant: SharedInvariant, suspects: readonly Disagreement[]): Promise<Disagreement[]> {
    const keys = [...new Set(suspects.map(({ key }) => key))];
    const still: Disagreement[] = [];
    for (let from = 0; from < keys.length; from += keysAtOnce)
      still.push(
        ...(await invariant.disagreements(this.#databases, { keys: keys.slice(from, from + keysAtOnce) }, this.#moments)),
      );
    return still;
  }

  /** What waits in an outbox is known by name; while a queue is not empty, anything may be in it. */
  async #onTheirWay({ about }: SharedInvariant, suspects: readonly Disagreement[]): Promise<Set<string>> {
    const keys = new Set(suspects.map(({ key }) => key));
    if (keys.size === 0) return keys;
    const depths = await queueDepths(this.#config);
    if (depths?.some(({ waiting }) => waiting > 0)) return keys;
    return waitingInOutboxes(this.#databases, about, keys);
  }

  #together(one: Finding, other: Finding): Finding {
    return {
      ...one,
      checked: one.checked + other.checked,
      broken: one.broken + other.broken,
      rows: [...one.rows, ...other.rows].slice(0, this.#options.rows),
    };
  }
}
