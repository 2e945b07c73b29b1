import type { Database } from "../database/database.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";
import {
  countWaiting,
  deadInOutbox,
  idsInOutbox,
  removeDeadFromOutbox,
  requeueInOutbox,
} from "./outbox-table.ts";
import type { EventTransport, OutboxPublisher, Subscription } from "./transport-interface.ts";

const origin = { actor: { kind: "system", id: "dead-letters" }, requestId: "dead-letters" } as const;

/** Delivery within one process: the outbox drops an event once every subscriber has committed its effect. */
export class InProcessTransport implements EventTransport {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #outboxes: Database[] = [];

  addOutbox(_service: string, database: Database): OutboxPublisher {
    this.#outboxes.push(database);
    return { send: (events) => this.send(events) };
  }

  subscribe(subscription: Subscription): Promise<void> {
    this.#subscriptions.set(subscription.service, subscription);
    return Promise.resolve();
  }

  /** Delivers events to their subscribers. */
  async send(events: readonly EventEnvelope[]): Promise<(Error | undefined)[]> {
    const faults = new Map<string, Error>();
    await Promise.all(
      [...this.#subscriptions.values()].map(async (subscription) => {
        const wanted = events.filter((event) => subscription.events.includes(event.name));
        if (wanted.length === 0) return;
        const outcomes = await subscription.consume(wanted);
        outcomes.forEach((fault, index) => {
          const event = wanted[index];
          if (fault && event) faults.set(event.id, fault);
        });
      }),
    );
    return events.map((event) => faults.get(event.id));
  }

  unsubscribe(_service: string): Promise<void> {
    // Nothing to stop: the relays stop with their services.
    return Promise.resolve();
  }

  async backlog(): Promise<number> {
    const counts = await Promise.all(this.#outboxes.map(countWaiting));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async mayBeRedelivered(eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await Promise.all(this.#outboxes.map((outbox) => idsInOutbox(outbox, eventIds)));
    return new Set(found.flat());
  }

  depths(): Promise<[]> {
    return Promise.resolve([]);
  }

  async deadLetters(limit: number): Promise<DeadLetter[]> {
    const found = await Promise.all(this.#outboxes.map((outbox) => deadInOutbox(outbox, limit)));
    return found
      .flat()
      .sort((one, other) => one.event.occurredAt - other.event.occurredAt)
      .slice(0, limit);
  }

  async replayDeadLetters(eventId?: string): Promise<number> {
    let requeued = 0;
    for (const outbox of this.#outboxes) {
      requeued += await outbox.transaction(origin, (tx) => requeueInOutbox(outbox, eventId, tx));
      outbox.notifyPublished();
    }
    return requeued;
  }

  async removeDeadLetters(id: string): Promise<number> {
    let removed = 0;
    for (const outbox of this.#outboxes)
      removed += await outbox.transaction(origin, (tx) => removeDeadFromOutbox(outbox, id, tx));
    return removed;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
