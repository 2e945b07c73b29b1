import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import { mergeLines } from "../domain/reservation.ts";
import type {
  MovementKind,
  StockAccount,
  StockMove,
  StockStep,
  AvailabilityChange,
} from "../domain/stock-account.ts";
import { netChange, availabilityChange } from "../domain/stock-account.ts";

/** A row of the ledger. */
export interface StockMovement extends StockStep, MoveNote {
  readonly id: string;
  readonly variantId: string;
}

/** Reason of a stock movement in the ledger. */
export interface MoveNote {
  readonly orderId: string | null;
  readonly reason: string | null;
  /** `user:<id>`, `system:<name>` or `operator:<name>`. */
  readonly actor: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Lines of one reservation, with the reason. */
export interface StockReservation {
  readonly note: MoveNote;
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[];
}

type MovementRow = {
  id: string;
  variant_id: string;
  kind: MovementKind;
  quantity: number;
  reason: string | null;
  order_id: string | null;
  actor: string;
  created_at: number;
};

const accounts =
  "SELECT variant_id AS variantId, on_hand AS onHand, reserved, sold, returned, received FROM stock";

/**
 * Stock accounts and their ledger. Every change of an account writes its ledger row, so the two always agree.
 */
export class StockRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byVariant(variantId: string, tx?: Tx): Promise<StockAccount | undefined> {
    const [account] = await this.byVariants([variantId], tx);
    return account;
  }

  async byVariants(variantIds: readonly string[], tx?: Tx): Promise<StockAccount[]> {
    if (variantIds.length === 0) return [];
    return this.#database.select<StockAccount>(`${accounts} WHERE variant_id IN (?)`, [variantIds], tx);
  }

