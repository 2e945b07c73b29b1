import type { ChainEnd } from "./chain.ts";

/** A removed range at the start of the chain, and the end that replaces it. */
export interface Checkpoint extends ChainEnd {
  /** Position of the first removed entry; `position` is that of the last. */
  readonly from: number;
  /** Time of the earliest removed event, in milliseconds since the Unix epoch. */
  readonly oldest: number;
  readonly newest: number;
}
