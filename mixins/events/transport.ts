import type { EventName } from "../../services/contract/calls.ts";
import type { Database } from "../database/database.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";

/** A service's subscription to durable events. */
export interface Subscription {
  readonly service: string;
  readonly events: readonly EventName[];
  /**
   * Takes events in: their effects and inbox rows are committed when it resolves.
   *
   * @returns for each event, in order, nothing or the error because of which it had no effect
   * @throws Error when none can be taken in at the moment; no event is to blame
   */
  readonly takeIn: (events: readonly EventEnvelope[]) => Promise<(Error | undefined)[]>;
}

/** How many events are in a consumer's queues, whichever node may take them. */
export interface QueueDepth {
  readonly consumer: string;
  /** Not yet given to a node that takes them in, or given back. */
  readonly queued: number;
  /** Failed, and to be tried again later. */
  readonly retrying: number;
  /** Set aside. */
  readonly dead: number;
  /** Nodes that take events from the queue. */
  readonly takers: number;
}

/** The way of durable events from outboxes to subscribers. */
export interface EventTransport {
  /** Makes a service's outbox known to those who look for dead letters. */
  addOutbox(database: Database): void;
  subscribe(subscription: Subscription): Promise<void>;
  /**
   * Sends events; may repeat what was sent before.
   *
   * @returns for each event, in order, nothing once it can be forgotten by the sender, or why it cannot be yet
   * @throws Error when nothing can be sent at the moment; no event is to blame
   */
  send(events: readonly EventEnvelope[]): Promise<(Error | undefined)[]>;
  /** Ends a service's deliveries, waiting for those under way. */
  unsubscribe(service: string): Promise<void>;
  /** Which of these events this node knows to be on their way, or set aside, still. */
  mayComeAgain(eventIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** How many events this node knows to be on their way: waiting in queues, or being taken in here. */
  backlog(): Promise<number>;
  /** What is in the queues of each consumer; empty where events travel without queues. */
  depths(): Promise<QueueDepth[]>;
  /** What was set aside, oldest first. */
  deadLetters(limit: number): Promise<DeadLetter[]>;
  /** Lets what was set aside be tried again: everything, or one event. @returns how many deliveries were revived */
  replayDeadLetters(eventId?: string): Promise<number>;
  close(): Promise<void>;
}
