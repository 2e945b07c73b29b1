/** How keys of access tokens follow one another. Times are milliseconds since 1970, UTC. */

/**
 * So long before it signs, a key is published: by then every node of the users service has read it, and every gateway
 * that asks for the keys gets it with the others.
 */
export const leadMs = 60_000;
/** For clocks that differ, and for nodes that have not yet read that another key signs. */
const marginMs = 60_000;

interface DatedKey {
  readonly kid: string;
  readonly createdAt: number;
}

/** The key that signs now: the newest that has been published for long enough, or the only one. */
export function signerOf<K extends DatedKey>(keys: readonly K[], now: number): K | undefined {
  const newestFirst = keys.toSorted(byAge).toReversed();
  return newestFirst.find(({ createdAt }) => createdAt + leadMs <= now) ?? newestFirst.at(-1);
}

/** Keys of which no token can be good any more: another one has signed for longer than a token lives. */
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

/** The same on all nodes, so that of those that make the next key at once one wins. */
export function nextKid(keys: readonly DatedKey[]): string {
  return `key-${Math.max(0, ...keys.map(numberOf)) + 1}`;
}

/** Oldest first; those of one millisecond in the order of their numbers, lest one is retired while it signs. */
function byAge(one: DatedKey, other: DatedKey): number {
  return one.createdAt - other.createdAt || numberOf(one) - numberOf(other);
}

function numberOf({ kid }: DatedKey): number {
  return Number(/^key-(\d+)$/.exec(kid)?.[1] ?? 0);
}
