import type { Logger } from "moleculer";
import type { Tx } from "../../mixins/database/database.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { ChainRepository } from "./data/chain-repository.ts";
import type { SealedCheckpoint } from "./data/checkpoint-repository.ts";
import { verifySegment } from "./data/verify-segment.ts";
import { emptyChain, segmentLength, segmentOf } from "./domain/chain.ts";
import type { Sealer } from "./domain/seal.ts";

interface Needs {
  readonly chain: ChainRepository;
  readonly sealer: Sealer;
}

interface Context {
  readonly now: number;
  readonly log: Logger;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

export interface Removed {
  readonly entries: number;
  /** True when more old entries may remain. */
  readonly more: boolean;
}

/**
 * Removes events before `before` from the trail's start, at most one segment. First records a sealed
 * checkpoint and its event, then deletes the rows in batches of some hundreds; the next run resumes an
 * interrupted deletion.
 *
 * @param before milliseconds since the Unix epoch
 * @throws Error when verification fails: tampered entries are evidence and stay
 */
export async function removeOldEntries(
  before: number,
  context: Context,
  { chain, sealer }: Needs,
): Promise<Removed> {
  const last = await chain.checkpoints.last();
  if (last) await removeUpTo(last, context, { chain, sealer });
  const next = await nextCheckpoint(before, last, { chain, sealer });
  if (!next) return { entries: 0, more: false };
  const { from, position, oldest, newest } = next;
  // Fail before the checkpoint is recorded if the right to remove is missing.
  await context.transaction((tx) => chain.checkpoints.removeSome(emptyChain.position, tx));
  const isCommitted = await context.transaction(async (tx) => {
    // Nodes run one after another; the second finds the work done.
    await chain.lockHead(tx);
    if ((await chain.checkpoints.last(tx))?.position !== last?.position) return false;
    await chain.checkpoints.add(next, context.now, tx);
    const payload = {
      from,
      upTo: position,
      hash: next.hash,
      oldest: toTimestamp(oldest),
      newest: toTimestamp(newest),
    };
    tx.publish("audit.entries-removed", payload);
    return true;
  });
  if (!isCommitted) return { entries: 0, more: true };
  const entries = position - from + 1;
  context.log.info(
    `audit trail: removing ${entries} old entries up to position ${position}, hash ${next.hash}, seal ${next.seal}`,
  );
  await removeUpTo(next, context, { chain, sealer });
  return { entries, more: segmentOf(position) < segmentOf(position + 1) };
}

/** @returns undefined when the first entry is not old */
async function nextCheckpoint(
  before: number,
  last: SealedCheckpoint | undefined,
  { chain, sealer }: Needs,
): Promise<SealedCheckpoint | undefined> {
  const from = (last ?? emptyChain).position + 1;
  const [first] = await chain.rows(from, from);
  if (!first || first.occurred_at >= before) return undefined;
  const { fault } = await verifySegment(chain, segmentOf(from), sealer);
  if (fault)
    throw new Error(`audit trail not intact, nothing removed: ${fault.kind} at position ${fault.position}`);
  const to = Math.min(
    (segmentOf(from) + 1) * segmentLength - 1,
    (await chain.lastPosition()) ?? emptyChain.position,
  );
  const { young } = await chain.ages(from, to, before);
  const [end] = await chain.rows((young ?? to + 1) - 1, (young ?? to + 1) - 1);
  if (!end) return undefined;
  const { oldest, newest } = await chain.ages(from, end.position, before);
  const checkpoint = {
    from,
    position: end.position,
    hash: end.hash,
    oldest: oldest ?? before,
    newest: newest ?? before,
  };
  return { ...checkpoint, seal: sealer.sealCheckpoint(checkpoint) };
}

async function removeUpTo(
  checkpoint: SealedCheckpoint,
  { transaction }: Context,
  { chain, sealer }: Needs,
): Promise<void> {
  if (!sealer.isValidCheckpoint(checkpoint, checkpoint.seal))
    throw new Error(
      `audit trail not intact, nothing removed: forged checkpoint at position ${checkpoint.position}`,
    );
  for (let first = await chain.firstPosition(); first !== undefined && first <= checkpoint.position;) {
    const previous = first;
    await transaction((tx) => chain.checkpoints.removeSome(checkpoint.position, tx));
    first = await chain.firstPosition();
    if (first === previous)
      throw new Error("database did not remove old audit entries: check its accounts and its clock");
  }
}
