/** Rotation of keys that sign access tokens. Times are milliseconds since the Unix epoch. */

/** Lead time between publication and first signature, in which all nodes and gateways fetch the key. */
export const leadMs = 60_000;
/** Margin for clock skew, and for nodes that have not read the newer key yet. */
const marginMs = 60_000;

interface DatedKey {
  readonly kid: string;
  readonly createdAt: number;
}

/** The signing key: the newest one past its lead time, or the only one. */
export function signerOf<K extends DatedKey>(keys: readonly K[], now: number): K | undefined {
  const newestFirst = keys.toSorted(byAge).toReversed();
  return newestFirst.find(({ createdAt }) => createdAt + leadMs <= now) ?? newestFirst.at(-1);
}

/** The newest key, if it does not sign yet. */
export function pendingOf<K extends DatedKey>(keys: readonly K[], now: number): K | undefined {
  const newest = keys.toSorted(byAge).at(-1);
  return newest === signerOf(keys, now) ? undefined : newest;
}

/** Keys without valid tokens: a newer key has been signing for longer than a token's lifetime. */
export function retired<K extends DatedKey>(keys: readonly K[], accessMs: number, now: number): K[] {
  const oldestFirst = keys.toSorted(byAge);
  return oldestFirst.filter((_key, index) => {
    const next = oldestFirst[index + 1];
    return next !== undefined && next.createdAt + leadMs + accessMs + marginMs < now;
  });
}

export function isRotationDue(keys: readonly DatedKey[], lifeMs: number, now: number): boolean {
  return keys.every(({ createdAt }) => createdAt + lifeMs <= now);
}

/** Deterministic, so that of concurrent nodes that create the next key one wins. */
export function nextKid(keys: readonly DatedKey[]): string {
  return `key-${Math.max(0, ...keys.map(numberOf)) + 1}`;
}

/** Oldest first; by number within one millisecond, so that a signing key is not retired. */
function byAge(one: DatedKey, other: DatedKey): number {
  return one.createdAt - other.createdAt || numberOf(one) - numberOf(other);
}

function numberOf({ kid }: DatedKey): number {
  return Number(/^key-(\d+)$/.exec(kid)?.[1] ?? 0);
}
