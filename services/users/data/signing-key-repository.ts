import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { SecretBox } from "../../../mixins/support/secret-box.ts";

export interface SigningKey {
  readonly kid: string;
  /** Ed25519 private key as a JSON Web Key. */
  readonly privateJwk: string;
  readonly createdAt: number;
}

export class SigningKeyRepository {
  readonly #database: Database;
  readonly #box: SecretBox;

  /** @param box encrypts private keys in the table */
  constructor(database: Database, box: SecretBox) {
    this.#database = database;
    this.#box = box;
  }

  /** Newest first. */
  async all(tx?: Tx): Promise<SigningKey[]> {
    const rows = await this.#rows(tx);
    return rows.map((row) => ({ ...row, privateJwk: this.#box.open(row.privateJwk, aboutOf(row)) }));
  }

  /**
   * Encrypts keys stored in plain text or with an earlier key.
   *
   * @returns how many
   */
  async encryptAll(tx: Tx): Promise<number> {
    let encrypted = 0;
    for (const row of await this.#rows(tx)) {
      if (this.#box.isCurrent(row.privateJwk)) continue;
      const sealed = this.#box.seal(this.#box.open(row.privateJwk, aboutOf(row)), aboutOf(row));
      encrypted += await this.#database.execute(
        "UPDATE signing_keys SET private_jwk = ? WHERE kid = ?",
        [sealed, row.kid],
        tx,
      );
    }
    return encrypted;
  }

  /** @returns false when another node has added the same `kid` */
  async add(key: SigningKey, tx: Tx): Promise<boolean> {
    const row = {
      kid: key.kid,
      private_jwk: this.#box.seal(key.privateJwk, aboutOf(key)),
      created_at: key.createdAt,
    };
    return this.#database.insertIfAbsent("signing_keys", row, tx);
  }

  /** @returns false when it was removed before */
  async remove(kid: string, tx: Tx): Promise<boolean> {
    return (await this.#database.execute("DELETE FROM signing_keys WHERE kid = ?", [kid], tx)) === 1;
  }

  /**
   * Adds a key; a key with the same `kid` from another node stays.
   *
   * @returns the present keys
   */
  async addIfAbsent(key: SigningKey): Promise<SigningKey[]> {
    const origin = { actor: { kind: "system", id: "users" }, requestId: "start" } as const;
    return this.#database.transaction(origin, async (tx) => {
      await this.add(key, tx);
      return this.all(tx);
    });
  }

  async #rows(tx?: Tx): Promise<SigningKey[]> {
    return this.#database.select<SigningKey>(
      "SELECT kid, private_jwk AS privateJwk, created_at AS createdAt FROM signing_keys ORDER BY created_at DESC, kid",
      [],
      tx,
    );
  }
}

function aboutOf({ kid }: { readonly kid: string }): string {
  return `signing key ${kid}`;
}
