import { segmentLength } from "../domain/chain.ts";
import type { Fault } from "../domain/find-fault.ts";
import type { Sealer } from "../domain/seal.ts";
import type { ChainRepository } from "./chain-repository.ts";
import type { SealedCheckpoint } from "./checkpoint-repository.ts";
import { walkAlong } from "./walk-along.ts";

/**
 * Whether checkpoints, all made by the shop, stand for every entry of this part that lies before the last of them. One
 * that was taken away leaves a gap.
 */
export async function faultOfCheckpoints(
  chain: ChainRepository,
  { from, to }: { readonly from: number; readonly to: number },
  last: SealedCheckpoint,
  sealer: Sealer | undefined,
): Promise<Fault | undefined> {
  const isGood = (checkpoint: SealedCheckpoint) => !sealer || sealer.isGoodCheckpoint(checkpoint, checkpoint.seal);
  let vouchedFor = from - 1;
  for (const checkpoint of await chain.checkpoints.of(from, from + segmentLength - 1)) {
    if (!isGood(checkpoint)) return { kind: "unsealed", position: checkpoint.position, entryId: null };
    if (checkpoint.from > vouchedFor + 1) return { kind: "removed", position: vouchedFor + 1, entryId: null };
    vouchedFor = checkpoint.position;
  }
  if (!isGood(last)) return { kind: "unsealed", position: last.position, entryId: null };
  return vouchedFor < Math.min(last.position, to) ? { kind: "removed", position: vouchedFor + 1, entryId: null } : undefined;
}

/**
 * Entries before a checkpoint may still be there when their removal was interrupted: then they are the last ones before
 * it, and chained to it. Whatever else stands there was put there.
 */
export async function walkWhatIsLeft(
  chain: ChainRepository,
  from: number,
  to: number,
  checkpoint: SealedCheckpoint,
): Promise<{ entries: number; fault?: Fault }> {
  const first = await chain.firstOf(from, to);
  if (!first) return { entries: 0 };
  const start = { position: first.position - 1, hash: first.previous_hash, entryId: null };
  const { at, entries, fault } = await walkAlong(chain, start, to);
  if (fault?.kind === "edited") return { entries, fault };
  const next = to === checkpoint.position ? checkpoint.hash : (await chain.rows(to + 1, to + 1))[0]?.previous_hash;
  if (!fault && at.hash === next) return { entries };
  return { entries, fault: { kind: "inserted", position: first.position, entryId: first.id } };
}
