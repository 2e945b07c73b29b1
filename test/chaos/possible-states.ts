import type { ActionName } from "../../mixins/contract/calls.ts";
import type { Attempt, History, OperationOf, Outcome } from "./history.ts";

/** A client's request to set a state. */
export interface StateRequest<S> {
  readonly number: number;
  readonly outcome: Outcome;
  readonly attempts: readonly Pick<Attempt, "problem">[];
  /** What it sets; no two clients set the same. */
  readonly key: string;
  readonly state: S;
}

/** All requests of an action. */
export function stateRequests<N extends ActionName, S>(
  history: Pick<History, "of">,
  action: N,
  read: (operation: OperationOf<N>) => Pick<StateRequest<S>, "key" | "state">,
): StateRequest<S>[] {
  return history.of(action).map((operation) => {
    const { number, outcome, attempts } = operation;
    return { number, outcome, attempts, ...read(operation) };
  });
}

/** Whether any of the requests may have taken effect: a refused retry may follow an attempt that did. */
export function mayHaveHappened(
  requests: readonly { readonly outcome: Outcome; readonly attempts: readonly unknown[] }[],
): boolean {
  return requests.some(({ outcome, attempts }) => outcome !== "failed" || attempts.length > 1);
}

/**
 * States in which requests for the same key may leave it: that of the last acknowledged one, and those of
 * requests of which an attempt may have taken effect later.
 *
 * @param requests in their order
 * @param initial without any request
 */
export function possibleStates<S>(requests: readonly StateRequest<S>[], initial: S): Set<S> {
  const last = requests.findLast(({ outcome }) => outcome === "ok");
  const late = requests.filter(({ outcome, attempts }) => outcome === "unknown" || attempts.length > 1);
  return new Set([last ? last.state : initial, ...late.map(({ state }) => state)]);
}

/**
 * Compares what clients set with what is kept, by key.
 *
 * @param what a key is, for the findings
 */
export function compareStates<S>(
  what: string,
  requests: readonly StateRequest<S>[],
  kept: ReadonlyMap<string, S>,
  initial: S,
): string[] {
  const inOrder = requests.toSorted((one, other) => one.number - other.number);
  const byKey = Map.groupBy(inOrder, ({ key }) => key);
  return [...new Set([...byKey.keys(), ...kept.keys()])].flatMap((key) => {
    const possible = possibleStates(byKey.get(key) ?? [], initial);
    const found = kept.has(key) ? (kept.get(key) as S) : initial;
    return possible.has(found)
      ? []
      : [`${what} ${key} is ${String(found)}; requested was ${[...possible].map(String).join(" or ")}`];
  });
}
