import type { Database, Tx } from "../../../mixins/database/database.ts";

export interface SigningKey {
  readonly kid: string;
  /** Ed25519 private key as a JSON Web Key. */
  readonly privateJwk: string;
  readonly createdAt: number;
}

export class SigningKeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. */
  async all(tx?: Tx): Promise<SigningKey[]> {
    return this.#database.select<SigningKey>(
      "SELECT kid, private_jwk AS privateJwk, created_at AS createdAt FROM signing_keys ORDER BY created_at DESC, kid",
      [],
      tx,
    );
  }

  /** @returns false when another node was faster with the same `kid` */
  async add(key: SigningKey, tx: Tx): Promise<boolean> {
    const row = { kid: key.kid, private_jwk: key.privateJwk, created_at: key.createdAt };
    return this.#database.insertNew("signing_keys", row, tx);
  }

  /** @returns whether it was this call that removed it */
  async remove(kid: string, tx: Tx): Promise<boolean> {
    return (await this.#database.execute("DELETE FROM signing_keys WHERE kid = ?", [kid], tx)) === 1;
  }

  /** Adds a key; when another node was faster with the same `kid`, its key stays. @returns the keys there are now */
  async addUnlessThere(key: SigningKey): Promise<SigningKey[]> {
    const origin = { actor: { kind: "system", id: "users" }, requestId: "start" } as const;
    return this.#database.transaction(origin, async (tx) => {
      await this.add(key, tx);
      return this.all(tx);
    });
  }
}
