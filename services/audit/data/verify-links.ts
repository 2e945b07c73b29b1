import { emptyChain } from "../domain/chain.ts";
import type { Fault, ChainPosition } from "../domain/verify-rows.ts";
import { isFault, verifyRows } from "../domain/verify-rows.ts";
import type { ChainRepository } from "./chain-repository.ts";

const rowsAtOnce = 500;

/**
 * Verifies the chain from an intact entry on.
 *
 * @returns the position reached, and the first fault
 */
export async function verifyChain(
  chain: ChainRepository,
  from: ChainPosition,
  to: number,
): Promise<{ at: ChainPosition; entries: number; fault?: Fault }> {
  let at = from;
  let entries = 0;
  while (at.position < to) {
    const upTo = Math.min(at.position + rowsAtOnce, to);
    const rows = await chain.rows(at.position + 1, upTo);
    const verified = rows.length === 0 ? at : verifyRows(at, rows);
    if (isFault(verified)) return { at, entries, fault: verified };
    entries += rows.length;
    at = verified;
    if (at.position < upTo) return { at, entries, fault: await gap(chain, at.position + 1) };
  }
  return { at, entries };
}

/** The fault of a missing entry. */
async function gap(chain: ChainRepository, position: number): Promise<Fault> {
  const last = (await chain.lastPosition()) ?? emptyChain.position;
  return { kind: last > position ? "removed" : "truncated", position, entryId: null };
}
