import { actorText } from "../../../mixins/contract/caller.ts";
import type { Actor } from "../../../mixins/contract/caller.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { ReservationRepository } from "../data/reservation-repository.ts";
import type { StockRepository } from "../data/stock-repository.ts";
import type { VariantOnSale, VariantRepository } from "../data/variant-repository.ts";
import type { AllocationRequest, AllocationResult } from "../domain/allocate-stock.ts";
import { allocateStock } from "../domain/allocate-stock.ts";
import type { LeaseHolder } from "../domain/reservation.ts";

/** Repositories of a reservation. */
export interface ReservationRepositories {
  readonly variants: VariantRepository;
  readonly stock: StockRepository;
  readonly reservations: ReservationRepository;
}

export interface ReservationRequest extends AllocationRequest {
  readonly actor: Actor;
  readonly settledBy: LeaseHolder;
}

/** Result of a request, with its existing variants. */
export interface ReservationOutcome {
  readonly result: AllocationResult;
  readonly variants: ReadonlyMap<string, VariantOnSale>;
  /** Stock left per variant after the whole batch. */
  readonly remaining: ReadonlyMap<string, number>;
}

/** Another node inserted an order's reservation between two statements; a retry finds it. */
export class ReservationConflict extends Error {
  override name = "ReservationConflict";
}

/**
 * Decides a batch of requests in order and reserves for those that succeed. Each stock account is locked and
 * updated once per batch.
 *
 * @throws ReservationConflict when another node reserved for one of the orders concurrently
 */
export async function reserveBatch(
  requests: readonly ReservationRequest[],
  tx: Tx,
  { variants, stock, reservations, leaseMs }: ReservationRepositories & { readonly leaseMs: number },
): Promise<ReservationOutcome[]> {
  const variantIds = new Set(requests.flatMap(({ lines }) => lines.map(({ variantId }) => variantId)));
  const found = new Map(
    (await variants.withProducts([...variantIds], { tx })).map((variant) => [variant.id, variant]),
  );
  const onSale = [...found.values()].filter(({ isOnSale }) => isOnSale).map(({ id }) => id);
  const accounts = await stock.lock(onSale, tx);
  // Read after the locks are held, to see earlier transactions' effects on the same orders and holders.
  const orderIds = [...new Set(requests.map(({ orderId }) => orderId))];
  const holders = [...new Set(requests.flatMap(({ holder }) => holder?.id ?? []))];
  const { known, holdings } = await reservations.ofOrdersAndHolders(orderIds, holders, [...variantIds], tx);
  const now = Date.now();

  const stockByVariant = new Map(
    accounts.map(({ variantId, onHand }) => [variantId, { onHand, price: found.get(variantId)?.price ?? 0 }]),
  );
  const { results, created, remaining } = allocateStock(requests, stockByVariant, known, {
    now,
    leaseMs,
    holdings,
  });
  if (created.length > 0) {
    if (
      !(await reservations.insert(
        created.map(({ request: { holder, settledBy }, reservation }) => ({
          ...reservation,
          holder: holder?.id ?? null,
          settledBy,
        })),
        now,
        tx,
      ))
    )
      throw new ReservationConflict();
    const notes = created.map(({ request: { orderId, lines, actor } }) => ({
      note: { orderId, reason: null, actor: actorText(actor), at: now },
      lines,
    }));
    if (!(await stock.reserve(notes, accounts, tx))) throw new Error("a locked stock account has changed");
  }
  return results.map((result) => ({ result, variants: found, remaining }));
}
