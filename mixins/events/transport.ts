import type { EventName } from "../../services/contract/calls.ts";
import type { EventEnvelope } from "./envelope.ts";

/** A service's subscription to durable events. */
export interface Subscription {
  readonly service: string;
  readonly events: readonly EventName[];
  /**
   * Takes events in: their effects and inbox rows are committed when it resolves.
   *
   * @returns for each event, in order, nothing or the error because of which it had no effect
   */
  readonly takeIn: (events: readonly EventEnvelope[]) => Promise<(Error | undefined)[]>;
}

/** The way of durable events from outboxes to subscribers. */
export interface EventTransport {
  subscribe(subscription: Subscription): Promise<void>;
  /**
   * Sends events; may repeat what was sent before.
   *
   * @returns for each event, in order, nothing once it can be forgotten by the sender, or why it cannot be yet
   */
  send(events: readonly EventEnvelope[]): Promise<(Error | undefined)[]>;
}
