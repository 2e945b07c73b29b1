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

  /** Adds a key; when another node was faster with the same `kid`, its key stays. @returns the keys there are now */
  async addUnlessThere(key: SigningKey): Promise<SigningKey[]> {
    const origin = { actor: { kind: "system", id: "users" }, requestId: "start" } as const;
    return this.#database.transaction(origin, async (tx) => {
      await this.#database.insertNew(
        "signing_keys",
        { kid: key.kid, private_jwk: key.privateJwk, created_at: key.createdAt },
        tx,
      );
      return this.all(tx);
    });
  }
}
