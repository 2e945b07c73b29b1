import type { ChainEnd } from "../domain/chain.ts";
import { emptyChain, segmentLength, segmentOf } from "../domain/chain.ts";
import type { Fault, Walked } from "../domain/find-fault.ts";
import { firstFault, isFault, walk } from "../domain/find-fault.ts";
import type { Sealed, Sealer } from "../domain/seal.ts";
import type { Anchor, ChainRepository, SealedEnd } from "./chain-repository.ts";

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
}

const rowsAtOnce = 500;

/**
 * Verifies one segment of the chain while others write. Segments that are all in order make a trail that is.
 *
 * @param sealer checks seals; without it, which only those do who do not have the key, hashes alone are checked
 */
export async function verifySegment(chain: ChainRepository, segment: number, sealer?: Sealer): Promise<Verified> {
  // In this order: what is there now has an end that is at least as far.
  const last = (await chain.lastPosition()) ?? emptyChain.position;
  const head = await chain.head();
  const end = head ?? { ...emptyChain, seal: null };
  const from = segment * segmentLength;
  const to = Math.min(from + segmentLength - 1, end.position);
  const isLast = segmentOf(Math.max(0, end.position)) <= segment;
  const common = { segment, segments: end.position < 0 ? 0 : segmentOf(end.position) + 1, head };
  const sealIsGood = (kind: Sealed, sealed: Anchor) => !sealer || sealer.isGood(kind, sealed, sealed.seal);

  const ofHead = isLast ? await faultOfHead(chain, last, end, sealIsGood) : undefined;
  const start = await startOf(chain, from, to, sealIsGood);
  if (start === "removed") return { ...common, entries: 0, fault: ofHead };
  if (isFault(start)) return { ...common, entries: 0, fault: firstFault([start, ofHead]) };
  const { entries, fault } = await walkAlong(chain, start, to);
  return { ...common, entries, fault: firstFault([fault, await faultOfAnchors(chain, from, to, sealIsGood), ofHead]) };
}

type SealIsGood = (kind: Sealed, sealed: Anchor) => boolean;

async function faultOfHead(chain: ChainRepository, last: number, end: SealedEnd, good: SealIsGood): Promise<Fault | undefined> {
  const { position, seal } = end;
  if (last > position) return { kind: "inserted", position: position + 1, entryId: await idAt(chain, position + 1) };
  const anchor = await chain.lastAnchor();
  // Once anything was written down, the end is sealed with every entry.
  const unsealed = seal === null ? anchor !== undefined : !good("head", { ...end, seal });
  if (unsealed) return { kind: "unsealed", position: Math.max(0, position), entryId: null };
  if (anchor && anchor.position > position) return { kind: "truncated", position: position + 1, entryId: null };
  if (last === position && position >= 0) {
    const [row] = await chain.rows(position, position);
    if (row && row.hash !== end.hash) return { kind: "edited", position, entryId: row.id };
  }
  return undefined;
}

/** @returns what the segment's first entry is chained to; `removed` when the segment was removed because of its age */
async function startOf(chain: ChainRepository, from: number, to: number, good: SealIsGood): Promise<Walked | Fault | "removed"> {
  if (from === 0 && !(await chain.checkpoint(to))) return { ...emptyChain, entryId: null };
  const checkpoint = await chain.checkpoint(to);
  if (checkpoint && !good("checkpoint", checkpoint)) return { kind: "unsealed", position: from, entryId: null };
  if (checkpoint && checkpoint.position >= from) return "removed";
  if (checkpoint?.position === from - 1) return { ...checkpoint, entryId: null };
  const [before] = await chain.rows(from - 1, from - 1);
  if (before) return { position: before.position, hash: before.hash, entryId: before.id };
  return { kind: "removed", position: from - 1, entryId: null };
}

async function walkAlong(chain: ChainRepository, start: Walked, to: number): Promise<{ entries: number; fault?: Fault }> {
  let at = start;
  let entries = 0;
  while (at.position < to) {
    const rows = await chain.rows(at.position + 1, Math.min(at.position + rowsAtOnce, to));
    const came = rows.length === 0 ? undefined : walk(at, rows);
    if (came && isFault(came)) return { entries, fault: came };
    entries += rows.length;
    if (came && came.position === Math.min(at.position + rowsAtOnce, to)) at = came;
    else return { entries, fault: await lacking(chain, (came ?? at).position + 1) };
  }
  return { entries };
}

/** The entry that should stand here does not. */
async function lacking(chain: ChainRepository, position: number): Promise<Fault> {
  const last = (await chain.lastPosition()) ?? emptyChain.position;
  return { kind: last > position ? "removed" : "truncated", position, entryId: null };
}

async function faultOfAnchors(chain: ChainRepository, from: number, to: number, good: SealIsGood): Promise<Fault | undefined> {
  for (const anchor of await chain.anchors(from, to)) {
    const { position } = anchor;
    if (!good("anchor", anchor)) return { kind: "unsealed", position, entryId: null };
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
