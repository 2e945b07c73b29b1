import { escapeFormula } from "../../mixins/support/escape-formula.ts";
import { stringify } from "csv-stringify/sync";
import type { PlacedEntry } from "./data/audit-repository.ts";
import { presentEntry } from "./present.ts";

const columns = [
  "position",
  "hash",
  "id",
  "type",
  "actorKind",
  "actorId",
  "entity",
  "entityId",
  "requestId",
  "occurredAt",
  "recordedAt",
  "details",
];

/** Formats entries as CSV lines, with `details` as JSON. */
export function toCsv(entries: readonly PlacedEntry[], withHeader: boolean): string {
  const records = entries.map((entry) => {
    const { id, type, actor, entity, entityId, requestId, occurredAt, recordedAt, details } =
      presentEntry(entry);
    const texts = [id, type, actor.kind, actor.id, entity, entityId, requestId, occurredAt, recordedAt];
    return [
      entry.position,
      entry.hash,
      ...texts.map((text) => escapeFormula(text ?? "")),
      JSON.stringify(details),
    ];
  });
  // Excel takes a file without the mark for the system's own encoding.
  return stringify(records, { bom: withHeader, header: withHeader, columns });
}

/** Formats entries as NDJSON. */
export function toNdjson(entries: readonly PlacedEntry[]): string {
  return entries
    .map(
      (entry) =>
        `${JSON.stringify({ position: entry.position, hash: entry.hash, ...presentEntry(entry) })}\n`,
    )
    .join("");
}
