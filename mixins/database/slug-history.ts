import type { Database, Row, Tx } from "./database.ts";
import { updateVersion } from "./update-version.ts";

interface Slugged {
  readonly id: string;
  readonly slug: string;
}

/**
 * Entities of a table by unique slug, and their former slugs in the service's table `slug_history`, so that old links
 * find what was renamed. A slug in use has no history. An entity is written first and its history after: its unique
 * slug then makes concurrent renamings wait for each other.
 */
export class SlugHistory {
  readonly #database: Database;
  readonly #entity: string;
  readonly #table: string;

  constructor(database: Database, entity: string, table: string) {
    this.#database = database;
    this.#entity = entity;
    this.#table = table;
  }

  /** @returns the id of the last entity that had this slug, unless it is gone or the slug is in use again */
  async idOf(slug: string): Promise<string | undefined> {
    const [row] = await this.#database.select<{ entity_id: string }>(
      "SELECT entity_id FROM slug_history WHERE entity = ? AND slug = ?",
      [this.#entity, slug],
    );
    return row?.entity_id;
  }

  /** @returns false, without a change, when the slug is taken */
  async insert(row: Row & { readonly slug: string }, tx: Tx): Promise<boolean> {
    if (!(await this.#database.insertIfAbsent(this.#table, row, tx))) return false;
    await this.takeOver([row.slug], tx);
    return true;
  }

  /** Saves a change under optimistic locking, as `updateVersion`, and records a renaming. */
  async update(
    before: Slugged & { readonly version: number },
    row: Row & { readonly slug: string },
    tx: Tx,
  ): Promise<"saved" | "stale" | "taken"> {
    const outcome = await updateVersion(this.#database, this.#table, before, row, tx);
    if (outcome === "saved") await this.#record(before, row.slug, tx);
    return outcome;
  }

  /** Slugs of new entities no longer lead to those that had them before. */
  async takeOver(slugs: readonly string[], tx: Tx): Promise<void> {
    if (slugs.length === 0) return;
    const sql = "DELETE FROM slug_history WHERE entity = ? AND slug IN (?)";
    await this.#database.execute(sql, [this.#entity, slugs], tx);
  }

  /** For a removed entity. */
  async remove(entityId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM slug_history WHERE entity_id = ?", [entityId], tx);
  }

  async #record({ id, slug }: Slugged, newSlug: string, tx: Tx): Promise<void> {
    if (slug === newSlug) return;
    await this.takeOver([slug, newSlug], tx);
    await this.#database.insertIfAbsent("slug_history", { entity: this.#entity, slug, entity_id: id }, tx);
  }
}
