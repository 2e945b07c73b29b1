import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { AuditEntry } from "./data/audit-repository.ts";

export function presentEntry(entry: AuditEntry): Result<"audit.get"> {
  return {
    ...entry,
    actor: { kind: entry.actor.kind, id: entry.actor.id ?? null },
    occurredAt: toTimestamp(entry.occurredAt),
    recordedAt: toTimestamp(entry.recordedAt),
  };
}
