import { randomBytes } from "node:crypto";
import type { Database, Tx } from "../../../mixins/database/database.ts";

/**
 * The key that signs unsubscribe links, made once. It is in the database since all that it protects is there too;
 * links in old mail stay good as long as the database does.
 */
export class UnsubscribeKeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(tx?: Tx): Promise<Buffer | undefined> {
    const sql = "SELECT secret FROM unsubscribe_keys WHERE id = 1";
    const [row] = await this.#database.select<{ secret: string }>(sql, [], tx);
    return row && Buffer.from(row.secret, "base64url");
  }

  /** Of concurrent calls, the first makes it. */
  async findOrMake(tx: Tx): Promise<Buffer> {
    const secret = randomBytes(32).toString("base64url");
    await this.#database.insertIfAbsent("unsubscribe_keys", { id: 1, secret }, tx);
    const made = await this.find(tx);
    if (!made) throw new Error("the key of unsubscribe links is missing");
    return made;
  }
}
