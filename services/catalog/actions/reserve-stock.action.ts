import { actorOf } from "../../../mixins/contract/caller.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../catalog.dependencies.ts";
import type { CategoryAncestry } from "../data/category-ancestry.ts";
import { scopesOf } from "../scopes-of.ts";
import type { VariantOnSale } from "../data/variant-repository.ts";
import type { PricedReservation } from "../domain/reservation.ts";
import { mergeLines } from "../domain/reservation.ts";

const maxPerVariant = 1_000_000;

/**
 * Reads prices and reserves stock in one transaction, batched with concurrent requests. `release-stock` or
 * the expiry of the lease compensates it.
 */
export const reserveStock = action(
  "catalog.stock.reserve",
  async (context, { reservationBatcher, ancestry, currency }) => {
    const { params, caller, deadline, fail } = context;
    const lines = mergeLines(params.lines);
    if (lines.some((line) => line.quantity > maxPerVariant)) throw tooMany();

    const request = {
      orderId: params.orderId,
      lines,
      holder: params.holder,
      settledBy: params.settledBy,
      deadline,
      actor: actorOf(caller),
    };
    const { result, variants, remaining } = await reservationBatcher.reserve(request);
    switch (result.kind) {
      case "reserved":
        return {
          ...(await presentReservation(result.reservation, variants, currency, ancestry)),
          scarce: lines.some(({ variantId, quantity }) => (remaining.get(variantId) ?? 0) < quantity),
        };
      case "short":
        throw fail("stock-shortage", undefined, { shortages: result.shortages });
      case "too-many":
        throw fail("too-many-unpaid-orders", undefined, {
          of: "units",
          variantId: result.variantId,
          limit: result.limit,
        });
      case "released":
        throw fail("illegal-transition", undefined, { from: result.from });
      case "mismatch":
        throw fail("illegal-transition", "The order already holds a different reservation", {
          from: result.from,
        });
      case "expired":
        throw fail("deadline-exceeded");
    }
  },
);

async function presentReservation(
  { lines, leaseUntil }: PricedReservation,
  variants: ReadonlyMap<string, VariantOnSale>,
  currency: string,
  ancestry: CategoryAncestry,
) {
  const shown = lines.flatMap(({ variantId, quantity, unitPrice }) => {
    const variant = variants.get(variantId);
    return variant ? [{ variant, quantity, unitPrice: { amount: unitPrice, currency } }] : [];
  });
  const scopeOf = await scopesOf(
    shown.map(({ variant }) => variant),
    ancestry,
  );
  return {
    lines: shown.map(({ variant, quantity, unitPrice }) => ({
      variantId: variant.id,
      productId: variant.productId,
      merchantId: variant.merchantId,
      ...scopeOf(variant),
      name: variant.name,
      sku: variant.sku,
      options: { ...variant.options },
      quantity,
      unitPrice,
      weightGrams: variant.weightGrams,
    })),
    leaseUntil: toTimestamp(leaseUntil),
  };
}

function tooMany(): ShopError {
  const message = `must not exceed ${maxPerVariant} of one variant in total`;
  return new ShopError("validation-failed", undefined, {
    errors: [{ path: "lines", code: "too-big", message }],
  });
}
