import type { Database, Tx } from "../../../mixins/database/database.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { responseDigest } from "../domain/response-digest.ts";

/** A request that must take effect once, however often it is sent. */
export interface KeyedRequest {
  /** Action and caller. */
  readonly scope: string;
  readonly idempotencyKey: string;
  /** See `fingerprintOf`. */
  readonly fingerprint: string;
  readonly now: number;
}

export interface IdempotentResult<T> {
  readonly result: T;
  /** True when it is the stored result of an earlier, equal request. */
  readonly replayed: boolean;
}

/** A claim on a key for work beyond one transaction. */
export interface KeyClaim {
  readonly keyId: string;
  readonly fingerprint: string;
  /** Id of the work's result. A later holder continues the same one, so that the work done counts. */
  readonly subjectId: string;
  /** End of the claim (ms); from then on the same request may take over. */
  readonly until: number;
}

/** The caller owns the work, or it was done before: its stored response. */
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
   * Runs the work unless an equal request ran it before; then repeats the response byte by byte. Key,
   * response and effect commit together, so failing work leaves the key free. Concurrent requests run one
   * after another.
   *
   * @throws ShopError `idempotency-mismatch` when the key was used for another request
   */
  async once<T>(request: KeyedRequest, tx: Tx, work: () => Promise<T>): Promise<IdempotentResult<T>> {
    const keyId = newId();
    if (!(await this.#insert(request, { keyId }, tx)))
      return { result: await this.#stored<T>(request, tx), replayed: true };
    const result = await work();
    const response = JSON.stringify(result);
    const sql = "UPDATE idempotency_keys SET response = ?, response_digest = ? WHERE id = ?";
    const digest = responseDigest({ id: keyId, fingerprint: request.fingerprint, response });
    await this.#database.execute(sql, [response, digest, keyId], tx);
    return { result, replayed: false };
  }

  /**
   * Claims a key for work beyond one transaction, such as a payment provider's call. The work must be
   * idempotent per `subjectId`, since a slow holder may still be running.
   *
   * @throws ShopError `idempotency-mismatch`, `idempotency-in-flight`
   */
  async claim<T>(request: KeyedRequest, termMs: number, tx: Tx): Promise<ClaimedKey<T>> {
    const until = request.now + termMs;
    const { fingerprint } = request;
    const fresh = { keyId: newId(), fingerprint, subjectId: newId(), until };
    // Select before insert: an insert that hits an existing key locks it, and many such locks deadlock.
    let known = await this.#known(request, tx);
    if (!known && (await this.#insert(request, fresh, tx))) return { claim: fresh };
    known ??= await this.#known(request, tx);
    if (!known) throw new ShopError("idempotency-in-flight");
    if (known.fingerprint !== request.fingerprint) throw new ShopError("idempotency-mismatch");
    if (known.response !== null) return { answer: JSON.parse(known.response) as T };
    const { id: keyId, subjectId, claimUntil } = known;
    if (subjectId === null || claimUntil === null || request.now < claimUntil)
      throw new ShopError("idempotency-in-flight");
    const sql =
      "UPDATE idempotency_keys SET claim_until = ? WHERE id = ? AND claim_until = ? AND response IS NULL";
    if ((await this.#database.execute(sql, [until, keyId, claimUntil], tx)) !== 1)
      throw new ShopError("idempotency-in-flight");
    return { claim: { keyId, fingerprint, subjectId, until } };
  }

  /**
   * Stores the response for repeated requests.
   *
   * @returns the valid one: that of the first holder to finish
   */
  async storeResponse<T>({ keyId, fingerprint }: KeyClaim, answer: T, tx: Tx): Promise<T> {
    const response = JSON.stringify(answer);
    const sql =
      "UPDATE idempotency_keys SET response = ?, response_digest = ? WHERE id = ? AND response IS NULL";
    const digest = responseDigest({ id: keyId, fingerprint, response });
    if ((await this.#database.execute(sql, [response, digest, keyId], tx)) === 1) return answer;
    const [known] = await this.#database.select<{ response: string }>(
      "SELECT response FROM idempotency_keys WHERE id = ?",
      [keyId],
      tx,
    );
    return known ? (JSON.parse(known.response) as T) : answer;
  }

  /** Releases the claim at once, after an attempt without a result. */
  async release({ keyId, until }: KeyClaim, now: number, tx: Tx): Promise<void> {
    const sql =
      "UPDATE idempotency_keys SET claim_until = ? WHERE id = ? AND claim_until = ? AND response IS NULL";
    await this.#database.execute(sql, [now, keyId, until], tx);
  }

  /** Frees the key, after work without effect. */
  async withdraw({ keyId, until }: KeyClaim, tx: Tx): Promise<void> {
    const sql = "DELETE FROM idempotency_keys WHERE id = ? AND claim_until = ? AND response IS NULL";
    await this.#database.execute(sql, [keyId, until], tx);
  }

  /**
   * Removes up to `limit` keys used before `before`.
   *
   * @returns how many
   */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT ?";
    const rows = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    return this.#database.execute(
      "DELETE FROM idempotency_keys WHERE id IN (?)",
      [rows.map(({ id }) => id)],
      tx,
    );
  }

  async #stored<T>(request: KeyedRequest, tx: Tx): Promise<T> {
    const known = await this.#known(request, tx);
    if (!known) throw new Error("an idempotency key was removed while it was read");
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

  async #insert(
    request: KeyedRequest,
    claim: { keyId: string } & Partial<KeyClaim>,
    tx: Tx,
  ): Promise<boolean> {
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
    return this.#database.insertIfAbsent("idempotency_keys", row, tx);
  }
}