  /**
   * Applies stock movements and records them. Conditional updates in the order of variant ids prevent
   * overselling and deadlocks.
   *
   * @returns variants whose account is missing or insufficient; the others have moved, so roll back unless it
   *   is empty
   */
  async move(moves: readonly StockMove[], note: MoveNote, tx: Tx): Promise<string[]> {
    const refused: string[] = [];
    for (const move of moves.toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1)))
      if (!(await this.#change(move, tx))) refused.push(move.variantId);
    if (refused.length > 0) return refused;
    await this.#record(
      moves.map((move) => ({ ...note, ...move })),
      tx,
    );
    await this.#countStocked(await this.#availabilityChanges(moves, tx), tx);
    return refused;
  }

  /** Reads accounts and locks them until the transaction ends. */
  async lock(variantIds: readonly string[], tx: Tx): Promise<StockAccount[]> {
    if (variantIds.length === 0) return [];
    return this.#database.select<StockAccount>(
      `${accounts} WHERE variant_id IN (?) ORDER BY variant_id${this.#database.forUpdate}`,
      [variantIds],
      tx,
    );
  }

  /**
   * Reserves for many orders on locked accounts: one update per account, one ledger row per order and
   * variant.
   *
   * @param accounts as read under the lock
   * @returns false when an account is insufficient; then roll back
   */
  async reserve(
    reservations: readonly StockReservation[],
    accounts: readonly StockAccount[],
    tx: Tx,
  ): Promise<boolean> {
    const onHand = new Map(accounts.map((account) => [account.variantId, account.onHand]));
    const totals = mergeLines(reservations.flatMap(({ lines }) => lines));
    // Totals are mostly small and equal, so accounts with the same change share one statement.
    for (const [quantity, lines] of Map.groupBy(totals, (line) => line.quantity)) {
      const variantIds = lines.map(({ variantId }) => variantId);
      const changed = await this.#database.execute(
        "UPDATE stock SET on_hand = on_hand - ?, reserved = reserved + ? WHERE variant_id IN (?) AND on_hand - ? >= 0",
        [quantity, quantity, variantIds, quantity],
        tx,
      );
      if (changed !== variantIds.length) return false;
    }
    const moves = reservations.flatMap(({ note, lines }) =>
      lines.map(({ variantId, quantity }) => ({
        ...note,
        variantId,
        steps: [{ kind: "reserve" as const, quantity }],
      })),
    );
    await this.#record(moves, tx);
    const soldOut = totals.filter(
      ({ variantId, quantity }) => availabilityChange(onHand.get(variantId) ?? 0, -quantity) !== 0,
    );
    await this.#countStocked(new Map(soldOut.map(({ variantId }) => [variantId, -1])), tx);
    return true;
  }

  /** Opens accounts of new variants with their opening stock. */
  async open(opening: ReadonlyMap<string, number>, note: MoveNote, tx: Tx): Promise<void> {
    const variantIds = [...opening.keys()].sort();
    if (variantIds.length === 0) return;
    const received = (variantId: string) => opening.get(variantId) ?? 0;
    await this.#database.execute(
      `INSERT INTO stock (variant_id, on_hand, reserved, sold, returned, received)
       VALUES ${variantIds.map(() => "(?, ?, 0, 0, 0, ?)").join(", ")}`,
      variantIds.flatMap((variantId) => [variantId, received(variantId), received(variantId)]),
      tx,
    );
    const moves = variantIds
      .filter((variantId) => received(variantId) > 0)
      .map((variantId) => ({
        variantId,
        steps: [{ kind: "receive" as const, quantity: received(variantId) }],
      }));
    await this.#record(
      moves.map((move) => ({ ...note, ...move })),
      tx,
    );
    await this.#countStocked(new Map(moves.map(({ variantId }) => [variantId, 1])), tx);
  }

  async movements(
    variantId: string,
    kind: MovementKind | undefined,
    request: PageRequest,
  ): Promise<Page<StockMovement>> {
    return readKeysetPage<MovementRow, StockMovement>(this.#database, {
      columns: "id, variant_id, kind, quantity, reason, order_id, actor, created_at",
      from: "stock_movements",
      where: { "variant_id = ?": variantId, "kind = ?": kind },
      sortColumns: { at: "created_at" },
      request,
      present: fromRow,
    });
  }

  /**
   * True when any of the variants ever had stock. Locks them, so none gets any until the transaction ends.
   */
  async lockIfUsed(variantIds: readonly string[], tx: Tx): Promise<boolean> {
    if (variantIds.length === 0) return false;
    await this.lock(variantIds, tx);
    const sql = "SELECT id FROM stock_movements WHERE variant_id IN (?) LIMIT 1";
    return (await this.#database.select(sql, [variantIds], tx)).length > 0;
  }

  async #change({ variantId, steps }: StockMove, tx: Tx): Promise<boolean> {
    const { onHand, reserved, sold, returned, received } = netChange(steps);
    const changed = await this.#database.execute(
      `UPDATE stock SET on_hand = on_hand + ?, reserved = reserved + ?, sold = sold + ?, returned = returned + ?,
         received = received + ?
       WHERE variant_id = ? AND on_hand + ? >= 0 AND reserved + ? >= 0`,
      [onHand, reserved, sold, returned, received, variantId, onHand, reserved],
      tx,
    );
    return changed === 1;
  }

  /** Variants that the applied movements brought into stock (1) or sold out (-1). */
  async #availabilityChanges(moves: readonly StockMove[], tx: Tx): Promise<Map<string, AvailabilityChange>> {
    const changes = moves
      .map(({ variantId, steps }) => ({ variantId, by: netChange(steps).onHand }))
      .filter(({ by }) => by !== 0);
    if (changes.length === 0) return new Map();
    const accounts = await this.#database.select<{ variant_id: string; on_hand: number }>(
      "SELECT variant_id, on_hand FROM stock WHERE variant_id IN (?)",
      [changes.map(({ variantId }) => variantId)],
      tx,
    );
    const onHand = new Map(accounts.map((account) => [account.variant_id, account.on_hand]));
    return new Map(
      changes.map(({ variantId, by }) => [
        variantId,
        availabilityChange((onHand.get(variantId) ?? 0) - by, by),
      ]),
    );
  }

  /**
   * Maintains each product's number of variants in stock. Updates a product only when a variant gets its
   * first unit or loses its last, so buyers of one product rarely contend for its row.
   */
  async #countStocked(changesByVariant: ReadonlyMap<string, AvailabilityChange>, tx: Tx): Promise<void> {
    const variantIds = [...changesByVariant].filter(([, by]) => by !== 0).map(([variantId]) => variantId);
    if (variantIds.length === 0) return;
    const variants = await this.#database.select<{ id: string; product_id: string }>(
      "SELECT id, product_id FROM variants WHERE id IN (?) ORDER BY product_id",
      [variantIds],
      tx,
    );
    const changes = [...Map.groupBy(variants, (variant) => variant.product_id)].map(([productId, its]) => ({
      productId,
      by: its.reduce((sum, { id }) => sum + (changesByVariant.get(id) ?? 0), 0),
    }));
    for (const [by, products] of Map.groupBy(changes, (change) => change.by))
      if (by !== 0)
        await this.#database.execute(
          // The order matters: MySQL evaluates assignments from left to right.
          `UPDATE products SET in_stock = CASE WHEN stocked_variants + ? > 0 THEN 1 ELSE 0 END,
             stocked_variants = stocked_variants + ? WHERE id IN (?)`,
          [by, by, products.map(({ productId }) => productId)],
          tx,
        );
  }

  async #record(moves: readonly (StockMove & MoveNote)[], tx: Tx): Promise<void> {
    const rows = moves.flatMap(({ variantId, steps, reason, orderId, actor, at }) =>
      steps.map(({ kind, quantity }) => [newId(), variantId, kind, quantity, reason, orderId, actor, at]),
    );
    if (rows.length === 0) return;
    await this.#database.execute(
      `INSERT INTO stock_movements (id, variant_id, kind, quantity, reason, order_id, actor, created_at)
       VALUES ${rows.map(() => "(?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
      rows.flat(),
      tx,
    );
  }
}

function fromRow({ variant_id, order_id, created_at, ...same }: MovementRow): StockMovement {
  return { ...same, variantId: variant_id, orderId: order_id, at: created_at };
}
