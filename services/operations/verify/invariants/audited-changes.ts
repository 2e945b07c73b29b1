import type { Database, SqlValue } from "../../../../mixins/database/database.ts";
import type { Scope } from "../../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../../mixins/database/invariant.ts";

/** An audit entry, as far as it is compared with data. */
export interface AuditedEntry {
  readonly entity: string;
  readonly entityId: string;
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Milliseconds since the Unix epoch. */
  readonly occurredAt: number;
}

/** Audit entries about the given types, by subject id. */
export async function entriesOf(
  audit: Database,
  kinds: { readonly entities: readonly string[]; readonly types: readonly string[] },
  scope: Scope,
): Promise<Map<string, AuditedEntry[]>> {
  const { sql, values } = scopeCondition("entity_id", scope);
  const bound: SqlValue[] = [[...kinds.entities], [...kinds.types], ...values];
  const rows = await audit.select<Omit<AuditedEntry, "details"> & { details: string }>(
    `SELECT entity, entity_id AS entityId, type, details, occurred_at AS occurredAt FROM audit_events
     WHERE entity IN (?) AND type IN (?) AND ${sql}`,
    bound,
  );
  const entries = rows.flatMap((row) => {
    const details = readDetails(row.details);
    return details ? [{ ...row, details }] : [];
  });
  return Map.groupBy(entries, ({ entityId }) => entityId);
}

/** @returns undefined when unreadable; verification of the chain finds spoilt entries */
function readDetails(text: string): AuditedEntry["details"] | undefined {
  try {
    return JSON.parse(text) as AuditedEntry["details"];
  } catch {
    return undefined;
  }
}

/** An audited change of a value; undefined where there was or is none. */
export interface AuditedChange {
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * True when the audited changes lead to the present value. Each removes one value and adds another, so the
 * present one was added once more than removed. Holds for any order of recording, and when the earliest
 * entries were removed by age.
 */
export function isLedTo(changes: readonly AuditedChange[], present: unknown): boolean {
  const times = new Map<string, number>();
  const count = (value: unknown, by: number) => {
    if (value === undefined) return;
    const text = JSON.stringify(value);
    times.set(text, (times.get(text) ?? 0) + by);
  };
  for (const { before, after } of changes) {
    count(before, -1);
    count(after, 1);
  }
  if (times.size === 0) return true;
  const left = [...times].filter(([, balance]) => balance > 0).map(([text]) => text);
  const text = JSON.stringify(present);
  // The value returned to that before the earliest remaining entry.
  return left.length === 0 ? times.has(text) : left.includes(text);
}

/** Names of fields whose present value the audited changes do not lead to. */
export function strays(
  changes: readonly AuditedChange[],
  present: Readonly<Record<string, unknown>>,
): string[] {
  const part = (state: unknown, name: string) =>
    (state as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return Object.keys(present).filter((name) => {
    const ofName = changes.map(({ before, after }) => ({
      before: part(before, name),
      after: part(after, name),
    }));
    return !isLedTo(ofName, present[name]);
  });
}
