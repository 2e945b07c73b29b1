import type { DatabaseComparison } from "./books.ts";
import type { Figures } from "./tally.ts";

/** Result of one fault. */
export interface FaultRun extends Figures {
  /** Time until the other machine had the address; undefined when it did not have to move. */
  readonly movedAfterMs: number | undefined;
  readonly noFailures: readonly string[];
}

export interface Result {
  readonly episodes: readonly FaultRun[];
  readonly comparison: DatabaseComparison;
  /** Goals that were missed, each a sentence. */
  readonly missed: readonly string[];
}
