import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "moleculer";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { CircuitBreaker } from "../../../mixins/support/circuit-breaker.ts";
import type { ClaimedDelivery, DeliveryQueue } from "../data/delivery-queue.ts";
import type { Endpoint, EndpointRepository } from "../data/endpoint-repository.ts";
import type { Attempt } from "../domain/outcome.ts";
import { disabledBy, isSuccess, outcomeOf } from "../domain/outcome.ts";
import type { SendingRules } from "./post-event.ts";
import { postEvent } from "./post-event.ts";

/** Deliveries of an endpoint under way at a time, on each node. */
const deliveriesAtOnce = 10;
/** Longer than an attempt can take: after a crash, another node takes over then. */
const leaseMs = 60_000;
/** After so many failures in a row an endpoint gets one delivery in so many milliseconds, until one succeeds. */
const breaker = { maxFailures: 10, pauseMs: 10_000 };
/** Gathers what arrives together. */
const nudgeMs = 20;
/** Time for deliveries under way to finish when the node stops. */
const graceMs = 3000;

const origin = {
  actor: { kind: "system", id: "webhooks.send-deliveries" },
  requestId: "send-deliveries",
} as const;

export interface SenderParts {
  readonly database: Database;
  readonly endpoints: EndpointRepository;
  readonly queue: DeliveryQueue;
  readonly log: Logger;
  /** Of where webhooks may lead. */
  readonly rules: SendingRules;
  readonly delaysMs?: readonly number[];
  readonly leaseMs?: number;
}

/** An endpoint as this node serves it. */
interface Bulkhead {
  readonly breaker: CircuitBreaker;
  readonly underWay: Set<ClaimedDelivery>;
  /** Whether deliveries are being claimed, and whether to look once more afterwards. */
  claiming: boolean;
  again: boolean;
}

/**
 * Sends due deliveries at least once. Each endpoint has a bounded number under way and a circuit breaker of its
 * own, so one that hangs or fails delays no other.
 */
export class DeliverySender {
  readonly #parts: SenderParts;
  readonly #bulkheads = new Map<string, Bulkhead>();
  readonly #aborting = new AbortController();
  readonly #working = new Set<Promise<void>>();
  #nudge: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Looks for due deliveries soon. */
  nudge(): void {
    if (this.#isStopping) return;
    this.#nudge ??= setTimeout(() => {
      this.#nudge = undefined;
      this.#track(this.sendDue());
    }, nudgeMs).unref();
  }

  /** Begins to send what is due now; resolves when it is under way. */
  async sendDue(): Promise<void> {
    const due = await this.#parts.queue.dueEndpoints(Date.now());
    await Promise.all(due.map((id) => this.#fill(id)));
    for (const [
      id,
      {
        underWay,
        breaker: { isOpen },
      },
    ] of this.#bulkheads)
      if (underWay.size === 0 && !isOpen && !due.includes(id)) this.#bulkheads.delete(id);
  }

  /** Number of deliveries under way on this node. */
  get underWay(): number {
    return [...this.#bulkheads.values()].reduce((sum, { underWay }) => sum + underWay.size, 0);
  }

  /**
   * Claims nothing more. Aborts what is still under way after some seconds and gives it back; another node, or
   * the next start, sends it.
   */
  async stop(graceFor = graceMs): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#nudge);
    const grace = new AbortController();
    const ended = this.#ended().finally(() => grace.abort());
    await Promise.race([ended, sleep(graceFor, undefined, { signal: grace.signal }).catch(() => undefined)]);
    this.#aborting.abort();
    await ended;
  }

  async #ended(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  /** Claims and begins as many deliveries of an endpoint as it may have under way. */
  async #fill(endpointId: string): Promise<void> {
    const bulkhead = this.#bulkheadOf(endpointId);
    if (bulkhead.claiming) {
      bulkhead.again = true;
      return;
    }
    bulkhead.claiming = true;
    try {
      do {
        bulkhead.again = false;
        const free = this.#freeOf(bulkhead);
        if (free > 0 && !this.#isStopping) await this.#begin(endpointId, bulkhead, free);
      } while (bulkhead.again);
    } finally {
      bulkhead.claiming = false;
    }
  }

  async #begin(endpointId: string, bulkhead: Bulkhead, free: number): Promise<void> {
    const { endpoints, queue } = this.#parts;
    const claimed = await this.#transaction(async (tx) => {
      const endpoint = await endpoints.byId(endpointId, tx);
      if (!endpoint?.enabled) return undefined;
      const lease = this.#parts.leaseMs ?? leaseMs;
      return { endpoint, deliveries: await queue.claim(endpoint, Date.now(), lease, free, tx) };
    });
    for (const delivery of claimed?.deliveries ?? []) {
      bulkhead.underWay.add(delivery);
      this.#track(this.#send(delivery, claimed!.endpoint, bulkhead));
    }
  }

  async #send(delivery: ClaimedDelivery, endpoint: Endpoint, bulkhead: Bulkhead): Promise<void> {
    try {
      const event = { id: delivery.eventId, body: delivery.body };
      const attempt = await postEvent(endpoint, event, this.#parts.rules, this.#aborting.signal);
      if (!attempt) {
        await this.#transaction((tx) => this.#parts.queue.release(delivery, Date.now(), tx));
        return;
      }
      if (isSuccess(attempt)) bulkhead.breaker.succeeded();
      else bulkhead.breaker.failed(Date.now());
      await this.#transaction((tx) => this.#record(delivery, endpoint, attempt, tx));
    } finally {
      bulkhead.underWay.delete(delivery);
    }
    await this.#fill(endpoint.id);
  }

  async #record(delivery: ClaimedDelivery, endpoint: Endpoint, attempt: Attempt, tx: Tx): Promise<void> {
    const { queue, endpoints, delaysMs } = this.#parts;
    const now = Date.now();
    const outcome = outcomeOf(attempt, delivery.failures, now, Math.random(), delaysMs);
    if (!(await queue.record(delivery, attempt, outcome, now, tx))) return;
    if (isSuccess(attempt)) {
      await endpoints.succeeded(endpoint.id, tx);
      return;
    }
    await endpoints.failed(endpoint.id, attempt.at, tx);
    const reason = disabledBy(attempt, endpoint.failingSince, now);
    if (reason && (await endpoints.disable(endpoint.id, reason, now, tx)))
      tx.publish("webhooks.endpoint-disabled", { webhookId: endpoint.id, reason });
  }

  #freeOf({ breaker: circuit, underWay }: Bulkhead): number {
    if (!circuit.isOpen) return deliveriesAtOnce - underWay.size;
    return underWay.size === 0 && circuit.admits(Date.now()) ? 1 : 0;
  }

  #bulkheadOf(endpointId: string): Bulkhead {
    const known = this.#bulkheads.get(endpointId);
    if (known) return known;
    const bulkhead: Bulkhead = {
      breaker: new CircuitBreaker(breaker),
      underWay: new Set(),
      claiming: false,
      again: false,
    };
    this.#bulkheads.set(endpointId, bulkhead);
    return bulkhead;
  }

  #transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#parts.database.transaction(origin, work);
  }

  /** Work whose failure leaves the delivery to its lease. */
  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#parts.log.error("sending webhooks failed, trying again later", error))
      .finally(() => this.#working.delete(tracked));
    this.#working.add(tracked);
  }
}
