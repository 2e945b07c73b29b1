import type { EventName } from "../contract/calls.ts";
import type { EventSet } from "../contract/contract.ts";
import { isEventSet } from "../contract/contract.ts";
import { isShopError } from "../contract/errors.ts";
import type { Database, Tx } from "../database/database.ts";
import { inEventSpan } from "../observability/tracing/trace-events.ts";
import { withRequestId } from "../observability/logging/current-request.ts";
import type { EventEnvelope } from "./envelope.ts";
import { insertIntoInbox } from "./inbox-table.ts";
import { ExpiredEventError } from "./expired-event-error.ts";

/** A service's reaction to events. It changes data only through `tx` and must tolerate re-execution. */
export interface Consumer<D, N extends EventName = EventName> {
  /** Names, or a set. */
  readonly events: readonly (N | EventSet)[];
  handle(event: EventEnvelope<N>, tx: Tx, dependencies: D): Promise<void>;
  /** Handles a batch instead of single events (`handle`), where that is cheaper. */
  handleBatch?(events: readonly EventEnvelope<N>[], tx: Tx, dependencies: D): Promise<void>;
}

/**
 * Locks the rows that a batch changes, in a fixed order (by kind, then id), to avoid deadlocks between nodes
 * whose batches have different event orders.
 */
export type LockForEvents<D> = (events: readonly EventEnvelope[], tx: Tx, dependencies: D) => Promise<void>;

/**
 * For a service's own `on`: `export const on = consumersOf<CartDependencies>()`, then `export const
 * emptyOrderedCart = on("orders.placed", async (event, tx, { carts }) => …)`.
 */
export function consumersOf<D>() {
  return <const N extends EventName>(
    events: N | readonly N[],
    handle: (event: EventEnvelope<N>, tx: Tx, dependencies: D) => Promise<void>,
  ): Consumer<D, N> => ({ events: typeof events === "string" ? [events] : events, handle });
}

/** Like `consumersOf`, for consumers of whole batches; they run after all others. */
export function batchConsumersOf<D>() {
  return <const N extends EventName>(
    events: readonly (N | EventSet)[],
    handleBatch: (events: readonly EventEnvelope<N>[], tx: Tx, dependencies: D) => Promise<void>,
  ): Consumer<D, N> => ({
    events,
    handle: (event, tx, dependencies) => handleBatch([event], tx, dependencies),
    handleBatch,
  });
}

/**
 * Consumes events in one transaction or, if that fails, each in its own. Ignores events that were consumed
 * before.
 *
 * @param retentionMs retention of the inbox; unlimited when absent
 * @returns for each event, in order, undefined or the error that prevented its effect
 * @throws ShopError `unavailable` when the database is unavailable; no event is to blame
 */
export async function consume<D>(
  database: Database,
  consumers: readonly Consumer<D>[],
  dependencies: D,
  events: readonly EventEnvelope[],
  lock?: LockForEvents<D>,
  retentionMs = Infinity,
): Promise<(Error | undefined)[]> {
  const apply = (event: EventEnvelope, tx: Tx): Promise<void> =>
    inEventSpan(event, () => applyInSpan(event, tx));
  const applyInSpan = async (event: EventEnvelope, tx: Tx) => {
    for (const consumer of consumers)
      if (!consumer.handleBatch && takes(consumer, event.name))
        await withRequestId(event.requestId, () => consumer.handle(event, tx.as(event), dependencies));
  };
  const applyBatch = async (fresh: readonly EventEnvelope[], tx: Tx) => {
    for (const consumer of consumers) {
      const wanted = fresh.filter(({ name }) => takes(consumer, name));
      if (wanted.length > 0)
        await inEventSpan(wanted[0], async () => consumer.handleBatch?.(wanted, tx, dependencies));
    }
  };
  const consumeBatch = async (batch: readonly EventEnvelope[]) =>
    database.transaction(consumerOrigin, async (tx) => {
      if (batch.length > 1) await lock?.(batch, tx, dependencies);
      // A fixed order on all nodes: two nodes with the same events do not deadlock.
      const inOrder = batch.toSorted(byId);
      const fresh = await inEventSpan(inOrder[0], () => notYetConsumed(database, inOrder, tx, retentionMs));
      for (const event of fresh) await apply(event, tx);
      await applyBatch(fresh, tx);
    });
  if (events.length === 0) return [];
  try {
    await consumeBatch(events);
    return events.map(() => undefined);
  } catch (error) {
    if (events.length === 1) return [toFault(error)];
  }
  // At least one event is bad: alone, it fails with its own error and the others succeed.
  const outcomes: (Error | undefined)[] = [];
  for (const event of events) outcomes.push(await consumeBatch([event]).then(() => undefined, toFault));
  return outcomes;
}

function takes<D>({ events }: Consumer<D>, name: EventName): boolean {
  return events.includes(name) || events.some(isEventSet);
}

/** Adds the events to the inbox. @returns those that were not there */
async function notYetConsumed(
  database: Database,
  events: readonly EventEnvelope[],
  tx: Tx,
  retentionMs: number,
): Promise<readonly EventEnvelope[]> {
  const fresh = await insertIntoInbox(
    database,
    events.map(({ id }) => id),
    tx,
  );
  const retainedFrom = Date.now() - retentionMs;
  if (events.some(({ id, occurredAt }) => fresh.has(id) && occurredAt < retainedFrom))
    throw new ExpiredEventError();
  // A batch can contain an event twice.
  return events.filter(({ id }) => fresh.delete(id));
}

const consumerOrigin = { actor: { kind: "system", id: "inbox" }, requestId: "inbox" } as const;

function byId(one: EventEnvelope, other: EventEnvelope): number {
  return one.id < other.id ? -1 : 1;
}

function toFault(error: unknown): Error {
  if (isShopError(error) && error.type === "unavailable") throw error;
  return error instanceof Error ? error : new Error(String(error));
}
