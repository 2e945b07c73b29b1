import { emptyChain } from "../domain/chain.ts";
import type { Fault, Walked } from "../domain/find-fault.ts";
import { isFault, walk } from "../domain/find-fault.ts";
import type { ChainRepository } from "./chain-repository.ts";

const rowsAtOnce = 500;

/** Goes along the chain, from behind an entry that is in order. @returns where it came to, and the first fault on the way */
export async function walkAlong(chain: ChainRepository, from: Walked, to: number): Promise<{ at: Walked; entries: number; fault?: Fault }> {
  let at = from;
  let entries = 0;
  while (at.position < to) {
    const upTo = Math.min(at.position + rowsAtOnce, to);
    const rows = await chain.rows(at.position + 1, upTo);
    const came = rows.length === 0 ? at : walk(at, rows);
    if (isFault(came)) return { at, entries, fault: came };
    entries += rows.length;
    at = came;
    if (at.position < upTo) return { at, entries, fault: await lacking(chain, at.position + 1) };
  }
  return { at, entries };
}

/** The entry that should stand here does not. */
async function lacking(chain: ChainRepository, position: number): Promise<Fault> {
  const last = (await chain.lastPosition()) ?? emptyChain.position;
  return { kind: last > position ? "removed" : "truncated", position, entryId: null };
}
