import type { ChainEnd } from "../domain/chain.ts";
import { emptyChain, segmentLength, segmentOf } from "../domain/chain.ts";
import type { Fault } from "../domain/find-fault.ts";
import { firstFault } from "../domain/find-fault.ts";
import type { Sealer } from "../domain/seal.ts";
import type { ChainRepository, SealedEnd } from "./chain-repository.ts";
import type { SealedCheckpoint } from "./checkpoint-repository.ts";
import { faultOfCheckpoints, walkWhatIsLeft } from "./verify-removal.ts";
import { walkAlong } from "./walk-along.ts";

/** What was found out about one segment. */
export interface Verified {
  readonly segment: number;
  /** How many segments the trail has, removed ones included; 0 when it is empty. */
  readonly segments: number;
  /** How many entries were looked at; none in a segment that was removed because of its age. */
  readonly entries: number;
  readonly fault: Fault | undefined;
  /** The end of the whole chain. */
  readonly head: ChainEnd | undefined;
  /** Up to where entries were removed because of their age. */
  readonly checkpoint: SealedCheckpoint | undefined;
}

/**
 * Verifies one segment of the chain while others write, and remove. Segments that are all in order make a trail that is.
 *
 * @param sealer checks seals; without it, which only those do who do not have the key, hashes alone are checked
 */
export async function verifySegment(chain: ChainRepository, segment: number, sealer?: Sealer): Promise<Verified> {
  for (let begins = await beginning(chain); ; ) {
    const verified = await verifyOnce(chain, segment, sealer);
    const beganThen = begins;
    begins = await beginning(chain);
    // What was removed while it was looked at lacks for a reason.
    if (!verified.fault || begins === beganThen) return verified;
  }
}

async function beginning(chain: ChainRepository): Promise<string> {
  const checkpoint = await chain.checkpoints.last();
  return `${checkpoint?.position} ${await chain.firstPosition()}`;
}

async function verifyOnce(chain: ChainRepository, segment: number, sealer?: Sealer): Promise<Verified> {
  // In this order: what is there now has an end that is at least as far.
  const last = (await chain.lastPosition()) ?? emptyChain.position;
  const checkpoint = await chain.checkpoints.last();
  const head = await chain.head();
  const end = head ?? { ...emptyChain, seal: null };
  const part = { from: segment * segmentLength, to: Math.min((segment + 1) * segmentLength - 1, end.position) };
  const isLast = segmentOf(Math.max(0, end.position)) <= segment;
  const common = { segment, segments: end.position < 0 ? 0 : segmentOf(end.position) + 1, head, checkpoint };

  const left = checkpoint ? await walkWhatIsLeft(chain, part.from, Math.min(part.to, checkpoint.position), checkpoint) : undefined;
  const walked = await walkFrom(chain, part, checkpoint);
  const fault = firstFault([
    isLast ? await faultOfHead(chain, last, end, checkpoint, sealer) : undefined,
    checkpoint && (await faultOfCheckpoints(chain, part, checkpoint, sealer)),
    left?.fault,
    walked.fault,
    await faultOfAnchors(chain, part, sealer),
  ]);
  return { ...common, entries: (left?.entries ?? 0) + walked.entries, fault };
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** Goes over what no checkpoint stands for. */
async function walkFrom(chain: ChainRepository, { from, to }: Part, checkpoint: SealedCheckpoint | undefined): Promise<{ entries: number; fault?: Fault }> {
  if (checkpoint && checkpoint.position >= from - 1) return walkAlong(chain, { ...checkpoint, entryId: null }, to);
  if (from === 0) return walkAlong(chain, { ...emptyChain, entryId: null }, to);
  const [before] = await chain.rows(from - 1, from - 1);
  if (before) return walkAlong(chain, { ...before, entryId: before.id }, to);
  return { entries: 0, fault: { kind: "removed", position: from - 1, entryId: null } };
}

async function faultOfHead(
  chain: ChainRepository,
  last: number,
  end: SealedEnd,
  checkpoint: SealedCheckpoint | undefined,
  sealer: Sealer | undefined,
): Promise<Fault | undefined> {
  const { position, seal } = end;
  if (last > position) return { kind: "inserted", position: position + 1, entryId: await idAt(chain, position + 1) };
  const anchor = await chain.lastAnchor();
  // Once anything was written down, the end is sealed with every entry.
  const unsealed = seal === null ? anchor !== undefined : sealer && !sealer.isGood("head", end, seal);
  if (unsealed) return { kind: "unsealed", position: Math.max(0, position), entryId: null };
  if (Math.max(anchor?.position ?? -1, checkpoint?.position ?? -1) > position)
    return { kind: "truncated", position: position + 1, entryId: null };
  const [row] = position >= 0 ? await chain.rows(position, position) : [];
  const known = row ?? (checkpoint?.position === position ? checkpoint : undefined);
  return known && known.hash !== end.hash ? { kind: "edited", position, entryId: row?.id ?? null } : undefined;
}

async function faultOfAnchors(chain: ChainRepository, { from, to }: Part, sealer: Sealer | undefined): Promise<Fault | undefined> {
  for (const anchor of await chain.anchors(from, to)) {
    const { position } = anchor;
    if (sealer && !sealer.isGood("anchor", anchor, anchor.seal)) return { kind: "unsealed", position, entryId: null };
    const [row] = await chain.rows(position, position);
    // An entry that lacks was found by the walk.
    if (row && row.hash !== anchor.hash) return { kind: "edited", position, entryId: row.id };
  }
  return undefined;
}

async function idAt(chain: ChainRepository, position: number): Promise<string | null> {
  const [row] = await chain.rows(position, position);
  return row?.id ?? null;
}
