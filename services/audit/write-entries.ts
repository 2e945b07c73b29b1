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

/** Entries as lines of CSV, `details` as JSON. */
export function toCsv(entries: readonly PlacedEntry[], withHeader: boolean): string {
  const records = entries.map((entry) => {
    const { id, type, actor, entity, entityId, requestId, occurredAt, recordedAt, details } = presentEntry(entry);
    const texts = [id, type, actor.kind, actor.id, entity, entityId, requestId, occurredAt, recordedAt];
    return [entry.position, entry.hash, ...texts.map((text) => toCell(text ?? "")), JSON.stringify(details)];
  });
  return stringify(records, { header: withHeader, columns });
}

/** One JSON object a line. */
export function toNdjson(entries: readonly PlacedEntry[]): string {
  return entries
    .map((entry) => `${JSON.stringify({ position: entry.position, hash: entry.hash, ...presentEntry(entry) })}\n`)
    .join("");
}

/** What a spreadsheet would take for a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\n]/;

function toCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}
