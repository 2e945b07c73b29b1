import type { Model, ModelAttributes, ModelStatic, WhereOptions } from "sequelize";
import { DataTypes, UniqueConstraintError } from "sequelize";
import { toTimestamp } from "../contract/fields.ts";
import { newId } from "../contract/ids.ts";
import type { Page, PageRequest } from "../contract/paging.ts";
import type { Database, SqlValue, Tx } from "../database/database.ts";
import type { ModelDefinition } from "../database/database.mixin.ts";
import { inTransaction } from "../database/model-queries.ts";
import { readKeysetPage } from "../database/query/keyset-page.ts";
import type { Column } from "./columns.ts";
import { columnName, columnOf } from "./columns.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import { sortsOf, tableOf } from "./migrations.ts";

type Stored = Readonly<Record<string, string | number | null>>;
export type Values = Readonly<Record<string, unknown>>;

/** A decoded row. */
export interface ResourceRow {
  readonly id: string;
  /** Undefined for resources without owners. */
  readonly ownerId: string | undefined;
  readonly values: Values;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const ownColumns = {
  id: { type: DataTypes.CHAR(36), primaryKey: true },
  version: { type: DataTypes.INTEGER, allowNull: false },
  createdAt: { type: DataTypes.BIGINT, allowNull: false, field: "created_at" },
  updatedAt: { type: DataTypes.BIGINT, allowNull: false, field: "updated_at" },
} as const satisfies ModelAttributes;
const ownerColumn = {
  ownerId: { type: DataTypes.CHAR(36), allowNull: false, field: "owner_id" },
} as const satisfies ModelAttributes;

function columnsOf({ fields }: ResourceDeclaration): Column[] {
  return Object.entries(fields).map(([field, schema]) => columnOf(field, schema));
}

/** Times are ordinary columns, so that a row, its event and the response carry the same `now`. */
export function modelOf(declaration: ResourceDeclaration): ModelDefinition {
  const fields = columnsOf(declaration).map(
    ({ field, name, type, nullable }) => [field, { type, allowNull: nullable, field: name }] as const,
  );
  return {
    name: declaration.name,
    define: { ...ownColumns, ...(declaration.owner ? ownerColumn : {}), ...Object.fromEntries(fields) },
    options: { tableName: tableOf(declaration), timestamps: false },
  };
}

/** Reads and writes rows through the resource's model. An `ownerId` restricts a query to that owner's rows. */
export class ResourceRows {
  readonly #declaration: ResourceDeclaration;
  readonly #columns: readonly Column[];
  readonly #model: ModelStatic<Model>;
  /** All columns, for a SELECT. */
  readonly #selected: string;
  readonly #sortColumns: Readonly<Record<string, string>>;
  readonly #database: Database;

  /** Uses the model that moleculer-db's adapter has defined from `modelOf`. */
  constructor(declaration: ResourceDeclaration, database: Database) {
    this.#declaration = declaration;
    this.#columns = columnsOf(declaration);
    this.#model = database.sequelize.model(declaration.name);
    this.#selected = Object.values(this.#model.getAttributes())
      .map(({ field = "" }) => field)
      .join(", ");
    const sortKeys = sortsOf(declaration).map((term) => term.replace("-", ""));
    this.#sortColumns = Object.fromEntries(sortKeys.map((key) => [key, columnName(key)]));
    this.#database = database;
  }

