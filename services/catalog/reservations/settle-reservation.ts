import type { Tx } from "../../../mixins/database/database.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";
import type { MoveNote } from "../data/stock-repository.ts";
import type { OrderEvent } from "../domain/reservation.ts";
import { settle } from "../domain/reservation.ts";

/**
 * Applies an order event to its reservation and stock. Idempotent.
 *
 * @throws Error when the event contradicts the reservation's status, or a placed order has no reservation
 */
export async function settleReservation(
  orderId: string,
  event: OrderEvent,
  note: Omit<MoveNote, "orderId">,
  tx: Tx,
  { reservations, stock }: Pick<CatalogDependencies, "reservations" | "stock">,
): Promise<void> {
  const [reservation] = await reservations.lock([orderId], tx);
  if (!reservation) {
    if (event === "abandoned") return;
    throw new Error(`order ${orderId} was ${event}, but it has no reservation`);
  }
  const settlement = settle(reservation, event);
  if (!settlement) return;
  if (!(await reservations.settle(orderId, reservation.status, settlement.to, note.at, tx))) return;
  const refused = await stock.move(settlement.moves, { ...note, orderId }, tx);
  if (refused.length > 0)
    throw new Error(`stock of ${refused.join(", ")} is less than order ${orderId} reserved`);
}
