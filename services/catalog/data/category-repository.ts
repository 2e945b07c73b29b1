import { z } from "zod";
import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { Place } from "../domain/category-tree.ts";
import { pathRange, pathsAbove } from "../domain/category-tree.ts";
import type { Seo } from "../domain/product.ts";
import { nameKey } from "../../../mixins/contract/name-key.ts";
import { parsed, written } from "./json-column.ts";
import { SlugHistory } from "../../../mixins/database/slug-history.ts";
import { namesOf } from "../domain/search/labels.ts";
import { indexNames } from "./search/search-names.ts";

/** A category's row. Times are milliseconds since the Unix epoch. */
export interface Category extends Place {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly seo: Seo;
  /** Only `setImage` writes it. */
  readonly image: StoredImage | null;
  readonly texts: Texts;
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
  seo: string | null;
  image: string | null;
  texts: string | null;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns =
  "id, slug, name, name_key, parent_id, path, depth, seo, image, texts, version, created_at, updated_at";

export class CategoryRepository {
  readonly #database: Database;
  readonly #slugs: SlugHistory;

  constructor(database: Database) {
    this.#database = database;
    this.#slugs = new SlugHistory(database, "category", "categories");
  }

  async byIdOrSlug(idOrSlug: string): Promise<Category | undefined> {
    const known = z.uuid().safeParse(idOrSlug).success ? await this.byId(idOrSlug) : undefined;
    return known ?? this.bySlug(idOrSlug);
  }

  async byId(id: string): Promise<Category | undefined> {
    return this.#one("id = ?", id);
  }

  /** The category that had this slug before. */
  async byFormerSlug(slug: string): Promise<Category | undefined> {
    const id = await this.#slugs.idOf(slug);
    return id === undefined ? undefined : this.byId(id);
  }

  /** By id, slug or former slug. */
  async named(idOrSlug: string): Promise<Category | undefined> {
    return (await this.byIdOrSlug(idOrSlug)) ?? this.byFormerSlug(idOrSlug);
  }

  async bySlug(slug: string, tx?: Tx): Promise<Category | undefined> {
    return this.#one("slug = ?", slug, tx);
  }

  /** Reads a category and locks it and its place until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Category | undefined> {
    return this.#one(`id = ?${this.#database.forUpdate}`, id, tx);
  }

  async ofIds(ids: readonly string[]): Promise<Category[]> {
    return ids.length === 0 ? [] : this.#many("id IN (?)", [ids]);
  }

  async ofPaths(paths: readonly string[]): Promise<Category[]> {
    return paths.length === 0 ? [] : this.#many("path IN (?)", [paths]);
  }

  /** Ancestors, root first. */
  async above(place: Place): Promise<Category[]> {
    const paths = pathsAbove(place);
    return paths.length === 0 ? [] : this.#many("path IN (?) ORDER BY path", [paths]);
  }

  /** Direct children by name. */
  async children(parentId: string, limit: number): Promise<Category[]> {
    return this.#many("parent_id = ? ORDER BY name_key, id LIMIT ?", [parentId, limit]);
  }

  async hasChildren(id: string, tx: Tx): Promise<boolean> {
    const rows = await this.#database.select(
      "SELECT id FROM categories WHERE parent_id = ? LIMIT 1",
      [id],
      tx,
    );
    return rows.length > 0;
  }

  /** @param parentId restricts the list to its direct children */
  async list(parentId: string | undefined, request: PageRequest): Promise<Page<Category>> {
    return readKeysetPage<CategoryRow, Category>(this.#database, {
      columns,
      from: "categories",
      where: { "parent_id = ?": parentId },
      sortColumns: { path: "path", name: "name_key" },
      request,
      present: fromRow,
    });
  }

  /** @returns false, without a change, when the slug is taken */
  async insert(category: Category, tx: Tx): Promise<boolean> {
    const { id, createdAt } = category;
    const row = { id, ...changedRow(category), created_at: createdAt };
    if (!(await this.#slugs.insert(row, tx))) return false;
    await indexNames(this.#database, "category", category.id, namesOf(category), tx);
    return true;
  }

  /** Saves a change under optimistic locking. */
  async update(before: Category, after: Category, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    const outcome = await this.#slugs.update(before, changedRow(after), tx);
    if (outcome === "saved") await indexNames(this.#database, "category", after.id, namesOf(after), tx);
    return outcome;
  }

  async setImage(id: string, image: StoredImage | null, tx: Tx): Promise<void> {
    const sql = "UPDATE categories SET image = ? WHERE id = ?";
    await this.#database.execute(sql, [image && JSON.stringify(image), id], tx);
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#slugs.remove(id, tx);
    await this.#database.execute("DELETE FROM categories WHERE id = ?", [id], tx);
    await indexNames(this.#database, "category", id, [], tx);
  }

  /**
   * Locks a category and its descendants.
   *
   * @returns the maximum depth and path length among them
   */
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

  /** Moves the descendants of a moved category. A changed depth is visible and increments the version. */
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

function fromRow(row: CategoryRow): Category {
  const { name_key: _key, parent_id, seo, image, texts, created_at, updated_at, ...same } = row;
  return {
    ...same,
    parentId: parent_id,
    seo: parsed(seo, {}),
    image: parsed(image, null),
    texts: parsed(texts, {}),
    createdAt: created_at,
    updatedAt: updated_at,
  };
}

function changedRow({ slug, name, parentId, path, depth, seo, texts, version, updatedAt }: Category) {
  return {
    slug,
    name,
    name_key: nameKey(name),
    parent_id: parentId,
    path,
    depth,
    seo: written(seo),
    texts: written(texts),
    version,
    updated_at: updatedAt,
  };
}
