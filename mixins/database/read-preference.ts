import { AsyncLocalStorage } from "node:async_hooks";
import type { ActionContract } from "../contract/contract.ts";

/**
 * Target of reads outside transactions during an action, set by the kit from the action's contract. Actions
 * and repositories need not know about replicas.
 */
export type ReadPreference = "replica" | "primary";

/**
 * Where an action reads outside of transactions: as its contract's `reads` says, by default the primary.
 *
 * @param mustBeFresh for staff, who read their own writes, and for a cached result that replaces an
 *   invalidated one: always the primary
 */
export function readPreferenceFor(
  { reads = "primary" }: Pick<ActionContract, "reads">,
  mustBeFresh: boolean,
): ReadPreference {
  return mustBeFresh ? "primary" : reads;
}

const current = new AsyncLocalStorage<ReadPreference>();

/** Runs `work` with reads going to healthy replicas, or to the primary. */
export function withReadPreference<T>(preference: ReadPreference, work: () => T): T {
  return current.run(preference, work);
}

/** Defaults to `primary` outside of actions. */
export function readPreference(): ReadPreference {
  return current.getStore() ?? "primary";
}
