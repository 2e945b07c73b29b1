import type { PricedReservation, ReservationStatus } from "./reservation.ts";
import { hasLines, isActive } from "./reservation.ts";
import type { Shortage } from "./shortages.ts";
import { findShortages } from "./shortages.ts";

/** An order's request for stock. */
export interface AllocationRequest {
  readonly orderId: string;
  /** One per variant. */
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[];
  /** The customer, and the maximum of one variant that unpaid reservations may hold for them. */
  readonly holder?: { readonly id: string; readonly maxUnits: number } | undefined;
  /** Deadline of the caller in milliseconds since the Unix epoch. */
  readonly deadline: number;
}

/** Available quantity of a variant on sale, and its unit price in minor units. */
export interface Stock {
  readonly onHand: number;
  readonly price: number;
}

/** Quantity of a variant that unpaid reservations hold for a customer. */
export interface Holding {
  readonly holder: string;
  readonly variantId: string;
  readonly quantity: number;
}

/**
 * Result of an allocation request. Only `reserved` reserves stock.
 * - `reserved`: by this request or, for the same lines, an earlier one of its order
 * - `short`: insufficient stock
 * - `too-many`: exceeds the holder's maximum of a variant
 * - `released`: the order's reservation has ended
 * - `mismatch`: the order holds a different reservation
 * - `expired`: the caller's deadline has passed
 */
export type AllocationResult =
  | { readonly kind: "reserved"; readonly reservation: PricedReservation }
  | { readonly kind: "short"; readonly shortages: readonly Shortage[] }
  | { readonly kind: "too-many"; readonly variantId: string; readonly limit: number }
  | { readonly kind: "released" | "mismatch"; readonly from: ReservationStatus }
  | { readonly kind: "expired" };

/**
 * Decides requests in order, each on the stock left by those before it. A request gets all of its lines or
 * none, so a failing one does not affect the others.
 *
 * @param stock by variant; variants not on sale are missing
 * @param known existing reservations of the orders
 * @param holdings quantities held for holders already
 * @returns a verdict per request, the reservations to insert, and the stock left per variant
 */
export function allocateStock<C extends AllocationRequest>(
  requests: readonly C[],
  stock: ReadonlyMap<string, Stock>,
  known: readonly PricedReservation[],
  {
    now,
    leaseMs,
    holdings = [],
  }: { readonly now: number; readonly leaseMs: number; readonly holdings?: readonly Holding[] },
): {
  results: AllocationResult[];
  created: { request: C; reservation: PricedReservation }[];
  remaining: ReadonlyMap<string, number>;
} {
  const remaining = new Map([...stock].map(([variantId, { onHand }]) => [variantId, onHand]));
  const reservations = new Map(known.map((reservation) => [reservation.orderId, reservation]));
  const held = new Map(
    holdings.map(({ holder, variantId, quantity }) => [`${holder} ${variantId}`, quantity]),
  );
  const heldFor = (holder: string, variantId: string) => held.get(`${holder} ${variantId}`) ?? 0;
  const created: { request: C; reservation: PricedReservation }[] = [];

  const results = requests.map((request): AllocationResult => {
    const { orderId, lines, deadline, holder } = request;
    if (deadline <= now) return { kind: "expired" };
    const earlier = reservations.get(orderId);
    if (earlier) return repeatAllocation(earlier, lines);
    const exceeding =
      holder && lines.find((line) => heldFor(holder.id, line.variantId) + line.quantity > holder.maxUnits);
    if (exceeding) return { kind: "too-many", variantId: exceeding.variantId, limit: holder.maxUnits };
    const shortages = findShortages(lines, remaining);
    if (shortages.length > 0) return { kind: "short", shortages };
    for (const { variantId, quantity } of lines) {
      remaining.set(variantId, (remaining.get(variantId) ?? 0) - quantity);
      if (holder) held.set(`${holder.id} ${variantId}`, heldFor(holder.id, variantId) + quantity);
    }
    const reserved = lines.map((line) => ({
      ...line,
      returned: 0,
      unitPrice: stock.get(line.variantId)?.price ?? 0,
    }));
    const reservation = { orderId, status: "held", leaseUntil: now + leaseMs, lines: reserved } as const;
    reservations.set(orderId, reservation);
    created.push({ request, reservation });
    return { kind: "reserved", reservation };
  });
  return { results, created, remaining };
}

function repeatAllocation(
  reservation: PricedReservation,
  lines: AllocationRequest["lines"],
): AllocationResult {
  if (!isActive(reservation)) return { kind: "released", from: reservation.status };
  if (!hasLines(reservation, lines)) return { kind: "mismatch", from: reservation.status };
  return { kind: "reserved", reservation };
}
