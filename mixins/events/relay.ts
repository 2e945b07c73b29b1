import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Tx } from "../database/database.ts";
import { readingFrom } from "../database/read-preference.ts";
import { apart } from "../logging/current-request.ts";
import type { EventSettings } from "./backoff.ts";
import { backoffFor } from "./backoff.ts";
import { dueInOutbox, postponeInOutbox, removeFromOutbox } from "./outbox-table.ts";
import type { OutboxRow } from "./outbox-table.ts";
import { TooOldEvent } from "./too-old-event.ts";
import type { EventTransport } from "./transport.ts";

const batchSize = 200;
const sweepMs = 1000;
/**
 * Between the beginnings of two batches on a server, while several events are published at a time: what is published
 * meanwhile goes together, and so do its transactions, its confirmations and its commits at every consumer. Events that
 * come one by one go at once.
 */
const gatherMs = 50;

interface Log {
  warn(...args: unknown[]): void;
}

const relayOrigin = { actor: { kind: "system", id: "outbox" }, requestId: "outbox" } as const;

/**
 * Carries events from a service's outbox to the transport. It is woken by each commit that published something and
 * sweeps by itself now and then, so that nothing stays behind after a crash.
 */
export class OutboxRelay {
  readonly #database: Database;
  readonly #transport: Pick<EventTransport, "send">;
  readonly #settings: EventSettings;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #begunAt = -Infinity;
  /** The last batch was of several events. */
  #isBusy = false;
  #again = false;
  #stopped = true;
  #troubled = false;

  constructor(database: Database, transport: Pick<EventTransport, "send">, settings: EventSettings, log: Log) {
    this.#settings = settings;
    this.#database = database;
    this.#transport = transport;
    this.#log = log;
  }

  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Waits for deliveries that are under way, starts no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Delivers what is due, now or, when a delivery is under way, right after it; in trouble, with the next sweep. */
  wake(): void {
    this.#begin(() => this.#run());
  }

  #begin(deliver: () => Promise<void>): void {
    if (this.#stopped || this.#troubled) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    apart(() => this.#follow(deliver()));
  }

  #follow(delivery: Promise<void>): void {
    this.#running = delivery
      .catch((error: unknown) => {
        this.#troubled = true;
        const text = error instanceof Error ? error.message : String(error);
        this.#log.warn(`events wait in the outbox: ${text}`);
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#stopped) return;
        if (this.#again && !this.#troubled) this.wake();
        else this.#timer = setTimeout(() => this.#sweep(), sweepMs).unref();
      });
  }

  /** Mostly there is nothing: one statement tells, where a transaction would take three, on every node once a second. */
  #sweep(): void {
    this.#troubled = false;
    this.#begin(async () => {
      const waiting = await readingFrom("primary", () => dueInOutbox(this.#database, Date.now(), 1));
      if (waiting.length > 0 || this.#again) await this.#run();
    });
  }

  async #run(): Promise<void> {
    const wait = this.#begunAt + gatherMs - performance.now();
    if (this.#isBusy && wait > 0) await sleep(wait);
    this.#begunAt = performance.now();
    let delivered: number;
    // A stop waits for what was published before it.
    do {
      this.#again = false;
      delivered = await this.#deliverBatch();
      this.#isBusy = delivered > 1 && this.#database.engine === "mysql";
    } while (delivered === batchSize && !this.#stopped);
  }

  /**
   * Several nodes of a service share its outbox: each locks what it sends, and the others get on with the rest.
   * SQLite has one node, and one writer, which the consumers need meanwhile.
   */
  async #deliverBatch(): Promise<number> {
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
    const faults = await this.#transport.send(rows.map((row) => row.envelope));
    return rows.map((row, index) => ({ row, fault: faults[index] }));
  }

  async #settle(sent: readonly { row: OutboxRow; fault: Error | undefined }[], tx: Tx): Promise<number> {
    const done = sent.filter(({ fault }) => !fault).map(({ row }) => row.id);
    await removeFromOutbox(this.#database, done, tx);
    for (const { row, fault } of sent)
      if (fault) await postponeInOutbox(this.#database, row.id, this.#failure(row, fault), tx);
    return sent.length;
  }

  #failure(row: OutboxRow, fault: Error): { attempts: number; dueAt: number; dead: boolean; error: string } {
    const count = row.attempts + 1;
    const dead = count >= this.#settings.attempts || fault instanceof TooOldEvent;
    const wait = backoffFor(this.#settings.backoffMs, count);
    const outcome = dead ? "set aside" : `next try in ${wait} ms`;
    this.#log.warn(`event ${row.envelope.name} ${row.id} failed ${count} times (${fault.message}): ${outcome}`);
    return { attempts: count, dueAt: Date.now() + wait, dead, error: fault.message };
  }
}
