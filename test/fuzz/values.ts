import fc from "fast-check";
import type { ApiDocument, Schema } from "./operations.ts";

/** What nobody should send. */
export const hostileScalars: readonly unknown[] = [
  -1,
  0,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  1e9,
  "1",
  "NaN",
  "Infinity",
  "",
  " ",
  null,
  true,
  [],
  {},
  [[]],
  { $gt: "" },
  { $ne: null },
  ["a", "b"],
  "' OR 1=1 --",
  '"; DROP TABLE users; --',
  "%_%",
  "\\",
  "../../../etc/passwd",
  "\u0000",
  "\ud800",
  "‮ɐqɔ",
  "😀".repeat(300),
  "a".repeat(20_000),
  "__proto__",
  "constructor",
  "<script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "00000000-0000-0000-0000-000000000000",
];

/** Keys that would mean something if they got somewhere. */
export const foreignKeys = ["price", "total", "role", "userId", "status", "__proto__", "constructor", "$params", "$meta", "no such key"];

/** Stands for what answers have named so, which is known when the request is sent. */
export class Remembered {
  readonly name: string;
  /** Which of them, from 0 to 1; the last ones come first. */
  readonly which: number;
  /** What is sent while nothing that suits is named so. */
  readonly otherwise: unknown;
  readonly #schema: Schema;

  constructor(name: string, which: number, otherwise: unknown, schema: Schema) {
    this.name = name;
    this.which = which;
    this.otherwise = otherwise;
    this.#schema = schema;
  }

  /** Whether it can be what the schema asks for. */
  suits(value: unknown): boolean {
    const { pattern, maxLength = Infinity } = this.#schema;
    if (typeof value !== "string") return true;
    return value.length <= maxLength && (pattern === undefined || new RegExp(pattern, "u").test(value));
  }
}

/** How values are made. */
export interface Making {
  readonly document: ApiDocument;
  /** One in so many is hostile; 0: none is. */
  readonly hostileOneIn: number;
}

/** Values of a schema, most of them as it says. */
export function valueOf(schema: Schema, making: Making, name = "", depth = 0): fc.Arbitrary<unknown> {
  const right = rightValueOf(schema, making, name, depth);
  if (making.hostileOneIn === 0) return right;
  return fc.oneof({ weight: making.hostileOneIn - 1, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...hostileScalars) });
}

function rightValueOf(schema: Schema, making: Making, name: string, depth: number): fc.Arbitrary<unknown> {
  const inner = (one: Schema) => valueOf(one, making, name, depth + 1);
  if (schema.$ref) {
    const component = schema.$ref.slice("#/components/schemas/".length);
    return remembered(name, schema, rightValueOf(making.document.components.schemas[component] ?? {}, making, name, depth));
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return fc.oneof(...forms.map(inner));
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  switch (type ?? "") {
    case "integer":
      return integerOf(schema);
    case "number":
      return fc.double();
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(inner(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.max(schema.minItems ?? 0, 3) });
    case "object":
      return objectOf(schema, making, depth);
    case "string":
      return remembered(name, schema, textOf(schema));
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** What has been answered under this name is the likeliest thing to be sent under it. */
function remembered(name: string, schema: Schema, otherwise: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (name === "") return otherwise;
  const known = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), otherwise).map(([which, other]) => new Remembered(name, which, other, schema));
  return fc.oneof({ weight: 3, arbitrary: known }, { weight: 2, arbitrary: otherwise });
}

/** Small ones mostly: few things are there a million times. */
function integerOf({ minimum = -100, maximum = 10_000 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -(2 ** 31)), Math.min(maximum, 2 ** 31)];
  const small = fc.integer({ min: Math.max(min, Math.min(0, max)), max: Math.max(min, Math.min(max, Math.max(min, 0) + 3)) });
  return fc.oneof({ weight: 3, arbitrary: small }, { weight: 1, arbitrary: fc.integer({ min, max }) });
}

function objectOf({ properties = {}, required = [] }: Schema, making: Making, depth: number): fc.Arbitrary<unknown> {
  if (depth > 6) return fc.constant({});
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, making, name, depth + 1)]));
  const whole = fc.record(fields, { requiredKeys: Object.keys(fields).filter((name) => required.includes(name)) });
  if (making.hostileOneIn === 0) return whole;
  const foreign = fc.tuple(whole, fc.constantFrom(...foreignKeys), fc.jsonValue({ maxDepth: 1 })).map(([object, key, value]) =>
    Object.fromEntries([...Object.entries(object), [key, value]]),
  );
  const lacking = fc.record(fields, { requiredKeys: [] });
  return fc.oneof({ weight: 20, arbitrary: whole }, { weight: 1, arbitrary: foreign }, { weight: 1, arbitrary: lacking });
}

function textOf({ format, pattern, minLength = 0, maxLength = 60, examples = [] }: Schema): fc.Arbitrary<string> {
  if (format === "uuid") return fc.uuid();
  if (format === "date-time") return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());
  if (format === "uri") return fc.webUrl();
  const made = textLike(pattern, minLength, maxLength);
  const likely = examples.filter((example) => typeof example === "string");
  if (likely.length === 0) return made;
  // A made-up end keeps names apart that must differ.
  const numbered = fc.tuple(fc.constantFrom(...likely), fc.integer({ min: 0, max: 999_999 })).map(([example, number]) => numberedText(example, number, pattern));
  return fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...likely) }, { weight: 3, arbitrary: numbered }, { weight: 2, arbitrary: made });
}

function numberedText(example: string, number: number, pattern: string | undefined): string {
  const text = example.includes("@") ? example.replace("@", `${number}@`) : `${example}-${number}`;
  return pattern === undefined || new RegExp(pattern, "u").test(text) ? text : example;
}

function textLike(pattern: string | undefined, minLength: number, maxLength: number): fc.Arbitrary<string> {
  const plain = fc.string({ unit: "grapheme", minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
  if (!pattern) return plain;
  try {
    return fc.oneof({ weight: 3, arbitrary: fc.stringMatching(new RegExp(pattern)) }, { weight: 1, arbitrary: plain });
  } catch {
    return fc.oneof(plain, fc.constantFrom("GB", "GBP", "mugs", "a=b"));
  }
}
