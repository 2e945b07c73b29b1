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

/** A key that its holder works under, beyond one transaction. */
export interface KeyClaim {
  readonly keyId: string;
  /** What the work makes. Whoever takes the work over makes the same one, so that what others did for it counts. */
  readonly subjectId: string;
  /** Until then (ms) it is the holder's; then anyone with the same request may take it over. */
  readonly until: number;
}

/** Either the work is the caller's to do, or it was done before and here is what was answered. */
export type ClaimedKey<T> =
  | { readonly claim: KeyClaim; readonly answer?: undefined }
  | { readonly claim?: undefined; readonly answer: T };

interface KeyRow {
  readonly id: string;
  readonly fingerprint: string;
  readonly response: string | null;
  readonly subjectId: string | null;
  readonly claimUntil: number | null;
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
    const keyId = newId();
    if (!(await this.#insert(request, { keyId }, tx)))
      return { result: await this.#stored<T>(request, tx), replayed: true };
    const result = await work();
    const sql = "UPDATE idempotency_keys SET response = ? WHERE id = ?";
    await this.#database.execute(sql, [JSON.stringify(result), keyId], tx);
    return { result, replayed: false };
  }

  /**
   * Claims a key for work that goes beyond one transaction, such as a call of a payment provider. The work must be
   * harmless when it is done twice for one `subjectId`: a holder may be slow, and not dead.
   *
   * @throws ShopError `idempotency-mismatch`, `idempotency-in-flight`
   */
  async claim<T>(request: KeyedRequest, termMs: number, tx: Tx): Promise<ClaimedKey<T>> {
    const until = request.now + termMs;
    const fresh = { keyId: newId(), subjectId: newId(), until };
    // Looked up before it is inserted: an insert that meets its key locks it, and many such locks deadlock.
    let known = await this.#known(request, tx);
    if (!known && (await this.#insert(request, fresh, tx))) return { claim: fresh };
    known ??= await this.#known(request, tx);
    if (!known) throw new ShopError("idempotency-in-flight");
    if (known.fingerprint !== request.fingerprint) throw new ShopError("idempotency-mismatch");
    if (known.response !== null) return { answer: JSON.parse(known.response) as T };
    const { id: keyId, subjectId, claimUntil } = known;
    if (subjectId === null || claimUntil === null || request.now < claimUntil) throw new ShopError("idempotency-in-flight");
    const sql = "UPDATE idempotency_keys SET claim_until = ? WHERE id = ? AND claim_until = ? AND response IS NULL";
    if ((await this.#database.execute(sql, [until, keyId, claimUntil], tx)) !== 1) throw new ShopError("idempotency-in-flight");
    return { claim: { keyId, subjectId, until } };
  }

  /** Keeps the answer for those who ask again. @returns the one that counts: that of whoever was done first */
  async keepAnswer<T>({ keyId }: KeyClaim, answer: T, tx: Tx): Promise<T> {
    const sql = "UPDATE idempotency_keys SET response = ? WHERE id = ? AND response IS NULL";
    if ((await this.#database.execute(sql, [JSON.stringify(answer), keyId], tx)) === 1) return answer;
    const [known] = await this.#database.select<{ response: string }>(
      "SELECT response FROM idempotency_keys WHERE id = ?",
      [keyId],
      tx,
    );
    return known ? (JSON.parse(known.response) as T) : answer;
  }

  /** Lets the same request take over at once, after a try that came to no answer. */
  async handBack({ keyId, until }: KeyClaim, now: number, tx: Tx): Promise<void> {
    const sql = "UPDATE idempotency_keys SET claim_until = ? WHERE id = ? AND claim_until = ? AND response IS NULL";
    await this.#database.execute(sql, [now, keyId, until], tx);
  }

  /** Frees the key, after work that came to nothing. */
  async withdraw({ keyId, until }: KeyClaim, tx: Tx): Promise<void> {
    const sql = "DELETE FROM idempotency_keys WHERE id = ? AND claim_until = ? AND response IS NULL";
    await this.#database.execute(sql, [keyId, until], tx);
  }

  /** Forgets up to `limit` keys that were used before `before`. @returns how many */
  async forget(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT ?";
    const rows = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    return this.#database.execute("DELETE FROM idempotency_keys WHERE id IN (?)", [rows.map(({ id }) => id)], tx);
  }

  async #stored<T>(request: KeyedRequest, tx: Tx): Promise<T> {
    const known = await this.#known(request, tx);
    if (!known) throw new Error("an idempotency key was forgotten while it was read");
    if (known.fingerprint !== request.fingerprint) throw new ShopError("idempotency-mismatch");
    if (known.response === null) throw new ShopError("idempotency-in-flight");
    return JSON.parse(known.response) as T;
  }

  async #known({ scope, idempotencyKey }: KeyedRequest, tx: Tx): Promise<KeyRow | undefined> {
    const [row] = await this.#database.select<KeyRow>(
      `SELECT id, fingerprint, response, subject_id AS subjectId, claim_until AS claimUntil
       FROM idempotency_keys WHERE scope = ? AND idempotency_key = ?`,
      [scope, idempotencyKey],
      tx,
    );
    return row;
  }

  async #insert(request: KeyedRequest, claim: { keyId: string } & Partial<KeyClaim>, tx: Tx): Promise<boolean> {
    const row = {
      id: claim.keyId,
      scope: request.scope,
      idempotency_key: request.idempotencyKey,
      fingerprint: request.fingerprint,
      response: null,
      created_at: request.now,
      subject_id: claim.subjectId ?? null,
      claim_until: claim.until ?? null,
    };
    return this.#database.insertNew("idempotency_keys", row, tx);
  }
}
