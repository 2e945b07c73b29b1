import type { ChainedRow, ChainEnd } from "./chain.ts";
import { hashOf } from "./chain.ts";

/**
 * Kinds of faults in the trail.
 * - `edited`: an entry differs from its recorded state
 * - `removed`, `inserted`: an entry is missing within the chain, or was added later
 * - `truncated`: the last entries are missing
 * - `unsealed`: the shop did not seal the chain's end or a checkpoint
 */
export type FaultKind = "edited" | "removed" | "inserted" | "truncated" | "unsealed";

/** The first fault found. */
export interface Fault {
  readonly kind: FaultKind;
  /** Position in the chain. */
  readonly position: number;
  /** Id of the entry at that position; null when it is missing. */
  readonly entryId: string | null;
}

/** Progress of a verification along the chain. */
export interface ChainPosition extends ChainEnd {
  readonly entryId: string | null;
}

/**
 * Verifies rows in order of position, after the last verified one.
 *
 * @returns the position reached, or the first fault
 */
export function verifyRows(from: ChainPosition, rows: readonly ChainedRow[]): ChainPosition | Fault {
  let last = from;
  for (const row of rows) {
    const fault = faultAt(last, row);
    if (fault) return fault;
    last = { position: row.position, hash: row.hash, entryId: row.id };
  }
  return last;
}

export function isFault(found: ChainPosition | Fault): found is Fault {
  return "kind" in found;
}

/** The fault with the lowest position; the first given one on a tie. */
export function firstFault(faults: readonly (Fault | undefined)[]): Fault | undefined {
  return faults
    .filter((fault) => fault !== undefined)
    .reduce<Fault | undefined>(
      (first, fault) => (first && first.position <= fault.position ? first : fault),
      undefined,
    );
}

function faultAt(last: ChainPosition, row: ChainedRow): Fault | undefined {
  const position = last.position + 1;
  if (row.position > position) return { kind: "removed", position, entryId: null };
  if (hashOf(row) !== row.hash) return classifyMismatch(last, row);
  // Its predecessor is not the entry that it was chained to.
  if (row.previous_hash !== last.hash)
    return { kind: "edited", position: Math.max(0, last.position), entryId: last.entryId ?? row.id };
  return undefined;
}

/** Classifies an entry with a wrong hash; its original position decides. */
function classifyMismatch(last: ChainPosition, row: ChainedRow): Fault {
  const wasAt = (position: number) => hashOf({ ...row, position }) === row.hash;
  if (wasAt(row.position - 1)) return { kind: "inserted", position: last.position, entryId: last.entryId };
  if (wasAt(row.position + 1)) return { kind: "removed", position: row.position, entryId: null };
  return { kind: "edited", position: row.position, entryId: row.id };
}