  /** Pages by keyset, which Sequelize's models do not support. */
  async list(ownerId: string | undefined, request: PageRequest & Values): Promise<Page<ResourceRow>> {
    const { filters = [] } = this.#declaration;
    const filtered = this.#columns.filter(
      ({ field }) => filters.includes(field) && request[field] !== undefined,
    );
    const where: [string, SqlValue | undefined][] = [
      ["owner_id = ?", ownerId],
      ...filtered.map(
        ({ field, name, encode }) => [`${name} = ?`, encode(request[field])] as [string, SqlValue],
      ),
    ];
    return readKeysetPage<Stored, ResourceRow>(this.#database, {
      columns: this.#selected,
      from: this.#model.tableName,
      where: Object.fromEntries(where),
      sortColumns: this.#sortColumns,
      request,
      present: (row) => this.#rowOf((field) => row[columnName(field)] ?? null),
    });
  }

  async find(id: string, ownerId?: string, tx?: Tx): Promise<ResourceRow | undefined> {
    return this.#findOne({ id, ...owned(ownerId) }, tx);
  }

  /** Finds the row with the same values in the `unique` fields. */
  async findDuplicate(values: Values, ownerId: string | undefined, tx: Tx): Promise<ResourceRow | undefined> {
    const { unique = [] } = this.#declaration;
    const same = this.#columns
      .filter(({ field }) => unique.includes(field))
      .map(({ field, encode }) => [field, encode(values[field])]);
    return this.#findOne({ ...Object.fromEntries(same), ...owned(ownerId) }, tx);
  }

  /** @returns undefined for a duplicate by `unique` */
  async insert(
    values: Values,
    ownerId: string | undefined,
    now: number,
    tx: Tx,
  ): Promise<ResourceRow | undefined> {
    const row: ResourceRow = {
      id: newId(),
      ownerId,
      values: this.#complete(values),
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    try {
      await this.#model.create(
        {
          ...this.#stored(row.values),
          ...owned(ownerId),
          id: row.id,
          version: 1,
          createdAt: now,
          updatedAt: now,
        },
        inTransaction(tx),
      );
      return row;
    } catch (error) {
      if (error instanceof UniqueConstraintError) return undefined;
      throw error;
    }
  }

  /** @returns the updated row, `stale` if its version has changed since it was read, `duplicate` by `unique` */
  async update(
    row: ResourceRow,
    values: Values,
    now: number,
    tx: Tx,
  ): Promise<ResourceRow | "stale" | "duplicate"> {
    const changed: ResourceRow = {
      ...row,
      values: { ...row.values, ...values },
      version: row.version + 1,
      updatedAt: now,
    };
    const where = { id: row.id, version: row.version };
    try {
      const [count] = await this.#model.update(
        { ...this.#stored(changed.values), version: changed.version, updatedAt: now },
        { where, ...inTransaction(tx) },
      );
      return count === 1 ? changed : "stale";
    } catch (error) {
      if (error instanceof UniqueConstraintError) return "duplicate";
      throw error;
    }
  }

  /** @returns false if it was removed or changed since it was read */
  async remove({ id, version }: ResourceRow, tx: Tx): Promise<boolean> {
    return (await this.#model.destroy({ where: { id, version }, ...inTransaction(tx) })) === 1;
  }

  async removeAllOf(ownerId: string, tx: Tx): Promise<void> {
    await this.#model.destroy({ where: { ownerId }, ...inTransaction(tx) });
  }

  /** Serializes concurrent creations for an owner who has rows, by locking the first. @returns number of rows */
  async lockAndCount(ownerId: string, tx: Tx): Promise<number> {
    const query = { attributes: ["id"], where: { ownerId }, raw: true, ...inTransaction(tx) };
    await this.#model.findOne({ ...query, order: ["id"], lock: true });
    const sql = `SELECT COUNT(*) AS rowCount FROM ${this.#model.tableName} WHERE owner_id = ?`;
    const [found] = await this.#database.select<{ rowCount: number }>(sql, [ownerId], tx);
    return found?.rowCount ?? 0;
  }

  /** Removes an owner's rows with the oldest `updatedAt` beyond the limit, in batches. */
  async removeBeyond(ownerId: string, rows: number, tx: Tx): Promise<void> {
    const order: [string, string][] = [
      ["updatedAt", "DESC"],
      ["id", "DESC"],
    ];
    const query = {
      attributes: ["id"],
      where: { ownerId },
      order,
      offset: rows,
      limit: removedAtOnce,
      raw: true,
      ...inTransaction(tx),
    };
    const beyond = (await this.#model.findAll(query)) as unknown as { id: string }[];
    if (beyond.length === 0) return;
    const ids = beyond.map(({ id }) => id);
    await this.#database.execute(`DELETE FROM ${this.#model.tableName} WHERE id IN (?)`, [ids], tx);
  }

  async #findOne(where: WhereOptions, tx: Tx | undefined): Promise<ResourceRow | undefined> {
    const found = await this.#model.findOne({
      where,
      raw: true,
      ...(tx ? { ...inTransaction(tx), lock: true } : {}),
    });
    const row = found as unknown as Stored | null;
    return row ? this.#rowOf((field) => row[field] ?? null) : undefined;
  }

  #rowOf(stored: (field: string) => string | number | null): ResourceRow {
    const number = (field: string) => Number(stored(field));
    return {
      id: String(stored("id")),
      ownerId: this.#declaration.owner ? String(stored("ownerId")) : undefined,
      values: Object.fromEntries(this.#columns.map(({ field, decode }) => [field, decode(stored(field))])),
      version: number("version"),
      createdAt: number("createdAt"),
      updatedAt: number("updatedAt"),
    };
  }

  #complete(values: Values): Values {
    return Object.fromEntries(this.#columns.map(({ field }) => [field, values[field] ?? null]));
  }

  #stored(values: Values): Record<string, string | number | null> {
    return Object.fromEntries(this.#columns.map(({ field, encode }) => [field, encode(values[field])]));
  }
}

const removedAtOnce = 100;

function owned(ownerId: string | undefined): { ownerId?: string } {
  return ownerId === undefined ? {} : { ownerId };
}

/** Maps a row to the API. */
export function presentRow({
  id,
  values,
  version,
  createdAt,
  updatedAt,
}: ResourceRow): Record<string, unknown> {
  return { id, ...values, version, createdAt: toTimestamp(createdAt), updatedAt: toTimestamp(updatedAt) };
}
