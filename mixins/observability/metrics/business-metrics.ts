import type { ServiceBroker } from "moleculer";
import type { EventName, EventPayload } from "../../contract/calls.ts";
import type { Database } from "../../database/database.ts";
import { Counts } from "./counts.ts";
import { metricsOf } from "./metrics.ts";

/** A business metric. Counts the events that this node's transactions commit, not table rows. */
export interface BusinessMetric {
  /** Ends in `_total`. */
  readonly name: string;
  readonly help: string;
  /** Label that distinguishes its parts. */
  readonly label: string;
  /** Parts that are exported even at zero. */
  readonly initialParts?: readonly string[];
  /** By event name: which part to increase, and by how much. */
  readonly counts: { readonly [N in EventName]?: (payload: EventPayload<N>) => Counted };
}

interface Counted {
  readonly part: string;
  readonly by: number;
}

/** Starts counting a service's published events. No-op without metrics. */
export function countBusiness(
  broker: ServiceBroker,
  database: Database,
  definitions: readonly BusinessMetric[],
): void {
  const metrics = metricsOf(broker);
  if (!metrics) return;
  for (const { name, help, label, initialParts, counts } of definitions) {
    const totals = new Counts(initialParts);
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
