type Snapshot = Readonly<Record<string, unknown>>;

/**
 * What an update changed, for the record: the fields that differ, before and after.
 *
 * @returns undefined when nothing differs
 */
export function difference(before: Snapshot, after: Snapshot): { before: Snapshot; after: Snapshot } | undefined {
  const differing = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  if (differing.length === 0) return undefined;
  const only = (snapshot: Snapshot) => Object.fromEntries(differing.map((key) => [key, snapshot[key]]));
  return { before: only(before), after: only(after) };
}
