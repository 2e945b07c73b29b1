import type { Found } from "./search-engine.ts";

/** What was found, with products that staff pinned to the search in front. */
export function withPinned(found: Found, pinned: readonly string[]): Found {
  if (pinned.length === 0) return found;
  return { ...found, productIds: [...new Set([...pinned, ...found.productIds])] };
}
