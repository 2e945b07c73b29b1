import type { EventName } from "../contract/calls.ts";
import type { Database } from "../database/database.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";
import type { FaultInEvent } from "./fault-in-event.ts";

/** A service's subscription to durable events. */
export interface Subscription {
  readonly service: string;
  readonly events: readonly EventName[];
  /** Validates events from other nodes. */
  readonly faultIn?: FaultInEvent;
  /**
   * Consumes events: resolves when their effects and inbox rows are committed.
   *
   * @returns for each event, in order, undefined or the error that prevented its effect
   * @throws Error when none can be consumed at the moment; no event is to blame
   */
  readonly consume: (events: readonly EventEnvelope[]) => Promise<(Error | undefined)[]>;
}

/** Number of events in a consumer's queues, over all nodes. */
export interface QueueDepth {
  readonly consumer: string;
  /** Not delivered yet, or redelivered. */
  readonly queued: number;
  /** Failed, and waiting for a retry. */
  readonly retrying: number;
  /** Dead letters. */
  readonly dead: number;
  /** Nodes that consume from the queue. */
  readonly consumerCount: number;
}

/** The sending side of one service's outbox. */
export interface OutboxPublisher {
  /**
   * Sends events, at least once.
   *
   * @returns for each event, in order, undefined once every consumer, or its queue, has stored it; else the
   *   reason
   * @throws Error when nothing can be sent at the moment; no event is to blame
   * @throws LostRouteError when the publisher must requeue its events and call `rebind`
   */
  readonly send: (events: readonly EventEnvelope[]) => Promise<(Error | undefined)[]>;
  /**
   * Binds the route to a consumer, after all events sent to it have been requeued. Present where events pass
   * through queues, which can be lost; the outbox then keeps sent events for a while.
   */
  readonly rebind?: (consumer: string) => Promise<void>;
}

/** Transport of durable events from outboxes to subscribers. */
export interface EventTransport {
  /** Registers a service's outbox. */
  addOutbox(service: string, database: Database): OutboxPublisher;
  subscribe(subscription: Subscription): Promise<void>;
  /** Ends a service's deliveries and awaits those in progress. */
  unsubscribe(service: string): Promise<void>;
  /** Those among the events that this node knows to be in transit or dead. */
  mayBeRedelivered(eventIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Number of events that this node knows to be in transit: in queues, or being consumed here. */
  backlog(): Promise<number>;
  /** Queue depths per consumer; empty without queues. */
  depths(): Promise<QueueDepth[]>;
  /** Dead letters, oldest first; messages that are no events come first of all. */
  deadLetters(limit: number): Promise<DeadLetter[]>;
  /** Requeues all dead letters, or one. @returns number of deliveries */
  replayDeadLetters(id?: string): Promise<number>;
  /** Removes a dead letter. @returns number of deliveries that will not be made */
  removeDeadLetters(id: string): Promise<number>;
  close(): Promise<void>;
}
