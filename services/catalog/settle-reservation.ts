import type { Tx } from "../../mixins/database/database.ts";
import type { CatalogDependencies } from "./catalog.dependencies.ts";
import type { MoveNote } from "./data/stock-repository.ts";
import type { OrderNews } from "./domain/reservation.ts";
import { settle } from "./domain/reservation.ts";

/**
 * Does to a reservation and its stock what news of its order mean for it; hearing them again changes nothing.
 *
 * @throws Error when the news contradict what became of the reservation, or the order has none though it was placed
 */
export async function settleReservation(
  orderId: string,
  news: OrderNews,
  note: Omit<MoveNote, "orderId">,
  tx: Tx,
  { reservations, stock }: Pick<CatalogDependencies, "reservations" | "stock">,
): Promise<void> {
  const [reservation] = await reservations.lock([orderId], tx);
  if (!reservation) {
    if (news === "abandoned") return;
    throw new Error(`order ${orderId} was ${news}, but it has no reservation`);
  }
  const settlement = settle(reservation, news);
  if (!settlement) return;
  if (!(await reservations.settle(orderId, reservation.status, settlement.to, note.at, tx))) return;
  const refused = await stock.move(settlement.moves, { ...note, orderId }, tx);
  if (refused.length > 0) throw new Error(`stock of ${refused.join(", ")} does not hold what order ${orderId} reserved`);
}
