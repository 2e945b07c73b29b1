type Snapshot = Readonly<Record<string, unknown>>;

/**
 * The changed fields of an update, before and after, for the audit trail.
 *
 * @returns undefined when nothing differs
 */
export function difference(
  before: Snapshot,
  after: Snapshot,
): { before: Snapshot; after: Snapshot } | undefined {
  const differing = Object.keys({ ...before, ...after }).filter(
    (key) => JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key] ?? null),
  );
  if (differing.length === 0) return undefined;
  const only = (snapshot: Snapshot) =>
    Object.fromEntries(differing.map((key) => [key, snapshot[key] ?? null]));
  return { before: only(before), after: only(after) };
}
