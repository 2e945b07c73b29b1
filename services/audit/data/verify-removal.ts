import { segmentLength } from "../domain/chain.ts";
import type { Fault } from "../domain/verify-rows.ts";
import type { Sealer } from "../domain/seal.ts";
import type { ChainRepository } from "./chain-repository.ts";
import type { SealedCheckpoint } from "./checkpoint-repository.ts";
import { verifyChain } from "./verify-links.ts";

/**
 * Checks that checkpoints sealed by the shop cover every position of the range before the last checkpoint. A
 * deleted checkpoint leaves a gap.
 */
export async function verifyCheckpoints(
  chain: ChainRepository,
  { from, to }: { readonly from: number; readonly to: number },
  last: SealedCheckpoint,
  sealer: Sealer | undefined,
): Promise<Fault | undefined> {
  const isValid = (checkpoint: SealedCheckpoint) =>
    !sealer || sealer.isValidCheckpoint(checkpoint, checkpoint.seal);
  let coveredUpTo = from - 1;
  for (const checkpoint of await chain.checkpoints.of(from, from + segmentLength - 1)) {
    if (!isValid(checkpoint)) return { kind: "unsealed", position: checkpoint.position, entryId: null };
    if (checkpoint.from > coveredUpTo + 1)
      return { kind: "removed", position: coveredUpTo + 1, entryId: null };
    coveredUpTo = checkpoint.position;
  }
  if (!isValid(last)) return { kind: "unsealed", position: last.position, entryId: null };
  return coveredUpTo < Math.min(last.position, to)
    ? { kind: "removed", position: coveredUpTo + 1, entryId: null }
    : undefined;
}

/**
 * Verifies rows that remain before a checkpoint. An interrupted removal leaves only the last ones, chained to
 * it; any other row was inserted.
 */
export async function verifyRemainder(
  chain: ChainRepository,
  from: number,
  to: number,
  checkpoint: SealedCheckpoint,
): Promise<{ entries: number; fault?: Fault }> {
  const first = await chain.firstOf(from, to);
  if (!first) return { entries: 0 };
  const start = { position: first.position - 1, hash: first.previous_hash, entryId: null };
  const { at, entries, fault } = await verifyChain(chain, start, to);
  if (fault?.kind === "edited") return { entries, fault };
  const next =
    to === checkpoint.position ? checkpoint.hash : (await chain.rows(to + 1, to + 1))[0]?.previous_hash;
  if (!fault && at.hash === next) return { entries };
  return { entries, fault: { kind: "inserted", position: first.position, entryId: first.id } };
}
