import type { Actor } from "../contract/caller.ts";
import type { EventName, EventPayload } from "../contract/calls.ts";

/** Originator of a change; recorded in the events that it causes. */
export interface Origin {
  readonly actor: Actor;
  readonly requestId: string;
}

/** A transaction on the service's primary. Everything that uses it commits or fails together. */
export interface Tx {
  /** Internal to `Database`: holds the connection. */
  readonly handle: OpenTransaction;
  /**
   * Publishes a durable event through the outbox: delivered if and only if the transaction commits, with
   * effect exactly once at each consumer.
   */
  publish<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /** The same transaction, publishing on behalf of another origin. */
  as(origin: Origin): Tx;
}

export type SqlValue = string | number | null | readonly (string | number)[];

/** A row's values by column. */
export type Row = Readonly<Record<string, SqlValue>>;

export type Values = readonly (string | number | null)[];

export interface Statement {
  readonly sql: string;
  readonly values: Values;
}

/** An open transaction with its connection. */
export interface OpenTransaction {
  readonly connection: unknown;
  /** How it ended. */
  finished?: string;
}
