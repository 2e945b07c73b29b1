import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Row } from "../../../mixins/database/types.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Attribute, AttributeKind, Choice } from "../domain/attribute.ts";
import { maxAttributes } from "../domain/attribute.ts";
import { attributeFacet } from "../domain/facet-rows.ts";
import { labelsOf } from "../domain/search/labels.ts";
import { selectWhereIn } from "./batch-statements.ts";
import { parsed, written } from "./json-column.ts";
import { indexNames } from "./search/search-names.ts";

type AttributeRow = {
  id: string;
  code: string;
  name: string;
  texts: string | null;
  kind: AttributeKind;
  unit: string | null;
  choices: string;
  filterable: number;
  localized: number;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns =
  "id, code, name, texts, kind, unit, choices, filterable, localized, version, created_at, updated_at";

export class AttributeRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string): Promise<Attribute | undefined> {
    const [attribute] = await this.#many("id = ?", [id]);
    return attribute;
  }

  /** Reads an attribute and locks it until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Attribute | undefined> {
    const [attribute] = await this.#many(`id = ?${this.#database.forUpdate}`, [id], tx);
    return attribute;
  }

  /** Reads attributes by code; they stay as they are until the transaction ends. */
  async share(codes: readonly string[], tx: Tx): Promise<Attribute[]> {
    return codes.length === 0
      ? []
      : this.#many(`code IN (?) ORDER BY code${this.#database.forShare}`, [codes], tx);
  }

  async byCodes(codes: readonly string[]): Promise<Attribute[]> {
    return codes.length === 0 ? [] : this.#many("code IN (?)", [codes]);
  }

  async all(tx?: Tx): Promise<Attribute[]> {
    return this.#many("code > ? ORDER BY code LIMIT ?", ["", maxAttributes], tx);
  }

  async list(request: PageRequest): Promise<Page<Attribute>> {
    return readKeysetPage<AttributeRow, Attribute>(this.#database, {
      columns,
      from: "attributes",
      where: {},
      sortColumns: { code: "code" },
      request,
      present: fromRow,
    });
  }

  /** Whether there are as many as the shop can have. */
  async isFull(tx: Tx): Promise<boolean> {
    const sql = "SELECT id FROM attributes ORDER BY code LIMIT 1 OFFSET ?";
    return (await this.#database.select(sql, [maxAttributes - 1], tx)).length > 0;
  }

  /** Whether a product has a value of the attribute. @param choices only these */
  async anyProductHas(code: string, tx: Tx, choices?: readonly string[]): Promise<boolean> {
    const found = await selectWhereIn(
      this.#database,
      `SELECT product_id FROM product_facets WHERE facet = ?${choices ? " AND value IN (?)" : ""} LIMIT 1`,
      [attributeFacet(code), ...(choices ? [choices] : [])],
      tx,
    );
    return found.length > 0;
  }

  /** @returns false, without a change, when the code is taken */
  async insert(attribute: Attribute, tx: Tx): Promise<boolean> {
    const { id, code, kind, localized, createdAt } = attribute;
    const row = { id, code, kind, localized: Number(localized), created_at: createdAt };
    const inserted = { ...row, ...changedRow(attribute) };
    if (!(await this.#database.insertIfAbsent("attributes", inserted, tx))) return false;
    await this.#indexLabels(attribute, tx);
    return true;
  }

  /** Saves a change of a locked attribute. */
  async update(attribute: Attribute, tx: Tx): Promise<void> {
    const row = changedRow(attribute);
    const assignments = Object.keys(row).map((column) => `${column} = ?`);
    const sql = `UPDATE attributes SET ${assignments.join(", ")} WHERE id = ?`;
    await this.#database.execute(sql, [...Object.values(row), attribute.id], tx);
    await this.#indexLabels(attribute, tx);
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM attributes WHERE id = ?", [id], tx);
    await indexNames(this.#database, "attribute", id, [], tx);
  }

  async #indexLabels(attribute: Attribute, tx: Tx): Promise<void> {
    const labels = labelsOf(attribute).flatMap(({ names }) => names);
    await indexNames(this.#database, "attribute", attribute.id, labels, tx);
  }

  async #many(condition: string, values: readonly SqlValue[], tx?: Tx): Promise<Attribute[]> {
    const sql = `SELECT ${columns} FROM attributes WHERE ${condition}`;
    return (await this.#database.select<AttributeRow>(sql, values, tx)).map(fromRow);
  }
}

function fromRow({ created_at, updated_at, ...row }: AttributeRow): Attribute {
  return {
    ...row,
    texts: parsed(row.texts, {}),
    choices: JSON.parse(row.choices) as Choice[],
    filterable: row.filterable > 0,
    localized: row.localized > 0,
    createdAt: created_at,
    updatedAt: updated_at,
  };
}

function changedRow({ name, texts, unit, choices, filterable, version, updatedAt }: Attribute): Row {
  return {
    name,
    texts: written(texts),
    unit,
    choices: JSON.stringify(choices),
    filterable: Number(filterable),
    version,
    updated_at: updatedAt,
  };
}
