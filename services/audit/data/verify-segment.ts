import type { ChainEnd } from "../domain/chain.ts";
import { emptyChain, segmentLength, segmentOf } from "../domain/chain.ts";
import type { Fault } from "../domain/verify-rows.ts";
import { firstFault } from "../domain/verify-rows.ts";
import type { Sealer } from "../domain/seal.ts";
import type { ChainRepository, SealedEnd } from "./chain-repository.ts";
import type { SealedCheckpoint } from "./checkpoint-repository.ts";
import { verifyCheckpoints, verifyRemainder } from "./verify-removal.ts";
import { verifyChain } from "./verify-links.ts";

/** Result of verifying one segment. */
export interface Verified {
  readonly segment: number;
  /** Number of segments, removed ones included; 0 for an empty trail. */
  readonly segments: number;
  /** Number of verified entries; 0 in a segment removed by age. */
  readonly entries: number;
  readonly fault: Fault | undefined;
  /** End of the whole chain. */
  readonly head: ChainEnd | undefined;
  /** Last removal by age. */
  readonly checkpoint: SealedCheckpoint | undefined;
}

/**
 * Verifies one segment of the chain while other nodes append and remove. The trail is intact if all segments
 * are.
 *
 * @param sealer verifies seals; without it, i.e. without the key, only hashes are verified
 */
export async function verifySegment(
  chain: ChainRepository,
  segment: number,
  sealer?: Sealer,
): Promise<Verified> {
  for (let start = await chainStart(chain); ;) {
    const verified = await verifyOnce(chain, segment, sealer);
    const previousStart = start;
    start = await chainStart(chain);
    // Entries removed during the verification are missing legitimately: verify again.
    if (!verified.fault || start === previousStart) return verified;
  }
}

async function chainStart(chain: ChainRepository): Promise<string> {
  const checkpoint = await chain.checkpoints.last();
  return `${checkpoint?.position} ${await chain.firstPosition()}`;
}

async function verifyOnce(chain: ChainRepository, segment: number, sealer?: Sealer): Promise<Verified> {
  // The order matters: the end read afterwards is at least as far.
  const last = (await chain.lastPosition()) ?? emptyChain.position;
  const checkpoint = await chain.checkpoints.last();
  const head = await chain.head();
  const end = head ?? { ...emptyChain, seal: null };
  const part = {
    from: segment * segmentLength,
    to: Math.min((segment + 1) * segmentLength - 1, end.position),
  };
  const isLast = segmentOf(Math.max(0, end.position)) <= segment;
  const common = { segment, segments: end.position < 0 ? 0 : segmentOf(end.position) + 1, head, checkpoint };

  const remainder = checkpoint
    ? await verifyRemainder(chain, part.from, Math.min(part.to, checkpoint.position), checkpoint)
    : undefined;
  const partResult = await verifyPart(chain, part, checkpoint);
  const fault = firstFault([
    isLast ? await verifyHead(chain, last, end, checkpoint, sealer) : undefined,
    checkpoint && (await verifyCheckpoints(chain, part, checkpoint, sealer)),
    remainder?.fault,
    partResult.fault,
    await verifyAnchors(chain, part, sealer),
  ]);
  return { ...common, entries: (remainder?.entries ?? 0) + partResult.entries, fault };
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** Verifies the entries that no checkpoint covers. */
async function verifyPart(
  chain: ChainRepository,
  { from, to }: Part,
  checkpoint: SealedCheckpoint | undefined,
): Promise<{ entries: number; fault?: Fault }> {
  if (checkpoint && checkpoint.position >= from - 1)
    return verifyChain(chain, { ...checkpoint, entryId: null }, to);
  if (from === 0) return verifyChain(chain, { ...emptyChain, entryId: null }, to);
  const [before] = await chain.rows(from - 1, from - 1);
  if (before) return verifyChain(chain, { ...before, entryId: before.id }, to);
  return { entries: 0, fault: { kind: "removed", position: from - 1, entryId: null } };
}

async function verifyHead(
  chain: ChainRepository,
  last: number,
  end: SealedEnd,
  checkpoint: SealedCheckpoint | undefined,
  sealer: Sealer | undefined,
): Promise<Fault | undefined> {
  const { position, seal } = end;
  if (last > position)
    return { kind: "inserted", position: position + 1, entryId: await idAt(chain, position + 1) };
  const anchor = await chain.lastAnchor();
  // From the first anchor on, the end is sealed with every append.
  const unsealed = seal === null ? anchor !== undefined : sealer && !sealer.isValid("head", end, seal);
  if (unsealed) return { kind: "unsealed", position: Math.max(0, position), entryId: null };
  if (Math.max(anchor?.position ?? -1, checkpoint?.position ?? -1) > position)
    return { kind: "truncated", position: position + 1, entryId: null };
  const [row] = position >= 0 ? await chain.rows(position, position) : [];
  const known = row ?? (checkpoint?.position === position ? checkpoint : undefined);
  return known && known.hash !== end.hash
    ? { kind: "edited", position, entryId: row?.id ?? null }
    : undefined;
}

async function verifyAnchors(
  chain: ChainRepository,
  { from, to }: Part,
  sealer: Sealer | undefined,
): Promise<Fault | undefined> {
  for (const anchor of await chain.anchors(from, to)) {
    const { position } = anchor;
    if (sealer && !sealer.isValid("anchor", anchor, anchor.seal))
      return { kind: "unsealed", position, entryId: null };
    const [row] = await chain.rows(position, position);
    // Missing entries are the walk's finding.
    if (row && row.hash !== anchor.hash) return { kind: "edited", position, entryId: row.id };
  }
  return undefined;
}

async function idAt(chain: ChainRepository, position: number): Promise<string | null> {
  const [row] = await chain.rows(position, position);
  return row?.id ?? null;
}
