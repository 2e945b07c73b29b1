import type { TypedCall } from "../../mixins/contract/calls.ts";
import type { Variants } from "./domain/valuation.ts";

/** The catalogue's maximum per lookup. */
const batch = 100;

/** On whose behalf variants are looked up, and the language of their names; undefined for the default. */
export interface Asker {
  readonly call: TypedCall;
  readonly locale?: string | undefined;
}

interface LookUp extends Asker {
  /** Also look up brands and categories, for a coupon. */
  readonly withScopes?: boolean;
}

/**
 * Looks up current names, prices and stock in the catalogue.
 *
 * @param known variants looked up already, which are skipped
 */
export async function lookUpVariants(
  { call, locale, withScopes = false }: LookUp,
  variantIds: readonly string[],
  known: Variants = new Map(),
): Promise<Variants> {
  const missingIds = [...new Set(variantIds)].filter((id) => !known.has(id));
  const variants = new Map(known);
  for (let start = 0; start < missingIds.length; start += batch)
    for (const variant of await call("catalog.variants.lookup", {
      ids: missingIds.slice(start, start + batch),
      ...(withScopes && { withScopes: true }),
      locale,
    }))
      variants.set(variant.variantId, variant);
  return variants;
}
