import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Tx } from "../database/database.ts";
import { withReadPreference } from "../database/read-preference.ts";
import { detached } from "../observability/logging/current-request.ts";
import { backoffFor } from "../support/backoff.ts";
import type { EventSettings } from "./event-settings.ts";
import { LostRouteError } from "./lost-route-error.ts";
import {
  awaitSenders,
  dueInOutbox,
  markSentInOutbox,
  postponeInOutbox,
  removeFromOutbox,
  resendFromOutbox,
} from "./outbox-table.ts";
import type { OutboxRow } from "./outbox-table.ts";
import { ExpiredEventError } from "./expired-event-error.ts";
import type { OutboxPublisher } from "./transport-interface.ts";

const batchSize = 200;
const sweepMs = 1000;
/**
 * Minimum interval between batches under load (MySQL): batching shares transactions, confirms and the
 * consumers' commits. Single events are sent at once.
 */
const batchWindowMs = 50;

interface Log {
  warn(...args: unknown[]): void;
}

const relayOrigin = { actor: { kind: "system", id: "outbox" }, requestId: "outbox" } as const;

/**
 * Relays events from a service's outbox to the transport. Runs after each commit that published events, and
 * sweeps periodically to pick up events after a crash.
 */
export class OutboxRelay {
  readonly #database: Database;
  readonly #publisher: OutboxPublisher;
  readonly #settings: EventSettings;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #startedAt = -Infinity;
  /** The last batch had several events. */
  #isBusy = false;
  #runAgain = false;
  #stopped = true;
  #isBackingOff = false;

  constructor(database: Database, publisher: OutboxPublisher, settings: EventSettings, log: Log) {
    this.#settings = settings;
    this.#database = database;
    this.#publisher = publisher;
    this.#log = log;
  }

  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Awaits the delivery in progress and starts no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Starts a delivery, at once or after the current one; after a failure, with the next sweep. */
  wake(): void {
    this.#start(() => this.#run());
  }

  #start(deliver: () => Promise<void>): void {
    if (this.#stopped || this.#isBackingOff) return;
    if (this.#running) {
      this.#runAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    detached(() => this.#track(deliver()));
  }

  #track(delivery: Promise<void>): void {
    this.#running = delivery
      .catch((error: unknown) => {
        this.#isBackingOff = true;
        const text = error instanceof Error ? error.message : String(error);
        this.#log.warn(`outbox delivery failed, retrying: ${text}`);
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#stopped) return;
        if (this.#runAgain && !this.#isBackingOff) this.wake();
        else this.#timer = setTimeout(() => this.#sweep(), sweepMs).unref();
      });
  }

  /**
   * Usually nothing is due: a single statement checks that once a second on every node, where a transaction
   * would take three.
   */
  #sweep(): void {
    this.#isBackingOff = false;
    this.#start(async () => {
      const waiting = await withReadPreference("primary", () => dueInOutbox(this.#database, Date.now(), 1));
      if (waiting.length > 0 || this.#runAgain) await this.#run();
    });
  }

  async #run(): Promise<void> {
    const wait = this.#startedAt + batchWindowMs - performance.now();
    if (this.#isBusy && wait > 0) await sleep(wait);
    this.#startedAt = performance.now();
    let delivered: number;
    // Before a stop, events that were published earlier are still delivered.
    do {
      this.#runAgain = false;
      delivered = await this.#deliverBatch();
      this.#isBusy = delivered > 1 && this.#database.engine === "mysql";
    } while (delivered === batchSize && !this.#stopped);
  }

  async #deliverBatch(): Promise<number> {
    try {
      return await this.#deliver();
    } catch (error) {
      if (!(error instanceof LostRouteError)) throw error;
      for (const { service, events } of error.consumers)
        await this.#resendAndRebind(service, new Set(events));
      return this.#deliver();
    }
  }

  /** Sends again the events of a lost queue; its consumer ignores those that it has consumed. */
  async #resendAndRebind(consumer: string, events: ReadonlySet<string>): Promise<void> {
    const database = this.#database;
    // Events that other nodes are sending may be in the lost queue, confirmed, but not marked as sent yet.
    await database.transaction(relayOrigin, (tx) => awaitSenders(database, tx));
    const count = await withReadPreference("primary", () =>
      resendFromOutbox(database, relayOrigin, events, 0),
    );
    if (count > 0) this.#log.warn(`queue of ${consumer} lost: resending ${count} events`);
    await this.#publisher.rebind?.(consumer);
  }

  /**
   * Nodes of a service share its outbox: each locks its batch, and the others skip locked rows. SQLite has a
   * single node and a single writer, which the consumers need meanwhile.
   */
  async #deliver(): Promise<number> {
    const database = this.#database;
    if (database.engine === "mysql")
      return database.transaction(relayOrigin, async (tx) => this.#settle(await this.#send(tx), tx));
    const sent = await this.#send();
    if (sent.length === 0) return 0;
    return database.transaction(relayOrigin, (tx) => this.#settle(sent, tx));
  }

  async #send(tx?: Tx): Promise<{ row: OutboxRow; fault: Error | undefined }[]> {
    const rows = await dueInOutbox(this.#database, Date.now(), batchSize, tx);
    if (rows.length === 0) return [];
    const faults = await this.#publisher.send(rows.map((row) => row.envelope));
    return rows.map((row, index) => ({ row, fault: faults[index] }));
  }

  async #settle(sent: readonly { row: OutboxRow; fault: Error | undefined }[], tx: Tx): Promise<number> {
    const done = sent.filter(({ fault }) => !fault).map(({ row }) => row.id);
    await (this.#publisher.rebind ? markSentInOutbox : removeFromOutbox)(this.#database, done, tx);
    for (const { row, fault } of sent)
      if (fault) await postponeInOutbox(this.#database, row.id, this.#failure(row, fault), tx);
    return sent.length;
  }

  #failure(row: OutboxRow, fault: Error): { attempts: number; dueAt: number; dead: boolean; error: string } {
    const count = row.attempts + 1;
    // A queue's rejection is not a consumer's failure: retry without limit.
    const dead =
      !this.#publisher.rebind && (count >= this.#settings.attempts || fault instanceof ExpiredEventError);
    const wait = backoffFor(this.#settings.backoffMs, count);
    const outcome = dead ? "dead letter" : `next attempt in ${wait} ms`;
    this.#log.warn(
      `event ${row.envelope.name} ${row.id} failed ${count} times (${fault.message}): ${outcome}`,
    );
    return { attempts: count, dueAt: Date.now() + wait, dead, error: fault.message };
  }
}
