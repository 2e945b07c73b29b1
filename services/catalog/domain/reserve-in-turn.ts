import type { PricedReservation, ReservationStatus } from "./reservation.ts";
import { holds, isAlive } from "./reservation.ts";
import type { Shortage } from "./shortages.ts";
import { findShortages } from "./shortages.ts";

/** What an order asks for. */
export interface Claim {
  readonly orderId: string;
  /** One a variant. */
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[];
  /** When its caller gives up: milliseconds since 1970, UTC. */
  readonly deadline: number;
}

/** What there is of a variant that is on sale, and what one costs in minor units. */
export interface Shelf {
  readonly onHand: number;
  readonly price: number;
}

/**
 * - `reserved`: by this claim or, for the same lines, by an earlier one of its order
 * - `short`: nothing was reserved
 * - `given-up`: the order's reservation has ended
 * - `different`: the order has reserved something else
 * - `late`: whoever asked does not wait any more, nothing was reserved
 */
export type Verdict =
  | { readonly kind: "reserved"; readonly reservation: PricedReservation }
  | { readonly kind: "short"; readonly shortages: readonly Shortage[] }
  | { readonly kind: "given-up" | "different"; readonly from: ReservationStatus }
  | { readonly kind: "late" };

/**
 * Decides claims one after the other, each on what those before it left. A claim takes all that it asks for or
 * nothing, so that one that fails is none of the others' business.
 *
 * @param shelves by variant; what is not on sale is missing
 * @param known the reservations that the orders have already
 * @returns a verdict for each claim in its order, and the reservations to be added
 */
export function reserveInTurn<C extends Claim>(
  claims: readonly C[],
  shelves: ReadonlyMap<string, Shelf>,
  known: readonly PricedReservation[],
  { now, leaseMs }: { readonly now: number; readonly leaseMs: number },
): { verdicts: Verdict[]; made: { claim: C; reservation: PricedReservation }[] } {
  const left = new Map([...shelves].map(([variantId, { onHand }]) => [variantId, onHand]));
  const reservations = new Map(known.map((reservation) => [reservation.orderId, reservation]));
  const made: { claim: C; reservation: PricedReservation }[] = [];

  const verdicts = claims.map((claim): Verdict => {
    const { orderId, lines, deadline } = claim;
    if (deadline <= now) return { kind: "late" };
    const earlier = reservations.get(orderId);
    if (earlier) return judgeAgain(earlier, lines);
    const shortages = findShortages(lines, left);
    if (shortages.length > 0) return { kind: "short", shortages };
    for (const { variantId, quantity } of lines) left.set(variantId, (left.get(variantId) ?? 0) - quantity);
    const reserved = lines.map((line) => ({ ...line, returned: 0, unitPrice: shelves.get(line.variantId)?.price ?? 0 }));
    const reservation = { orderId, status: "held", leaseUntil: now + leaseMs, lines: reserved } as const;
    reservations.set(orderId, reservation);
    made.push({ claim, reservation });
    return { kind: "reserved", reservation };
  });
  return { verdicts, made };
}

function judgeAgain(reservation: PricedReservation, lines: Claim["lines"]): Verdict {
  if (!isAlive(reservation)) return { kind: "given-up", from: reservation.status };
  if (!holds(reservation, lines)) return { kind: "different", from: reservation.status };
  return { kind: "reserved", reservation };
}
