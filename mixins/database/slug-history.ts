import type { Database, Tx } from "./database.ts";

interface Slugged {
  readonly id: string;
  readonly slug: string;
}

/**
 * Former slugs in a service's table `slug_history`, so that old links find what was renamed. A slug in use has no history. Write the entity first
 * and its history after: the entity's unique slug then makes concurrent renamings wait for each other.
 */
export class SlugHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns the id of the last entity that had this slug, unless it is gone or the slug is in use again */
  async idOf(entity: string, slug: string): Promise<string | undefined> {
    const [row] = await this.#database.select<{ entity_id: string }>(
      "SELECT entity_id FROM slug_history WHERE entity = ? AND slug = ?",
      [entity, slug],
    );
    return row?.entity_id;
  }

  /** Records a renaming; does nothing when the slug is the same. */
  async record(entity: string, before: Slugged, after: Slugged, tx: Tx): Promise<void> {
    if (before.slug === after.slug) return;
    await this.takeOver(entity, [before.slug, after.slug], tx);
    const row = { entity, slug: before.slug, entity_id: before.id };
    await this.#database.insertIfAbsent("slug_history", row, tx);
  }

  /** Slugs of new entities no longer lead to those that had them before. */
  async takeOver(entity: string, slugs: readonly string[], tx: Tx): Promise<void> {
    if (slugs.length === 0) return;
    const sql = "DELETE FROM slug_history WHERE entity = ? AND slug IN (?)";
    await this.#database.execute(sql, [entity, slugs], tx);
  }

  /** For a removed entity. */
  async remove(entityId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM slug_history WHERE entity_id = ?", [entityId], tx);
  }
}
