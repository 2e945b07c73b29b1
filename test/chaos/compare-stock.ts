import type { Books } from "./books.ts";
import type { History } from "./history.ts";

/**
 * Whether the ledger has each delivery and correction that was acknowledged, once, and none that was refused. One that
 * is asked for again, because the first time the session had ended, keeps its reason.
 */
export function compareStock(history: Pick<History, "of">, books: Books): string[] {
  const entries = Map.groupBy(books.stockChanges, ({ reason }) => reason);
  const wishes = Map.groupBy(history.of("catalog.stock.change"), ({ params }) => `${params.reason} of ${params.variantId}`);
  return [...wishes.values()].flatMap((asked) => {
    const [{ number, params }] = asked as [(typeof asked)[number]];
    const { reason, variantId, quantity } = params;
    const found = (entries.get(reason) ?? []).filter((entry) => entry.variantId === variantId);
    const outcomes = new Set(asked.map(({ outcome }) => outcome));
    const name = `#${number} stock change "${reason}" of ${variantId}`;
    if (found.some((entry) => entry.quantity !== quantity)) return [`${name} by ${quantity} is kept with another quantity`];
    if (found.length > 1) return [`${name} happened ${found.length} times`];
    if (outcomes.has("ok") && found.length === 0) return [`${name} was acknowledged and is not there`];
    if (outcomes.size === 1 && outcomes.has("failed") && found.length > 0) return [`${name} was refused and is there`];
    return [];
  });
}

/** Whether whoever was told that they have an account has one. */
export function compareAccounts(history: Pick<History, "of">, books: Books): string[] {
  const accounts = new Set(books.accounts);
  return history
    .of("users.register")
    .filter(({ outcome, params }) => outcome === "ok" && !accounts.has(params.email))
    .map(({ number, params }) => `#${number} the account of ${params.email} was acknowledged and is not there`);
}
