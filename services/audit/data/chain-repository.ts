import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import type { ChainedRow, ChainEnd } from "../domain/chain.ts";
import { emptyChain } from "../domain/chain.ts";
import type { Sealer } from "../domain/seal.ts";
import { CheckpointRepository } from "./checkpoint-repository.ts";

/** A sealed end; without a seal until a node that has the key appends to the chain. */
export interface SealedEnd extends ChainEnd {
  readonly seal: string | null;
}

/** An end recorded permanently. */
export interface Anchor extends ChainEnd {
  readonly seal: string;
}

export const chainedColumns =
  "id, type, actor_kind, actor_id, entity, entity_id, details, request_id, occurred_at, recorded_at, position, previous_hash, hash";

/** Head of the chain, whose lock serializes appends, and the anchors stored outside the trail. */
export class ChainRepository {
  readonly checkpoints: CheckpointRepository;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.checkpoints = new CheckpointRepository(database);
  }

  /**
   * Locks the head until the transaction ends: one node appends at a time.
   *
   * @throws Error when the head is missing although entries exist or existed: it was removed
   */
  async lockHead(tx: Tx): Promise<ChainEnd> {
    const sql = `SELECT position, hash FROM audit_head WHERE id = 1${this.#database.forUpdate}`;
    const [head] = await this.#database.select<ChainEnd>(sql, [], tx);
    if (head) return head;
    if ((await this.lastPosition(tx)) !== undefined || (await this.checkpoints.last(tx)))
      throw new Error("the head of the audit trail is missing");
    await this.#database.insertIfAbsent("audit_head", { id: 1, ...emptyChain, seal: null }, tx);
    const [made] = await this.#database.select<ChainEnd>(sql, [], tx);
    return made ?? emptyChain;
  }

  async moveHead(end: ChainEnd, sealer: Sealer, tx: Tx): Promise<void> {
    const sql = "UPDATE audit_head SET position = ?, hash = ?, seal = ? WHERE id = 1";
    await this.#database.execute(sql, [end.position, end.hash, sealer.seal("head", end)], tx);
  }

  async head(): Promise<SealedEnd | undefined> {
    const [head] = await this.#database.select<SealedEnd>(
      "SELECT position, hash, seal FROM audit_head WHERE id = 1",
    );
    return head;
  }

  async lastPosition(tx?: Tx): Promise<number | undefined> {
    const [last] = await this.#database.select<{ last: number | null }>(
      "SELECT MAX(position) AS last FROM audit_events",
      [],
      tx,
    );
    return last?.last ?? undefined;
  }

  async firstPosition(): Promise<number | undefined> {
    const [first] = await this.#database.select<{ first: number | null }>(
      "SELECT MIN(position) AS first FROM audit_events",
    );
    return first?.first ?? undefined;
  }

  /** Age of the entries in a range (both ends included): the time of the oldest, and the first young one. */
  async ages(
    from: number,
    to: number,
    youngerThan: number,
  ): Promise<{ oldest: number | null; newest: number | null; young: number | null }> {
    const sql = `SELECT MIN(occurred_at) AS oldest, MAX(occurred_at) AS newest,
        MIN(CASE WHEN occurred_at >= ? THEN position END) AS young
      FROM audit_events WHERE position BETWEEN ? AND ?`;
    const [ages] = await this.#database.select<{
      oldest: number | null;
      newest: number | null;
      young: number | null;
    }>(sql, [youngerThan, from, to]);
    return ages ?? { oldest: null, newest: null, young: null };
  }

  /** Entries of a range in chain order, both ends included. */
  async rows(from: number, to: number): Promise<ChainedRow[]> {
    const sql = `SELECT ${chainedColumns} FROM audit_events WHERE position BETWEEN ? AND ? ORDER BY position`;
    return this.#database.select<ChainedRow>(sql, [from, to]);
  }

  /** The first entry of a range, both ends included. */
  async firstOf(from: number, to: number): Promise<ChainedRow | undefined> {
    const sql = `SELECT ${chainedColumns} FROM audit_events WHERE position BETWEEN ? AND ? ORDER BY position LIMIT 1`;
    const [row] = await this.#database.select<ChainedRow>(sql, [from, to]);
    return row;
  }

  async append(rows: readonly ChainedRow[], tx: Tx): Promise<void> {
    const names = chainedColumns.split(", ") as (keyof ChainedRow)[];
    const marks = `(${names.map(() => "?").join(", ")})`;
    const values: SqlValue[] = rows.flatMap((row) => names.map((name) => row[name]));
    const sql = `INSERT INTO audit_events (${chainedColumns}) VALUES ${rows.map(() => marks).join(", ")}`;
    await this.#database.execute(sql, values, tx);
  }

  /** Anchors within a range, both ends included. */
  async anchors(from: number, to: number): Promise<Anchor[]> {
    const sql =
      "SELECT position, hash, seal FROM audit_anchors WHERE position BETWEEN ? AND ? ORDER BY position";
    return this.#database.select<Anchor>(sql, [from, to]);
  }

  async lastAnchor(): Promise<Anchor | undefined> {
    const sql = "SELECT position, hash, seal FROM audit_anchors ORDER BY position DESC LIMIT 1";
    const [anchor] = await this.#database.select<Anchor>(sql);
    return anchor;
  }

  /** @returns false when this end is anchored already */
  async addAnchor({ position, hash, seal }: Anchor, now: number, tx: Tx): Promise<boolean> {
    return this.#database.insertIfAbsent("audit_anchors", { position, hash, seal, created_at: now }, tx);
  }
}
