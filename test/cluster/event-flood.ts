import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceBroker } from "moleculer";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";

const operator: Caller = { kind: "operator", name: "flood" };
const variantsEach = 100;
const clients = 24;
const callWithinMs = 5000;
const afterFailureMs = 100;
/** After enough events, clients only keep up a low rate until the nemesis has finished. */
const idlePauseMs = 500;

/** Client statistics. */
export interface FloodFigures {
  /** Events of successful calls. */
  readonly events: number;
  readonly calls: number;
  readonly failed: number;
  /** Longest time from a failed call to the next success. */
  readonly longestFailureMs: number;
  /** Error codes with their counts. */
  readonly failures: Readonly<Record<string, number>>;
}

export interface FloodOptions {
  readonly broker: ServiceBroker;
  readonly random: () => number;
  /** Ends when this many events are known to be committed and `until` has resolved. */
  readonly events: number;
  readonly until: Promise<void>;
}

export async function callAsOperator<N extends ActionName>(
  broker: ServiceBroker,
  name: N,
  params: Input<N>,
  requestID?: string,
): Promise<Result<N>> {
  const options = { meta: { caller: operator }, timeout: callWithinMs, ...(requestID ? { requestID } : {}) };
  return broker.call<Result<N>, Input<N>>(name, params, options);
}

/** A product with slug and SKUs derived from the name: one event, and one per variant. */
export async function createProduct(broker: ServiceBroker, name: string, variants = variantsEach) {
  const skus = Array.from({ length: variants }, (_, index) => `${name}-${index}`.toUpperCase());
  const slug = name.toLowerCase();
  return callAsOperator(broker, "catalog.products.create", {
    slug,
    name,
    variants: skus.map((sku, index) => ({ sku, priceMinor: 100, options: { number: String(index) } })),
  });
}

/**
 * Concurrent clients that create products with a hundred variants, 101 events per transaction, and change
 * stock, one event each. Failures are not retried, since their outcome is unknown.
 */
export async function flood(options: FloodOptions): Promise<FloodFigures> {
  const { broker, random } = options;
  const { variants } = await createProduct(broker, "stocked");
  const seen = { events: variants.length + 1, calls: 0, failed: 0, longestFailureMs: 0 };
  const failures: Record<string, number> = {};
  let number = 0;
  let failingSince: number | undefined;
  const nemesis = { atWork: true };

  const once = async () => {
    number += 1;
    // Occasional products yield most events with few calls; none once there are enough events.
    if (seen.events < options.events && random() < 0.04) {
      await createProduct(broker, `flood-${number}`);
      return variantsEach + 1;
    }
    const { id: variantId } = variants[number % variants.length] ?? { id: "" };
    await callAsOperator(broker, "catalog.stock.change", {
      variantId,
      kind: "receive",
      quantity: 1,
      reason: `flood-${number}`,
    });
    return 1;
  };
  const client = async () => {
    while (nemesis.atWork || seen.events < options.events) {
      seen.calls += 1;
      try {
        const published = await once();
        seen.events += published;
        if (failingSince !== undefined)
          seen.longestFailureMs = Math.max(seen.longestFailureMs, Date.now() - failingSince);
        failingSince = undefined;
        if (seen.events > options.events) await sleep(idlePauseMs);
      } catch (error) {
        seen.failed += 1;
        failingSince ??= Date.now();
        const code = error instanceof Error && "type" in error ? String(error.type) : String(error);
        failures[code] = (failures[code] ?? 0) + 1;
        await sleep(afterFailureMs);
      }
    }
  };
  await Promise.all([
    options.until.finally(() => (nemesis.atWork = false)),
    ...Array.from({ length: clients }, client),
  ]);
  return { ...seen, failures };
}
