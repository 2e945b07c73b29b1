import { actorOf } from "../../contract/caller.ts";
import { ShopError } from "../../contract/errors.ts";
import { toTimestamp } from "../../contract/fields.ts";
import { action } from "../catalog.dependencies.ts";
import type { VariantOnSale } from "../data/variant-repository.ts";
import type { PricedReservation } from "../domain/reservation.ts";
import { mergeLines } from "../domain/reservation.ts";

const mostOfOneVariant = 1_000_000;

/**
 * Reads prices and takes stock in one transaction, together with others who come at the same time. Its undo is
 * `release-stock`, or the lease running out.
 */
export const reserveStock = action("catalog.stock.reserve", async (context, { mailbox, currency }) => {
  const { params, caller, deadline, fail } = context;
  const lines = mergeLines(params.lines);
  if (lines.some((line) => line.quantity > mostOfOneVariant)) throw tooMany();

  const request = { orderId: params.orderId, lines, deadline, actor: actorOf(caller) };
  const { verdict, variants } = await mailbox.reserve(request);
  switch (verdict.kind) {
    case "reserved":
      return presentReservation(verdict.reservation, variants, currency);
    case "short":
      throw fail("stock-shortage", undefined, { shortages: verdict.shortages });
    case "given-up":
      throw fail("illegal-transition", undefined, { from: verdict.from });
    case "different":
      throw fail("illegal-transition", "The order has reserved something else", { from: verdict.from });
    case "late":
      throw fail("deadline-exceeded");
  }
});

function presentReservation(
  { lines, leaseUntil }: PricedReservation,
  variants: ReadonlyMap<string, VariantOnSale>,
  currency: string,
) {
  const shown = lines.flatMap(({ variantId, quantity, unitPrice }) => {
    const variant = variants.get(variantId);
    if (!variant) return [];
    const { productId, productName: name, sku, options } = variant;
    const price = { amount: unitPrice, currency };
    return [{ variantId, productId, name, sku, options: { ...options }, quantity, unitPrice: price }];
  });
  return { lines: shown, leaseUntil: toTimestamp(leaseUntil) };
}

function tooMany(): ShopError {
  const message = `must not ask for more than ${mostOfOneVariant} of one variant together`;
  return new ShopError("validation-failed", undefined, { errors: [{ path: "lines", code: "too-big", message }] });
}
