import type { DataService } from "../../../config/database.ts";
import type { BrokenRow, Moments, Scope, Severity, Subject } from "../../../mixins/database/invariant.ts";
import type { Databases } from "./databases.ts";

/** A row of one service that does not agree with what another one has. */
export interface Disagreement {
  /** Of the order, or of the event, that both are about. */
  readonly key: string;
  readonly row: BrokenRow;
}

/**
 * Something that the data of several services together always come to, once every event has arrived. No moment's data
 * of all services can be had at once, so what disagrees is looked at again before it counts.
 */
export interface SharedInvariant {
  /** Stable: reports, scripts and the documentation name it. */
  readonly code: string;
  /** What is always so, as a sentence. */
  readonly says: string;
  readonly severity?: Severity;
  /** Whose data it speaks of. */
  readonly of: readonly DataService[];
  /** What keys are of; news of it may be on their way. */
  readonly about: "order" | "event";
  /** Where it has its keys from; what is in one of them and lacks in another is found too. */
  readonly subjects: readonly (Subject & { readonly service: DataService })[];
  readonly disagreements: (databases: Databases, scope: Scope, moments: Moments) => Promise<Disagreement[]>;
}
