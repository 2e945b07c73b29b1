import type { Database } from "../database/database.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";
import { countWaiting, deadInOutbox, knownToOutbox, reviveInOutbox } from "./outbox-table.ts";
import type { EventTransport, Subscription } from "./transport.ts";

const origin = { actor: { kind: "system", id: "dead-letters" }, requestId: "dead-letters" } as const;

/** Delivery within one process: an event can be forgotten when every subscriber has committed its effect. */
export class InProcessTransport implements EventTransport {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #outboxes: Database[] = [];

  addOutbox(database: Database): void {
    this.#outboxes.push(database);
  }

  subscribe(subscription: Subscription): Promise<void> {
    this.#subscriptions.set(subscription.service, subscription);
    return Promise.resolve();
  }

  async send(events: readonly EventEnvelope[]): Promise<(Error | undefined)[]> {
    const faults = new Map<string, Error>();
    await Promise.all(
      [...this.#subscriptions.values()].map(async (subscription) => {
        const wanted = events.filter((event) => subscription.events.includes(event.name));
        if (wanted.length === 0) return;
        const outcomes = await subscription.takeIn(wanted);
        outcomes.forEach((fault, index) => {
          const event = wanted[index];
          if (fault && event) faults.set(event.id, fault);
        });
      }),
    );
    return events.map((event) => faults.get(event.id));
  }

  unsubscribe(_service: string): Promise<void> {
    // The outboxes' relays stop with their services, so nothing arrives any more.
    return Promise.resolve();
  }

  async backlog(): Promise<number> {
    const counts = await Promise.all(this.#outboxes.map(countWaiting));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async mayComeAgain(eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await Promise.all(this.#outboxes.map((outbox) => knownToOutbox(outbox, eventIds)));
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
    let revived = 0;
    for (const outbox of this.#outboxes) {
      revived += await outbox.transaction(origin, (tx) => reviveInOutbox(outbox, eventId, tx));
      outbox.announcePublished();
    }
    return revived;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
