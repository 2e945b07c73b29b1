import { actorOf } from "../../contract/caller.ts";
import { ShopError } from "../../contract/errors.ts";
import { toTimestamp } from "../../contract/fields.ts";
import { action } from "../catalog.dependencies.ts";
import type { PricedReservation } from "../data/reservation-repository.ts";
import type { VariantOnSale } from "../data/variant-repository.ts";
import { actorText } from "../domain/actor-text.ts";
import { holds, isAlive, mergeLines } from "../domain/reservation.ts";
import { findShortages } from "../domain/shortages.ts";

const mostOfOneVariant = 1_000_000;

/** Reads prices and takes stock in one transaction. Its undo is `release-stock`, or the lease running out. */
export const reserveStock = action("catalog.stock.reserve", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { reservations, variants, stock, currency, leaseMs } = dependencies;
  const { orderId } = params;
  const lines = mergeLines(params.lines);
  if (lines.some((line) => line.quantity > mostOfOneVariant)) throw tooMany();
  const leaseUntil = now + leaseMs;
  const note = { orderId, reason: null, actor: actorText(actorOf(caller)), at: now };

  return transaction(async (tx) => {
    const isFirst = await reservations.start(orderId, leaseUntil, now, tx);
    const found = await variants.withProducts(lines.map((line) => line.variantId), tx);
    const onSale = new Map(found.filter((variant) => variant.published).map((variant) => [variant.id, variant]));
    if (!isFirst) {
      const first = await reservations.lock(orderId, tx);
      if (!first || !isAlive(first)) throw fail("illegal-transition", undefined, { from: first?.status });
      if (!holds(first, lines))
        throw fail("illegal-transition", "The order has reserved something else", { from: first.status });
      return presentReservation(first, found, currency);
    }

    const moves = lines
      .filter((line) => onSale.has(line.variantId))
      .map(({ variantId, quantity }) => ({ variantId, steps: [{ kind: "reserve" as const, quantity }] }));
    const refused = await stock.move(moves, note, tx);
    const shortages = findShortages(lines, new Set(onSale.keys()), await stock.byVariants(refused, tx));
    if (shortages.length > 0) throw fail("stock-shortage", undefined, { shortages });

    const reserved = lines.map((line) => ({
      ...line,
      returned: 0,
      unitPrice: onSale.get(line.variantId)?.price ?? 0,
    }));
    await reservations.addLines(orderId, reserved, tx);
    return presentReservation({ orderId, status: "held", leaseUntil, lines: reserved }, found, currency);
  });
});

function presentReservation(reservation: PricedReservation, variants: readonly VariantOnSale[], currency: string) {
  const byId = new Map(variants.map((variant) => [variant.id, variant]));
  const lines = reservation.lines.flatMap(({ variantId, quantity, unitPrice }) => {
    const variant = byId.get(variantId);
    if (!variant) return [];
    const { productId, productName: name, sku, options } = variant;
    const price = { amount: unitPrice, currency };
    return [{ variantId, productId, name, sku, options: { ...options }, quantity, unitPrice: price }];
  });
  return { lines, leaseUntil: toTimestamp(reservation.leaseUntil) };
}

function tooMany(): ShopError {
  const message = `must not ask for more than ${mostOfOneVariant} of one variant together`;
  return new ShopError("validation-failed", undefined, { errors: [{ path: "lines", code: "too-big", message }] });
}
