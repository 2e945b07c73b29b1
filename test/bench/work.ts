import type { Answers } from "./load/wrk.ts";
import type { Bench } from "./bench.ts";

/** One side of a comparison. */
export interface Contender {
  /** `ours`, and what it is compared with. */
  readonly name: string;
  readonly processes: ReadonlyMap<string, number>;
  /** Makes what the next measurement for so long uses up; it is not part of it. */
  readonly prepare?: (seconds: number) => Promise<void>;
  /** Puts it under load for so long. `figures` are what else the work tells, by name. */
  readonly measure: (seconds: number) => Promise<Answers & { readonly figures?: Readonly<Record<string, number>> }>;
}

/** A limit is the same everywhere, or other over servers than in one process. */
export type Limit = number | Readonly<Record<"embedded" | "cluster", number>>;

/**
 * What a work is to reach. Ratios are ours to the other one's, within one round; `figure` names one that the work tells
 * besides.
 */
export type Goal =
  | { readonly of: "rate ratio" | "p99 ratio" | "p99 ms"; readonly atLeast?: Limit; readonly atMost?: Limit }
  | { readonly of: "figure"; readonly figure: string; readonly atLeast?: Limit; readonly atMost?: Limit };

/** One thing that is measured. */
export interface Work {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  readonly goals: readonly Goal[];
  /** How many rounds are enough; all that were asked for when absent. */
  readonly rounds?: number;
  /** What it measures begins anew each time: there is nothing to warm up. */
  readonly isCold?: boolean;
  /** Ours comes first. What has to be stopped afterwards is handed to `bench.defer`. */
  contenders(bench: Bench): Promise<readonly Contender[]>;
}
