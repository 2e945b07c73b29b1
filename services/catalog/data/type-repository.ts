import { z } from "zod";
import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Row } from "../../../mixins/database/types.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { AttributeUse, ProductType } from "../domain/attribute.ts";
import { maxTypes } from "../domain/attribute.ts";
import { namesOf } from "../domain/search/labels.ts";
import { parsed, written } from "./json-column.ts";
import { indexNames } from "./search/search-names.ts";
import { unlessTaken } from "../../../mixins/database/unless-taken.ts";

type TypeRow = {
  id: string;
  slug: string;
  name: string;
  texts: string | null;
  attributes: string;
  position: number;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "id, slug, name, texts, attributes, position, version, created_at, updated_at";

/** Types of products. */
export class TypeRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byIdOrSlug(idOrSlug: string): Promise<ProductType | undefined> {
    const column = z.uuid().safeParse(idOrSlug).success ? "id" : "slug";
    const [type] = await this.#many(`${column} = ?`, [idOrSlug]);
    return type;
  }

  /** Reads a type and locks it until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<ProductType | undefined> {
    const [type] = await this.#many(`id = ?${this.#database.forUpdate}`, [id], tx);
    return type;
  }

  /** Reads a type, which stays as it is until the transaction ends. */
  async share(id: string, tx: Tx): Promise<ProductType | undefined> {
    const [type] = await this.#many(`id = ?${this.#database.forShare}`, [id], tx);
    return type;
  }

  /** Reads types by slug or id; they stay as they are until the transaction ends. */
  async shareAll(slugs: readonly string[], ids: readonly string[], tx: Tx): Promise<ProductType[]> {
    if (slugs.length === 0 && ids.length === 0) return [];
    // A list without values is no SQL; no slug and no id is empty.
    const some = (values: readonly string[]) => (values.length > 0 ? values : [""]);
    const condition = `slug IN (?) OR id IN (?) ORDER BY id${this.#database.forShare}`;
    return this.#many(condition, [some(slugs), some(ids)], tx);
  }

  async all(tx?: Tx): Promise<ProductType[]> {
    return this.#many("position >= ? ORDER BY position, id LIMIT ?", [0, maxTypes], tx);
  }

  async list(request: PageRequest): Promise<Page<ProductType>> {
    return readKeysetPage<TypeRow, ProductType>(this.#database, {
      columns,
      from: "product_types",
      where: {},
      sortColumns: { position: "position", slug: "slug" },
      request,
      present: fromRow,
    });
  }

  /** Whether there are as many as the shop can have. */
  async isFull(tx: Tx): Promise<boolean> {
    const sql = "SELECT id FROM product_types ORDER BY slug LIMIT 1 OFFSET ?";
    return (await this.#database.select(sql, [maxTypes - 1], tx)).length > 0;
  }

  async anyProductHas(id: string, tx: Tx): Promise<boolean> {
    const sql = "SELECT product_id FROM product_facets WHERE facet = 'type' AND value = ? LIMIT 1";
    return (await this.#database.select(sql, [id], tx)).length > 0;
  }

  /** @returns false, without a change, when the slug is taken */
  async insert(type: ProductType, tx: Tx): Promise<boolean> {
    const row = { id: type.id, created_at: type.createdAt, ...changedRow(type) };
    if (!(await this.#database.insertIfAbsent("product_types", row, tx))) return false;
    await indexNames(this.#database, "type", type.id, namesOf(type), tx);
    return true;
  }

  /** Saves a change of a locked type. @returns false, without a change, when the slug is taken */
  async update(type: ProductType, tx: Tx): Promise<boolean> {
    const row = changedRow(type);
    const assignments = Object.keys(row).map((column) => `${column} = ?`);
    const sql = `UPDATE product_types SET ${assignments.join(", ")} WHERE id = ?`;
    const values = [...Object.values(row), type.id];
    if ((await unlessTaken(() => this.#database.execute(sql, values, tx))) === "taken") return false;
    await indexNames(this.#database, "type", type.id, namesOf(type), tx);
    return true;
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM product_types WHERE id = ?", [id], tx);
    await indexNames(this.#database, "type", id, [], tx);
  }

  async #many(condition: string, values: readonly SqlValue[], tx?: Tx): Promise<ProductType[]> {
    const sql = `SELECT ${columns} FROM product_types WHERE ${condition}`;
    return (await this.#database.select<TypeRow>(sql, values, tx)).map(fromRow);
  }
}

function fromRow({ created_at, updated_at, ...row }: TypeRow): ProductType {
  return {
    ...row,
    texts: parsed(row.texts, {}),
    attributes: JSON.parse(row.attributes) as AttributeUse[],
    createdAt: created_at,
    updatedAt: updated_at,
  };
}

function changedRow({ slug, name, texts, attributes, position, version, updatedAt }: ProductType): Row {
  return {
    slug,
    name,
    texts: written(texts),
    attributes: JSON.stringify(attributes),
    position,
    version,
    updated_at: updatedAt,
  };
}
