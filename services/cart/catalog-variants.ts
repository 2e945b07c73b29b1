import type { TypedCall } from "../contract/calls.ts";
import type { Variants } from "./domain/valuation.ts";

/** As many as the catalogue answers for at once. */
const batch = 100;

/**
 * Asks the catalogue for prices and stock as they are now.
 *
 * @param known answers that are at hand already and are not asked for again
 */
export async function lookUpVariants(
  call: TypedCall,
  variantIds: readonly string[],
  known: Variants = new Map(),
): Promise<Variants> {
  const asked = [...new Set(variantIds)].filter((id) => !known.has(id));
  const variants = new Map(known);
  for (let start = 0; start < asked.length; start += batch)
    for (const variant of await call("catalog.variants.lookup", { ids: asked.slice(start, start + batch) }))
      variants.set(variant.variantId, variant);
  return variants;
}
