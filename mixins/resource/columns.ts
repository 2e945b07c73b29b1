import type { DataType } from "sequelize";
import { DataTypes } from "sequelize";
import { z } from "zod";
import { toTimestamp } from "../contract/fields.ts";
import { mediumText } from "../database/column-types.ts";

type Stored = string | number | null;

/** A field's column, and the conversions between the field's value and the column's. */
export interface Column {
  /** The field's name. */
  readonly field: string;
  /** In snake case. */
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Whether it fits an index without a prefix length. */
  readonly indexable: boolean;
  readonly encode: (value: unknown) => Stored;
  readonly decode: (stored: Stored) => unknown;
}

/** Longer text is stored as MEDIUMTEXT, which cannot be indexed. */
const longestIndexed = 200;

/** Derives a field's column from its Zod schema. Arrays, objects and unions are stored as JSON. */
export function columnOf(field: string, schema: z.ZodType): Column {
  const { inner, nullable } = unwrapped(schema);
  const kept = kindOf(z.toJSONSchema(inner, { io: "input", unrepresentable: "any" }));
  const encode = (value: unknown) => (value === null || value === undefined ? null : kept.encode(value));
  const decode = (stored: Stored) => (stored === null ? null : kept.decode(stored));
  return { ...kept, field, name: columnName(field), nullable, encode, decode };
}

export function columnName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Removes `optional`, `nullable` and `default`. */
export function unwrapped(schema: z.ZodType): { inner: z.ZodType; nullable: boolean } {
  let [inner, nullable] = [schema, false];
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable || inner instanceof z.ZodDefault) {
    nullable ||= !(inner instanceof z.ZodDefault);
    inner = inner.unwrap() as z.ZodType;
  }
  return { inner, nullable };
}

interface Kind extends Pick<Column, "type" | "indexable"> {
  encode(value: unknown): string | number;
  decode(stored: string | number): unknown;
}

const same = { encode: (value: unknown) => value as string | number, decode: (stored: unknown) => stored };
const truth: Kind = {
  type: DataTypes.INTEGER,
  indexable: true,
  encode: Number,
  decode: (stored) => stored === 1,
};
const moment: Kind = {
  type: DataTypes.BIGINT,
  indexable: true,
  encode: (value) => Date.parse(value as string),
  decode: (stored) => toTimestamp(stored as number),
};
const json: Kind = {
  type: mediumText,
  indexable: false,
  encode: (value) => JSON.stringify(value),
  decode: (stored) => JSON.parse(stored as string) as unknown,
};

function kindOf({ type, format, maxLength, enum: choices }: z.core.JSONSchema.BaseSchema): Kind {
  if (type === "boolean") return truth;
  if (type === "integer") return { type: DataTypes.BIGINT, indexable: true, ...same };
  if (type === "number") return { type: DataTypes.DOUBLE, indexable: true, ...same };
  if (type !== "string") return json;
  if (format === "uuid") return { type: DataTypes.CHAR(36), indexable: true, ...same };
  if (format === "date-time") return moment;
  const longest = choices ? Math.max(...choices.map((choice) => String(choice).length)) : maxLength;
  return longest !== undefined && longest <= longestIndexed
    ? { type: DataTypes.STRING(longest), indexable: true, ...same }
    : { type: mediumText, indexable: false, ...same };
}
