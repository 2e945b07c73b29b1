import type { Result } from "../../mixins/contract/calls.ts";
import type { FigureRow } from "./data/figure-repository.ts";
import type { DayCounts } from "./domain/presence.ts";

type Figures = Omit<Result<"statistics.sales.days">["items"][number], "day">;

export function presentFigures(row: FigureRow, currency: string): Figures {
  const money = (amount: number) => ({ amount, currency });
  return {
    ordersPlaced: row.orders_placed,
    unitsPlaced: row.units_placed,
    grossPlaced: money(row.gross_placed),
    discountPlaced: money(row.discount_placed),
    ordersPaid: row.orders_paid,
    unitsPaid: row.units_paid,
    grossPaid: money(row.gross_paid),
    discountPaid: money(row.discount_paid),
    shippingPaid: money(row.shipping_paid),
    ordersCancelled: row.orders_cancelled,
    ordersExpired: row.orders_expired,
    refunds: row.refunds,
    refunded: money(row.refunded),
    returns: row.returns,
    unitsReturned: row.units_returned,
    returned: money(row.returned),
    revenue: money(row.revenue),
  };
}

/** An id of the figures; null for none. */
export function idOrNull(id: string): string | null {
  return id === "" ? null : id;
}

export function presentUserCounts(counts: DayCounts) {
  const { logins, logouts, revoked, expired, registrations, peak } = counts;
  const ended = { logouts, sessionsRevoked: revoked, sessionsExpired: expired };
  return { logins, ...ended, registrations, peakOnline: peak };
}
