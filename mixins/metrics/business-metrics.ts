import type { ServiceBroker } from "moleculer";
import type { EventName, EventPayload } from "../../services/contract/calls.ts";
import type { Database } from "../database/database.ts";
import { Counts } from "./counts.ts";
import { metricsOf } from "./metrics.ts";

/** A number of the shop's business. It counts what this node's transactions have committed, not what is in tables. */
export interface BusinessMetric {
  /** Ends in `_total`. */
  readonly name: string;
  readonly help: string;
  /** What its parts are told apart by. */
  readonly label: string;
  /** Parts that are told also while nothing has been counted. */
  readonly from?: readonly string[];
  /** How much an event of each name adds, and to which part. */
  readonly counts: { readonly [N in EventName]?: (payload: EventPayload<N>) => Counted };
}

interface Counted {
  readonly part: string;
  readonly by: number;
}

/** From now on counts what the service publishes. Nothing where nothing is measured. */
export function countBusiness(broker: ServiceBroker, database: Database, definitions: readonly BusinessMetric[]): void {
  const metrics = metricsOf(broker);
  if (!metrics) return;
  for (const { name, help, label, from, counts } of definitions) {
    const totals = new Counts(from);
    metrics.add({ name, help, type: "counter", read: () => totals.samples(label) });
    database.onPublished((events) => {
      for (const event of events) {
        const measure = counts[event.name] as ((payload: EventPayload<EventName>) => Counted) | undefined;
        const counted = measure?.(event.payload);
        if (counted) totals.add(counted.part, counted.by);
      }
    });
  }
}
