import type { DatabaseState } from "./books.ts";
import type { History } from "./history.ts";

/**
 * Checks that the ledger has each acknowledged delivery and correction once, and no refused one. A retry
 * after the session's end keeps its reason.
 */
export function compareStock(history: Pick<History, "of">, state: DatabaseState): string[] {
  const entries = Map.groupBy(state.stockChanges, ({ reason }) => reason);
  const wishes = Map.groupBy(
    history.of("catalog.stock.change"),
    ({ params }) => `${params.reason} of ${params.variantId}`,
  );
  return [...wishes.values()].flatMap((asked) => {
    const [{ number, params }] = asked as [(typeof asked)[number]];
    const { reason, variantId, quantity } = params;
    const found = (entries.get(reason) ?? []).filter((entry) => entry.variantId === variantId);
    const outcomes = new Set(asked.map(({ outcome }) => outcome));
    const name = `#${number} stock change "${reason}" of ${variantId}`;
    if (found.some((entry) => entry.quantity !== quantity))
      return [`${name} by ${quantity} is kept with another quantity`];
    if (found.length > 1) return [`${name} happened ${found.length} times`];
    if (outcomes.has("ok") && found.length === 0) return [`${name} was acknowledged and is not there`];
    if (outcomes.size === 1 && outcomes.has("failed") && found.length > 0)
      return [`${name} was refused and is there`];
    return [];
  });
}

/** Checks that each confirmed account exists. */
export function compareAccounts(history: Pick<History, "of">, state: DatabaseState): string[] {
  const accounts = new Set(state.accounts);
  return history
    .of("users.register")
    .filter(({ outcome, params }) => outcome === "ok" && !accounts.has(params.email))
    .map(
      ({ number, params }) => `#${number} the account of ${params.email} was acknowledged and is not there`,
    );
}
