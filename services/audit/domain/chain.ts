import { hash } from "node:crypto";

/** A row of the trail before it is chained. */
export interface AuditRow {
  readonly id: string;
  readonly type: string;
  readonly actor_kind: string;
  readonly actor_id: string | null;
  readonly entity: string;
  readonly entity_id: string | null;
  /** JSON; the hash covers its text. */
  readonly details: string;
  readonly request_id: string;
  readonly occurred_at: number;
  readonly recorded_at: number;
}

/** A chained row: its hash covers the content, the position and the previous hash. */
export interface ChainedRow extends AuditRow {
  /** From 0, without gaps. */
  readonly position: number;
  readonly previous_hash: string;
  readonly hash: string;
}

/** End of the chain: position and hash of its last entry. */
export interface ChainEnd {
  readonly position: number;
  readonly hash: string;
}

/** Entries per segment, the unit of verification and of removal by age. */
export const segmentLength = 10_000;

/** Start of the chain. */
export const emptyChain: ChainEnd = { position: -1, hash: "0".repeat(64) };

export function segmentOf(position: number): number {
  return Math.floor(position / segmentLength);
}

/** SHA-256 of a row at its position, in hexadecimal. */
export function hashOf(
  row: AuditRow & { readonly position: number; readonly previous_hash: string },
): string {
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
  return hash("sha256", JSON.stringify(content));
}

/** Chains rows to the end, in their order. */
export function chainOnto(end: ChainEnd, rows: readonly AuditRow[]): ChainedRow[] {
  let last = end;
  return rows.map((row) => {
    const placed = { ...row, position: last.position + 1, previous_hash: last.hash };
    const chained = { ...placed, hash: hashOf(placed) };
    last = chained;
    return chained;
  });
}
