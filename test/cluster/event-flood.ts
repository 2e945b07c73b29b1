import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceBroker } from "moleculer";
import type { Caller } from "../../services/contract/caller.ts";
import type { ActionName, Input, Result } from "../../services/contract/calls.ts";

const operator: Caller = { kind: "operator", name: "flood" };
const variantsEach = 100;
const clients = 24;
const callWithinMs = 5000;
const afterFailureMs = 100;
/** When there are enough events, clients only keep things moving until the nemesis has done. */
const idlePauseMs = 500;

/** What clients saw. */
export interface FloodFigures {
  /** Events of calls that were answered with success. */
  readonly events: number;
  readonly calls: number;
  readonly failed: number;
  /** The longest time from a failed call to the next success of any. */
  readonly longestFailureMs: number;
  /** Their codes, and how often each was seen. */
  readonly failures: Readonly<Record<string, number>>;
}

export interface FloodOptions {
  readonly broker: ServiceBroker;
  readonly random: () => number;
  /** It ends when at least so many events are known to be committed and `until` is over. */
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

/** A product whose slug and SKUs come from the name; that is one event, and one for each variant. */
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
 * Many clients at once: each creates products with a hundred variants, 101 events in one transaction, and changes stock,
 * one event each. What fails is given up, since the client cannot know whether it was done.
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
    // A product now and then, so that most events, but few calls, are theirs; once there are enough events, none.
    if (seen.events < options.events && random() < 0.04) {
      await createProduct(broker, `flood-${number}`);
      return variantsEach + 1;
    }
    const { id: variantId } = variants[number % variants.length] ?? { id: "" };
    await callAsOperator(broker, "catalog.stock.change", { variantId, kind: "receive", quantity: 1, reason: `flood-${number}` });
    return 1;
  };
  const client = async () => {
    while (nemesis.atWork || seen.events < options.events) {
      seen.calls += 1;
      try {
        const published = await once();
        seen.events += published;
        if (failingSince !== undefined) seen.longestFailureMs = Math.max(seen.longestFailureMs, Date.now() - failingSince);
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
