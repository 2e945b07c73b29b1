import type { Answers } from "./load/wrk.ts";
import type { Bench } from "./bench.ts";

/** One side of a comparison. */
export interface Contender {
  /** `ours`, or a baseline. */
  readonly name: string;
  readonly processes: ReadonlyMap<string, number>;
  /** Prepares input for a measurement of this duration; not measured. */
  readonly prepare?: (seconds: number) => Promise<void>;
  /** Runs the load for this duration. `figures` are further results by name. */
  readonly measure: (
    seconds: number,
  ) => Promise<Answers & { readonly figures?: Readonly<Record<string, number>> }>;
}

/** A limit for both shapes, or one per shape. */
export type Limit = number | Readonly<Record<"embedded" | "cluster", number>>;

/**
 * Target of a work. Ratios are ours to the other contender's, within one round; `figure` names a further
 * result.
 */
export type Goal =
  | { readonly of: "rate ratio" | "p99 ratio" | "p99 ms"; readonly atLeast?: Limit; readonly atMost?: Limit }
  | { readonly of: "figure"; readonly figure: string; readonly atLeast?: Limit; readonly atMost?: Limit };

/** One benchmark. */
export interface Work {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  readonly goals: readonly Goal[];
  /** Sufficient number of rounds; default: all requested ones. */
  readonly rounds?: number;
  /** Starts cold each time, so there is no warm-up. */
  readonly isCold?: boolean;
  /** Ours comes first. Clean-up is registered with `bench.defer`. */
  contenders(bench: Bench): Promise<readonly Contender[]>;
}
