import type { ChainEnd } from "./chain.ts";

/** What was removed of the chain's beginning because of its age, and the end that stands for it. */
export interface Checkpoint extends ChainEnd {
  /** Position of the first entry that was removed; `position` is that of the last one. */
  readonly from: number;
  /** When the first and the last of what they told of happened. Milliseconds since 1970, UTC. */
  readonly oldest: number;
  readonly newest: number;
}
