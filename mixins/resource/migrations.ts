import type { ModelAttributeColumnOptions, QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../database/migrate.ts";
import { createInboxTable } from "../events/inbox-table.ts";
import { createOutboxTable } from "../events/outbox-table.ts";
import { columnName, columnOf } from "./columns.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import { accessOf } from "./declaration.ts";

export function tableOf({ name }: Pick<ResourceDeclaration, "name">): string {
  return name.replaceAll("-", "_");
}

/** Creates the table, its indexes, outbox and inbox; then one migration per group of `added` fields. */
export function resourceMigrations(declaration: ResourceDeclaration): Migration[] {
  const { added = [] } = declaration;
  const later = added.map((fields, index) => addColumns(declaration, fields, index + 2));
  return [createTable(declaration), ...later];
}

function createTable(declaration: ResourceDeclaration): Migration {
  const { fields, owner, audited, added = [] } = declaration;
  const table = tableOf(declaration);
  const first = Object.keys(fields).filter((field) => !added.flat().includes(field));
  return {
    name: `0001-${declaration.name}`,
    async up(query: QueryInterface) {
      await query.createTable(table, {
        id: { type: DataTypes.CHAR(36), primaryKey: true },
        ...(owner ? { owner_id: { type: DataTypes.CHAR(36), allowNull: false } } : {}),
        ...columnsOf(declaration, first),
        version: { type: DataTypes.INTEGER, allowNull: false },
        created_at: { type: DataTypes.BIGINT, allowNull: false },
        updated_at: { type: DataTypes.BIGINT, allowNull: false },
      });
      for (const { columns, unique } of indexesOf(declaration, first))
        await query.addIndex(table, columns, { name: indexName(table, columns, unique), unique });
      if (audited !== false) await createOutboxTable(query);
      // Readiness probes write access with it, also where the resource consumes no events.
      await createInboxTable(query);
    },
    async down(query: QueryInterface) {
      await query.dropTable("inbox");
      if (audited !== false) await query.dropTable("outbox");
      await query.dropTable(table);
    },
  };
}

/** The previous version ignores the new columns. */
function addColumns(declaration: ResourceDeclaration, fields: readonly string[], step: number): Migration {
  const table = tableOf(declaration);
  const columns = Object.entries(columnsOf(declaration, fields));
  const before = indexesOf(
    declaration,
    Object.keys(declaration.fields).filter((field) => !addedSince(declaration, step).has(field)),
  );
  const known = new Set(before.map(({ columns, unique }) => indexName(table, columns, unique)));
  const upTo = Object.keys(declaration.fields).filter(
    (field) => !addedSince(declaration, step + 1).has(field),
  );
  const indexes = indexesOf(declaration, upTo).filter(
    ({ columns, unique }) => !known.has(indexName(table, columns, unique)),
  );
  return {
    name: `${String(step).padStart(4, "0")}-${fields.map((field) => columnName(field).replaceAll("_", "-")).join("-")}.expand`,
    async up(query: QueryInterface) {
      for (const [column, options] of columns) await query.addColumn(table, column, options);
      for (const { columns, unique } of indexes)
        await query.addIndex(table, columns, { name: indexName(table, columns, unique), unique });
    },
    async down(query: QueryInterface) {
      for (const { columns, unique } of indexes)
        await query.removeIndex(table, indexName(table, columns, unique));
      for (const [column] of columns) await query.removeColumn(table, column);
    },
  };
}

/** Fields that this migration or a later one adds. */
function addedSince({ added = [] }: ResourceDeclaration, step: number): Set<string> {
  return new Set(added.slice(step - 2).flat());
}

function columnsOf(
  { fields }: ResourceDeclaration,
  names: readonly string[],
): Record<string, ModelAttributeColumnOptions> {
  return Object.fromEntries(
    names.flatMap((field) => {
      const schema = fields[field];
      if (!schema) return [];
      const { name, type, nullable } = columnOf(field, schema);
      return [[name, { type, allowNull: nullable }]];
    }),
  );
}

interface Index {
  readonly columns: string[];
  readonly unique: boolean;
}

/** One index per sort key, alone and behind each filter; prefixed by the owner, and without it where all rows can be listed. */
function indexesOf(declaration: ResourceDeclaration, present: readonly string[]): Index[] {
  const { fields, owner, unique, filters = [], limit } = declaration;
  const isThere = (field: string) => !(field in fields) || present.includes(field);
  const ofOwner = owner ? ["owner_id"] : [];
  const listsOwn = owner && accessOf(declaration, "list") === "signed-in";
  const scopes = listsOwn ? [ofOwner] : owner ? [ofOwner, []] : [[]];
  const sorts = sortsOf(declaration).map((term) => term.replace("-", ""));
  if (limit?.beyond === "drop-oldest") sorts.push("updatedAt");
  const lists = [[], ...filters.map((field) => [field])]
    .flatMap((filter) => [...new Set(sorts)].map((sort) => [...filter, sort]))
    .filter((listed) => listed.every(isThere))
    .flatMap((listed) =>
      scopes.map((scope) => ({ columns: [...scope, ...listed.map(columnName), "id"], unique: false })),
    );
  if (!unique?.every(isThere)) return lists;
  return [{ columns: [...ofOwner, ...unique.map(columnName)], unique: true }, ...lists];
}

export function sortsOf({
  sorts = ["-createdAt"],
}: Pick<ResourceDeclaration, "sorts">): readonly [string, ...string[]] {
  return sorts;
}

const longestName = 64;

function indexName(table: string, columns: readonly string[], unique: boolean): string {
  const parts = unique ? [...columns, "unique"] : columns.slice(0, -1);
  return [table, ...parts].join("_").slice(-longestName);
}
