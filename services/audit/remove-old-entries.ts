import type { Logger } from "moleculer";
import type { Tx } from "../../mixins/database/database.ts";
import { toTimestamp } from "../contract/fields.ts";
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
  /** Whether there may be more to remove. */
  readonly more: boolean;
}

/**
 * Removes entries about what happened before `before` from the trail's beginning, one segment's at most. First a sealed
 * checkpoint says what is removed, together with the event that tells of it; then the rows go, some hundreds at a time.
 * Whoever finds rows before the checkpoint finishes what was begun.
 *
 * @param before milliseconds since 1970
 * @throws Error when what is to be removed is not what was recorded: it is evidence, and stays
 */
export async function removeOldEntries(before: number, context: Context, { chain, sealer }: Needs): Promise<Removed> {
  const last = await chain.checkpoints.last();
  if (last) await removeUpTo(last, context, { chain, sealer });
  const next = await nextCheckpoint(before, last, { chain, sealer });
  if (!next) return { entries: 0, more: false };
  const { from, position, oldest, newest } = next;
  // Fails now, and not when the checkpoint is there, where the right to remove anything lacks.
  await context.transaction((tx) => chain.checkpoints.removeSome(emptyChain.position, tx));
  const isMine = await context.transaction(async (tx) => {
    // Of several nodes, one at a time; who comes second finds that it was done.
    await chain.lockHead(tx);
    if ((await chain.checkpoints.last(tx))?.position !== last?.position) return false;
    await chain.checkpoints.add(next, context.now, tx);
    const told = { from, upTo: position, hash: next.hash, oldest: toTimestamp(oldest), newest: toTimestamp(newest) };
    tx.publish("audit.entries-removed", told);
    return true;
  });
  if (!isMine) return { entries: 0, more: true };
  const entries = position - from + 1;
  context.log.info(`${entries} entries of the audit trail are old: up to position ${position} with hash ${next.hash}, sealed ${next.seal}`);
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
  if (fault) throw new Error(`nothing is removed from an audit trail that is not in order: ${fault.kind} at position ${fault.position}`);
  const to = Math.min((segmentOf(from) + 1) * segmentLength - 1, (await chain.lastPosition()) ?? emptyChain.position);
  const { young } = await chain.ages(from, to, before);
  const [end] = await chain.rows((young ?? to + 1) - 1, (young ?? to + 1) - 1);
  if (!end) return undefined;
  const { oldest, newest } = await chain.ages(from, end.position, before);
  const checkpoint = { from, position: end.position, hash: end.hash, oldest: oldest ?? before, newest: newest ?? before };
  return { ...checkpoint, seal: sealer.sealCheckpoint(checkpoint) };
}

async function removeUpTo(checkpoint: SealedCheckpoint, { transaction }: Context, { chain, sealer }: Needs): Promise<void> {
  if (!sealer.isGoodCheckpoint(checkpoint, checkpoint.seal))
    throw new Error(`nothing is removed from an audit trail whose checkpoint at position ${checkpoint.position} the shop did not make`);
  for (let first = await chain.firstPosition(); first !== undefined && first <= checkpoint.position; ) {
    const began = first;
    await transaction((tx) => chain.checkpoints.removeSome(checkpoint.position, tx));
    first = await chain.firstPosition();
    if (first === began) throw new Error("the database keeps old entries of the audit trail: are its accounts and its clock in order?");
  }
}
