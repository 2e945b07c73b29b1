import { isProtectedBy } from "../../config/protections.ts";
import type { EventName } from "../../services/contract/calls.ts";
import { isShopError } from "../../services/contract/errors.ts";
import type { Database, Tx } from "../database/database.ts";
import { inEventSpan } from "../tracing/trace-events.ts";
import { inRequest } from "../logging/current-request.ts";
import type { EventEnvelope } from "./envelope.ts";
import { noteInInbox } from "./inbox-table.ts";
import { TooOldEvent } from "./too-old-event.ts";

/** What a service does when an event happened. It changes data through `tx` only; it may run more than once. */
export interface Consumer<D, N extends EventName = EventName> {
  readonly events: readonly N[];
  handle(event: EventEnvelope<N>, tx: Tx, dependencies: D): Promise<void>;
  /** For what is cheaper done for many at once: it is given what arrived together, and `handle` is not called. */
  handleTogether?(events: readonly EventEnvelope<N>[], tx: Tx, dependencies: D): Promise<void>;
}

/**
 * Locks what a batch of events is going to change, each kind of row in the order of its ids. The events come in an
 * order of their own, and two nodes, each with a batch, would otherwise take the same rows in opposite orders.
 */
export type LockForEvents<D> = (events: readonly EventEnvelope[], tx: Tx, dependencies: D) => Promise<void>;

/**
 * For a service's own `on`: `export const on = consumersOf<CartDependencies>()`, and then
 * `export const emptyOrderedCart = on("orders.placed", async (event, tx, { carts }) => …)`.
 */
export function consumersOf<D>() {
  return <const N extends EventName>(
    events: N | readonly N[],
    handle: (event: EventEnvelope<N>, tx: Tx, dependencies: D) => Promise<void>,
  ): Consumer<D, N> => ({ events: typeof events === "string" ? [events] : events, handle });
}

/** As `consumersOf`, for consumers that take in together what arrived together, after all others. */
export function togetherOf<D>() {
  return <const N extends EventName>(
    events: readonly N[],
    handleTogether: (events: readonly EventEnvelope<N>[], tx: Tx, dependencies: D) => Promise<void>,
  ): Consumer<D, N> => ({
    events,
    handle: (event, tx, dependencies) => handleTogether([event], tx, dependencies),
    handleTogether,
  });
}

/**
 * Takes events in, all in one transaction where that works and each in its own where it does not. An event that was
 * taken in before is passed over.
 *
 * @param rememberedMs for how long it is remembered what was taken in; for ever when absent
 * @returns for each event, in order, nothing or the error because of which it had no effect
 * @throws ShopError `unavailable` when the database is away: no event is to blame
 */
export async function takeIn<D>(
  database: Database,
  consumers: readonly Consumer<D>[],
  dependencies: D,
  events: readonly EventEnvelope[],
  lock?: LockForEvents<D>,
  rememberedMs = Infinity,
): Promise<(Error | undefined)[]> {
  const apply = (event: EventEnvelope, tx: Tx): Promise<void> => inEventSpan(event, () => applyAlone(event, tx));
  const applyAlone = async (event: EventEnvelope, tx: Tx) => {
    for (const consumer of consumers)
      if (!consumer.handleTogether && consumer.events.includes(event.name))
        await inRequest(event.requestId, () => consumer.handle(event, tx.as(event), dependencies));
  };
  const applyTogether = async (taken: readonly EventEnvelope[], tx: Tx) => {
    for (const consumer of consumers) {
      const wanted = taken.filter(({ name }) => consumer.events.includes(name));
      if (wanted.length > 0) await inEventSpan(wanted[0], async () => consumer.handleTogether?.(wanted, tx, dependencies));
    }
  };
  const together = async (batch: readonly EventEnvelope[]) =>
    database.transaction(consumerOrigin, async (tx) => {
      if (batch.length > 1) await lock?.(batch, tx, dependencies);
      // In an order that is the same on all nodes: two that were given the same events do not block each other.
      const inOrder = batch.toSorted(byId);
      const taken = await inEventSpan(inOrder[0], () => notTakenIn(database, inOrder, tx, rememberedMs));
      for (const event of taken) await apply(event, tx);
      await applyTogether(taken, tx);
    });
  if (events.length === 0) return [];
  try {
    await together(events);
    return events.map(() => undefined);
  } catch (error) {
    if (events.length === 1) return [faultOf(error)];
  }
  // One of them is bad. Alone, it shows its own error and the good ones pass.
  const outcomes: (Error | undefined)[] = [];
  for (const event of events) outcomes.push(await together([event]).then(() => undefined, faultOf));
  return outcomes;
}

/** Notes the events. @returns those that have had no effect yet */
async function notTakenIn(database: Database, events: readonly EventEnvelope[], tx: Tx, rememberedMs: number): Promise<readonly EventEnvelope[]> {
  const fresh = await noteInInbox(database, events.map(({ id }) => id), tx);
  const rememberedFrom = Date.now() - rememberedMs;
  if (events.some(({ id, occurredAt }) => fresh.has(id) && occurredAt < rememberedFrom)) throw new TooOldEvent();
  // The same one can have come twice.
  return isProtectedBy("inbox") ? events.filter(({ id }) => fresh.delete(id)) : events;
}

const consumerOrigin = { actor: { kind: "system", id: "inbox" }, requestId: "inbox" } as const;

function byId(one: EventEnvelope, other: EventEnvelope): number {
  return one.id < other.id ? -1 : 1;
}

function faultOf(error: unknown): Error {
  if (isShopError(error) && error.type === "unavailable") throw error;
  return error instanceof Error ? error : new Error(String(error));
}
