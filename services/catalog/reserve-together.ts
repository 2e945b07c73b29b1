import { isProtectedBy } from "../../config/protections.ts";
import type { Actor } from "../contract/caller.ts";
import type { Tx } from "../../mixins/database/database.ts";
import type { ReservationRepositories } from "./catalog.dependencies.ts";
import type { VariantOnSale } from "./data/variant-repository.ts";
import { actorText } from "./domain/actor-text.ts";
import type { Claim, Verdict } from "./domain/reserve-in-turn.ts";
import { reserveInTurn } from "./domain/reserve-in-turn.ts";

export interface ReservationRequest extends Claim {
  readonly actor: Actor;
}

/** What became of a request, with the variants that it names, as far as they exist. */
export interface ReservationOutcome {
  readonly verdict: Verdict;
  readonly variants: ReadonlyMap<string, VariantOnSale>;
}

/** An order has got its reservation elsewhere between two statements; whoever looks again finds it. */
export class ReservedMeanwhile extends Error {
  override name = "ReservedMeanwhile";
}

/**
 * Decides requests in their order and reserves for all that can be served. Each stock account is locked and changed
 * once, whoever wants some of it.
 *
 * @throws ReservedMeanwhile when another node reserved for one of the orders at the same moment
 */
export async function reserveTogether(
  requests: readonly ReservationRequest[],
  tx: Tx,
  { variants, stock, reservations, leaseMs }: ReservationRepositories & { readonly leaseMs: number },
): Promise<ReservationOutcome[]> {
  const wanted = new Set(requests.flatMap(({ lines }) => lines.map(({ variantId }) => variantId)));
  const found = new Map((await variants.withProducts([...wanted], tx)).map((variant) => [variant.id, variant]));
  const onSale = [...found.values()].filter(({ published }) => published).map(({ id }) => id);
  const accounts = await stock.lock(onSale, tx);
  // Only now: who waited for the locks sees what those before it did, also for the same orders.
  const known = await reservations.ofOrders([...new Set(requests.map(({ orderId }) => orderId))], tx);
  const now = Date.now();

  const shelves = new Map(
    accounts.map(({ variantId, onHand }) => [
      variantId,
      { onHand: isProtectedBy("stock-condition") ? onHand : Number.MAX_SAFE_INTEGER, price: found.get(variantId)?.price ?? 0 },
    ]),
  );
  const { verdicts, made } = reserveInTurn(requests, shelves, known, { now, leaseMs });
  if (made.length > 0) {
    if (!(await reservations.insert(made.map(({ reservation }) => reservation), now, tx))) throw new ReservedMeanwhile();
    const notes = made.map(({ claim: { orderId, lines, actor } }) => ({
      note: { orderId, reason: null, actor: actorText(actor), at: now },
      lines,
    }));
    if (!(await stock.reserve(notes, tx))) throw new Error("a locked stock account has changed");
  }
  return verdicts.map((verdict) => ({ verdict, variants: found }));
}
