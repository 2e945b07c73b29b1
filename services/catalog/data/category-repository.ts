import { z } from "zod";
import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import type { Place } from "../domain/category-tree.ts";
import { pathRange, pathsAbove } from "../domain/category-tree.ts";
import { nameKey } from "../domain/search-terms.ts";
import { unlessTaken } from "./unique.ts";

/** A category as the database keeps it. Times are milliseconds since 1970, UTC. */
export interface Category extends Place {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type CategoryRow = {
  id: string;
  slug: string;
  name: string;
  name_key: string;
  parent_id: string | null;
  path: string;
  depth: number;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "id, slug, name, name_key, parent_id, path, depth, version, created_at, updated_at";

export class CategoryRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byIdOrSlug(idOrSlug: string): Promise<Category | undefined> {
    const known = z.uuid().safeParse(idOrSlug).success ? await this.#one("id = ?", idOrSlug) : undefined;
    return known ?? this.bySlug(idOrSlug);
  }

  async bySlug(slug: string, tx?: Tx): Promise<Category | undefined> {
    return this.#one("slug = ?", slug, tx);
  }

  /** Reads a category and keeps it as it is, where it is, until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Category | undefined> {
    return this.#one(`id = ?${this.#database.forUpdate}`, id, tx);
  }

  /** The categories above, from the top down. */
  async above(place: Place): Promise<Category[]> {
    const paths = pathsAbove(place);
    return paths.length === 0 ? [] : this.#many("path IN (?) ORDER BY path", [paths]);
  }

  /** The categories directly below, by name. */
  async children(parentId: string, limit: number): Promise<Category[]> {
    return this.#many("parent_id = ? ORDER BY name_key, id LIMIT ?", [parentId, limit]);
  }

  async hasChildren(id: string, tx: Tx): Promise<boolean> {
    const rows = await this.#database.select("SELECT id FROM categories WHERE parent_id = ? LIMIT 1", [id], tx);
    return rows.length > 0;
  }

  /** @param parentId only those directly below it */
  async list(parentId: string | undefined, request: PageRequest): Promise<Page<Category>> {
    return listPage<CategoryRow, Category>(this.#database, {
      columns,
      from: "categories",
      where: { "parent_id = ?": parentId },
      sortColumns: { path: "path", name: "name_key" },
      request,
      present: fromRow,
    });
  }

  /** @returns false when the slug is taken; then nothing is changed */
  async insert(category: Category, tx: Tx): Promise<boolean> {
    return this.#database.insertNew("categories", toRow(category), tx);
  }

  /** Saves a change that was decided on the version before it. */
  async update(category: Category, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    const { name, slug, parentId, path, depth, version, updatedAt, id } = category;
    const changed = await unlessTaken(() =>
      this.#database.execute(
        `UPDATE categories SET name = ?, name_key = ?, slug = ?, parent_id = ?, path = ?, depth = ?, version = ?,
         updated_at = ? WHERE id = ? AND version = ?`,
        [name, nameKey(name), slug, parentId, path, depth, version, updatedAt, id, version - 1],
        tx,
      ),
    );
    if (changed === "taken") return "taken";
    return changed === 1 ? "saved" : "stale";
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM categories WHERE id = ?", [id], tx);
  }

  /** Locks a category and everything below it. @returns how deep and how long the paths there get */
  async lockBranch(place: Place, tx: Tx): Promise<{ depth: number; pathLength: number }> {
    const { from, before } = pathRange(place);
    const rows = await this.#database.select<{ path: string; depth: number }>(
      `SELECT path, depth FROM categories WHERE path >= ? AND path < ?${this.#database.forUpdate}`,
      [from, before],
      tx,
    );
    return {
      depth: rows.reduce((deepest, row) => Math.max(deepest, row.depth), place.depth),
      pathLength: rows.reduce((longest, row) => Math.max(longest, row.path.length), place.path.length),
    };
  }

  /** Takes everything below a moved category along. A new depth is a visible change and a new version. */
  async moveBranch(from: Place, to: Place, now: number, tx: Tx): Promise<void> {
    const range = pathRange(from);
    const deeper = to.depth - from.depth;
    await this.#database.execute(
      `UPDATE categories SET path = CONCAT(?, SUBSTR(path, ?)), depth = depth + ?, version = version + ?, updated_at = ?
       WHERE path >= ? AND path < ?`,
      [to.path, from.path.length + 1, deeper, deeper === 0 ? 0 : 1, now, range.from, range.before],
      tx,
    );
  }

  async #one(condition: string, value: string, tx?: Tx): Promise<Category | undefined> {
    const [category] = await this.#many(condition, [value], tx);
    return category;
  }

  async #many(condition: string, values: readonly SqlValue[], tx?: Tx): Promise<Category[]> {
    const sql = `SELECT ${columns} FROM categories WHERE ${condition}`;
    return (await this.#database.select<CategoryRow>(sql, values, tx)).map(fromRow);
  }
}

function fromRow({ name_key: _key, parent_id, created_at, updated_at, ...same }: CategoryRow): Category {
  return { ...same, parentId: parent_id, createdAt: created_at, updatedAt: updated_at };
}

function toRow({ parentId, createdAt, updatedAt, ...same }: Category): CategoryRow {
  return {
    ...same,
    name_key: nameKey(same.name),
    parent_id: parentId,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
