import type { ViolatingRow, Moments, Scope, Severity, Subject } from "../../../mixins/database/invariant.ts";
import type { Databases, KnownService, Shop } from "./databases.ts";

/** A row that disagrees with another service's data. */
export interface Disagreement {
  /** Id of the order or event of both sides. */
  readonly key: string;
  readonly row: ViolatingRow;
}

export type KeySubject =
  | "event"
  | "order"
  | "account"
  | "api-key"
  | "role"
  | "catalogue"
  | "product"
  | "coupon"
  | "merchant"
  | "after-sale"
  | "replacement";

/** An invariant that depends on the installed services. */
export type InvariantOfShop = (shop: Shop) => CrossServiceInvariant;

/**
 * An eventually consistent invariant across services. No consistent snapshot of all databases exists, so
 * disagreeing rows are read again before they count.
 */
export interface CrossServiceInvariant {
  /** Stable: reports, scripts and the documentation refer to it. */
  readonly code: string;
  /** The invariant as a sentence. */
  readonly says: string;
  readonly severity?: Severity;
  /** Services whose data it covers. */
  readonly of: readonly KnownService[];
  /** Type of its keys; pending events about them excuse a disagreement. */
  readonly about: KeySubject;
  /** Tables that yield its keys; a key missing in one of them is found through the others. */
  readonly subjects: readonly (Subject & { readonly service: string })[];
  readonly disagreements: (databases: Databases, scope: Scope, moments: Moments) => Promise<Disagreement[]>;
}
