import type { ChainedRow, ChainEnd } from "./chain.ts";
import { hashOf } from "./chain.ts";

/**
 * What is wrong with the trail.
 *
 * - `edited`: an entry does not say what it said when it was recorded
 * - `removed`, `inserted`: an entry lacks in the middle, or was put there later
 * - `truncated`: the last entries lack
 * - `unsealed`: the end of the chain, or a seal over a part of it, was not made by the shop
 */
export type FaultKind = "edited" | "removed" | "inserted" | "truncated" | "unsealed";

/** The first thing that is wrong. */
export interface Fault {
  readonly kind: FaultKind;
  /** Where in the chain. */
  readonly position: number;
  /** The entry that stands there; null when none does. */
  readonly entryId: string | null;
}

/** How far a walk along the chain has come. */
export interface Walked extends ChainEnd {
  readonly entryId: string | null;
}

/**
 * Goes over entries in the order of their positions, from behind the last one that was found in order.
 *
 * @returns where the walk has come to, or the first fault
 */
export function walk(from: Walked, rows: readonly ChainedRow[]): Walked | Fault {
  let last = from;
  for (const row of rows) {
    const fault = faultAt(last, row);
    if (fault) return fault;
    last = { position: row.position, hash: row.hash, entryId: row.id };
  }
  return last;
}

export function isFault(found: Walked | Fault): found is Fault {
  return "kind" in found;
}

/** The one that comes first; of two in one place, the first one given. */
export function firstFault(faults: readonly (Fault | undefined)[]): Fault | undefined {
  return faults
    .filter((fault) => fault !== undefined)
    .reduce<Fault | undefined>((first, fault) => (first && first.position <= fault.position ? first : fault), undefined);
}

function faultAt(last: Walked, row: ChainedRow): Fault | undefined {
  const position = last.position + 1;
  if (row.position > position) return { kind: "removed", position, entryId: null };
  if (hashOf(row) !== row.hash) return misfit(last, row);
  // It is chained to something else than what stands before it now.
  if (row.previous_hash !== last.hash)
    return { kind: "edited", position: Math.max(0, last.position), entryId: last.entryId ?? row.id };
  return undefined;
}

/** What became of an entry that does not have its own hash: where it once stood tells. */
function misfit(last: Walked, row: ChainedRow): Fault {
  const stoodAt = (position: number) => hashOf({ ...row, position }) === row.hash;
  if (stoodAt(row.position - 1)) return { kind: "inserted", position: last.position, entryId: last.entryId };
  if (stoodAt(row.position + 1)) return { kind: "removed", position: row.position, entryId: null };
  return { kind: "edited", position: row.position, entryId: row.id };
}
