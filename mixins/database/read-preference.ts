import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Where reads outside transactions go while an action runs. The kit sets it from the action's contract, so that
 * neither actions nor repositories know whether there are replicas.
 */
export type ReadPreference = "replica" | "primary";

const current = new AsyncLocalStorage<ReadPreference>();

/** Runs `work` with its reads going to replicas, where there are good ones, or to the primary. */
export function readingFrom<T>(preference: ReadPreference, work: () => T): T {
  return current.run(preference, work);
}

/** `primary` outside of any action: what has no contract takes no chances. */
export function readPreference(): ReadPreference {
  return current.getStore() ?? "primary";
}
