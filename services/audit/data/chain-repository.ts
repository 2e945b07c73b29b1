import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import type { ChainedRow, ChainEnd } from "../domain/chain.ts";
import { emptyChain } from "../domain/chain.ts";
import type { Sealer } from "../domain/seal.ts";
import { CheckpointRepository } from "./checkpoint-repository.ts";

/** A sealed end; without a seal while no node that has the key has written since the trail was chained. */
export interface SealedEnd extends ChainEnd {
  readonly seal: string | null;
}

/** An end that was written down for ever. */
export interface Anchor extends ChainEnd {
  readonly seal: string;
}

export const chainedColumns =
  "id, type, actor_kind, actor_id, entity, entity_id, details, request_id, occurred_at, recorded_at, position, previous_hash, hash";

/** The chain's end, which whoever appends must hold, and what is known of it outside the trail itself. */
export class ChainRepository {
  readonly checkpoints: CheckpointRepository;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.checkpoints = new CheckpointRepository(database);
  }

  /**
   * The end of the chain, held until the transaction ends: of several nodes, one appends at a time.
   *
   * @throws Error when there are entries, or were, and no end: someone has removed it
   */
  async lockHead(tx: Tx): Promise<ChainEnd> {
    const sql = `SELECT position, hash FROM audit_head WHERE id = 1${this.#database.forUpdate}`;
    const [head] = await this.#database.select<ChainEnd>(sql, [], tx);
    if (head) return head;
    if ((await this.lastPosition(tx)) !== undefined || (await this.checkpoints.last(tx)))
      throw new Error("the head of the audit trail is gone");
    await this.#database.insertNew("audit_head", { id: 1, ...emptyChain, seal: null }, tx);
    const [made] = await this.#database.select<ChainEnd>(sql, [], tx);
    return made ?? emptyChain;
  }

  async moveHead(end: ChainEnd, sealer: Sealer, tx: Tx): Promise<void> {
    const sql = "UPDATE audit_head SET position = ?, hash = ?, seal = ? WHERE id = 1";
    await this.#database.execute(sql, [end.position, end.hash, sealer.seal("head", end)], tx);
  }

  async head(): Promise<SealedEnd | undefined> {
    const [head] = await this.#database.select<SealedEnd>("SELECT position, hash, seal FROM audit_head WHERE id = 1");
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
    const [first] = await this.#database.select<{ first: number | null }>("SELECT MIN(position) AS first FROM audit_events");
    return first?.first ?? undefined;
  }

  /** What the entries of a part of the chain tell of, both ends included: from when it is, and its first young one. */
  async ages(from: number, to: number, youngSince: number): Promise<{ oldest: number | null; newest: number | null; young: number | null }> {
    const sql = `SELECT MIN(occurred_at) AS oldest, MAX(occurred_at) AS newest,
        MIN(CASE WHEN occurred_at >= ? THEN position END) AS young
      FROM audit_events WHERE position BETWEEN ? AND ?`;
    const [ages] = await this.#database.select<{ oldest: number | null; newest: number | null; young: number | null }>(sql, [youngSince, from, to]);
    return ages ?? { oldest: null, newest: null, young: null };
  }

  /** Entries in the order of the chain, both ends included. */
  async rows(from: number, to: number): Promise<ChainedRow[]> {
    const sql = `SELECT ${chainedColumns} FROM audit_events WHERE position BETWEEN ? AND ? ORDER BY position`;
    return this.#database.select<ChainedRow>(sql, [from, to]);
  }

  /** The first entry of a part of the chain, both ends included. */
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

  /** What was written down within a part of the chain, both ends included. */
  async anchors(from: number, to: number): Promise<Anchor[]> {
    const sql = "SELECT position, hash, seal FROM audit_anchors WHERE position BETWEEN ? AND ? ORDER BY position";
    return this.#database.select<Anchor>(sql, [from, to]);
  }

  async lastAnchor(): Promise<Anchor | undefined> {
    const sql = "SELECT position, hash, seal FROM audit_anchors ORDER BY position DESC LIMIT 1";
    const [anchor] = await this.#database.select<Anchor>(sql);
    return anchor;
  }

  /** @returns false when this end was written down before */
  async addAnchor({ position, hash, seal }: Anchor, now: number, tx: Tx): Promise<boolean> {
    return this.#database.insertNew("audit_anchors", { position, hash, seal, created_at: now }, tx);
  }
}
