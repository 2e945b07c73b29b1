import type { Database, Tx } from "../../../mixins/database/database.ts";
import { ShopError } from "../../contract/errors.ts";
import { newId } from "../../contract/ids.ts";

/** A request that must take effect once, however often it is sent. */
export interface KeyedRequest {
  /** Action and caller. */
  readonly scope: string;
  readonly idempotencyKey: string;
  /** See `fingerprintOf`. */
  readonly fingerprint: string;
  readonly now: number;
}

export interface OnceDone<T> {
  readonly result: T;
  /** Whether it is the stored result of an earlier, equal request. */
  readonly replayed: boolean;
}

export class IdempotencyKeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Does the work unless an equal request did it before; then it repeats the answer byte by byte. Key, answer and the
   * work's effect commit together, so work that fails leaves the key free. Of two at once the second waits for the
   * first.
   *
   * @throws ShopError `idempotency-mismatch` when the key was used for something else
   */
  async once<T>(request: KeyedRequest, tx: Tx, work: () => Promise<T>): Promise<OnceDone<T>> {
    const row = {
      id: newId(),
      scope: request.scope,
      idempotency_key: request.idempotencyKey,
      fingerprint: request.fingerprint,
      response: null,
      created_at: request.now,
    };
    if (!(await this.#database.insertNew("idempotency_keys", row, tx)))
      return { result: await this.#stored<T>(request, tx), replayed: true };
    const result = await work();
    const sql = "UPDATE idempotency_keys SET response = ? WHERE id = ?";
    await this.#database.execute(sql, [JSON.stringify(result), row.id], tx);
    return { result, replayed: false };
  }

  /** Forgets up to `limit` keys that were used before `before`. @returns how many */
  async forget(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT ?";
    const rows = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    return this.#database.execute("DELETE FROM idempotency_keys WHERE id IN (?)", [rows.map(({ id }) => id)], tx);
  }

  async #stored<T>({ scope, idempotencyKey, fingerprint }: KeyedRequest, tx: Tx): Promise<T> {
    const [known] = await this.#database.select<{ fingerprint: string; response: string }>(
      "SELECT fingerprint, response FROM idempotency_keys WHERE scope = ? AND idempotency_key = ?",
      [scope, idempotencyKey],
      tx,
    );
    if (!known) throw new Error("an idempotency key was forgotten while it was read");
    if (known.fingerprint !== fingerprint) throw new ShopError("idempotency-mismatch");
    return JSON.parse(known.response) as T;
  }
}
