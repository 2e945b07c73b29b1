import { isProtectedBy } from "../../../config/protections.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import { newId } from "../../contract/ids.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import { mergeLines } from "../domain/reservation.ts";
import type { MovementKind, StockAccount, StockMove, StockStep } from "../domain/stock-account.ts";
import { netChange } from "../domain/stock-account.ts";

/** A row of the ledger. */
export interface StockMovement extends StockStep, MoveNote {
  readonly id: string;
  readonly variantId: string;
}

/** Why stock moves, as the ledger keeps it. */
export interface MoveNote {
  readonly orderId: string | null;
  readonly reason: string | null;
  /** `user:<id>`, `system:<name>` or `operator:<name>`. */
  readonly actor: string;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
}

/** Lines to be reserved together, and why. */
export interface Reservable {
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

const accounts = "SELECT variant_id AS variantId, on_hand AS onHand, reserved, sold, returned, received FROM stock";

/** Stock accounts and their ledger. An account changes by `move` only, so that the two always agree. */
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
   * Moves stock and writes it down. Accounts change by conditional updates in the order of variant ids, so that two
   * at once neither take the same piece nor wait for each other in a circle.
   *
   * @returns the variants whose account does not allow it or does not exist; the others have moved, so that the caller
   * gives up the whole transaction unless it is empty
   */
  async move(moves: readonly StockMove[], note: MoveNote, tx: Tx): Promise<string[]> {
    const refused: string[] = [];
    for (const move of moves.toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1)))
      if (!(await this.#change(move, tx))) refused.push(move.variantId);
    if (refused.length === 0) await this.#record(moves.map((move) => ({ ...note, ...move })), tx);
    return refused;
  }

  /** Reads accounts; until the transaction ends nobody else changes them. */
  async lock(variantIds: readonly string[], tx: Tx): Promise<StockAccount[]> {
    if (variantIds.length === 0) return [];
    return this.#database.select<StockAccount>(
      `${accounts} WHERE variant_id IN (?) ORDER BY variant_id${this.#database.forUpdate}`,
      [variantIds],
      tx,
    );
  }

  /**
   * Reserves for many orders at once what was found on locked accounts: each account changes once, the ledger keeps a
   * row for each order and variant.
   *
   * @returns false when an account does not allow it; then the caller gives up the whole transaction
   */
  async reserve(reservations: readonly Reservable[], tx: Tx): Promise<boolean> {
    const totals = mergeLines(reservations.flatMap(({ lines }) => lines));
    // Most totals are small and many are equal: one statement for all accounts that change by the same.
    for (const [quantity, lines] of Map.groupBy(totals, (line) => line.quantity)) {
      const variantIds = lines.map(({ variantId }) => variantId);
      const changed = await this.#database.execute(
        "UPDATE stock SET on_hand = on_hand - ?, reserved = reserved + ? WHERE variant_id IN (?) AND on_hand - ? >= 0",
        [quantity, quantity, variantIds, isProtectedBy("stock-condition") ? quantity : -Number.MAX_SAFE_INTEGER],
        tx,
      );
      if (changed !== variantIds.length) return false;
    }
    const moves = reservations.flatMap(({ note, lines }) =>
      lines.map(({ variantId, quantity }) => ({ ...note, variantId, steps: [{ kind: "reserve" as const, quantity }] })),
    );
    await this.#record(moves, tx);
    return true;
  }

  /** Opens the accounts of new variants, with what they are received with. */
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
      .map((variantId) => ({ variantId, steps: [{ kind: "receive" as const, quantity: received(variantId) }] }));
    await this.#record(moves.map((move) => ({ ...note, ...move })), tx);
  }

  async movements(
    variantId: string,
    kind: MovementKind | undefined,
    request: PageRequest,
  ): Promise<Page<StockMovement>> {
    return listPage<MovementRow, StockMovement>(this.#database, {
      columns: "id, variant_id, kind, quantity, reason, order_id, actor, created_at",
      from: "stock_movements",
      where: { "variant_id = ?": variantId, "kind = ?": kind },
      sortColumns: { at: "created_at" },
      request,
      present: fromRow,
    });
  }

  /** Whether any of the variants ever had stock; until the transaction ends none gets any. */
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
