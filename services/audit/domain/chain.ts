import { createHash } from "node:crypto";

/** An entry as the trail's table has it, before it is chained. */
export interface AuditRow {
  readonly id: string;
  readonly type: string;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly entity: string;
  readonly entity_id: string | null;
  /** JSON, hashed as the text that it is. */
  readonly details: string;
  readonly request_id: string;
  readonly occurred_at: number;
  readonly recorded_at: number;
}

/** An entry in its place: its hash covers what it says, where it stands, and the hash of the one before it. */
export interface ChainedRow extends AuditRow {
  /** From 0, without gaps. */
  readonly position: number;
  readonly previous_hash: string;
  readonly hash: string;
}

/** The end of the chain: the place and the hash of its last entry. */
export interface ChainEnd {
  readonly position: number;
  readonly hash: string;
}

/** So many entries are one segment: what is verified in one go, and removed together when it has become old. */
export const segmentLength = 10_000;

/** Where the chain begins. */
export const emptyChain: ChainEnd = { position: -1, hash: "0".repeat(64) };

export function segmentOf(position: number): number {
  return Math.floor(position / segmentLength);
}

/** The hash of an entry in its place, SHA-256 in hexadecimal. */
export function hashOf(row: AuditRow & { readonly position: number; readonly previous_hash: string }): string {
  const content = [
    row.position,
    row.previous_hash,
    row.id,
    row.type,
    row.actor_kind,
    row.actor_id,
    row.entity,
    row.entity_id,
    row.details,
    row.request_id,
    row.occurred_at,
    row.recorded_at,
  ];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Chains entries onto the end, in their order. */
export function chainOnto(end: ChainEnd, rows: readonly AuditRow[]): ChainedRow[] {
  let last = end;
  return rows.map((row) => {
    const placed = { ...row, position: last.position + 1, previous_hash: last.hash };
    const chained = { ...placed, hash: hashOf(placed) };
    last = chained;
    return chained;
  });
}
