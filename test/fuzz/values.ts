import fc from "fast-check";
import type { ApiDocument, Schema } from "./operations.ts";

/** Hostile values. */
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

/** Keys with a special meaning, if they leaked through. */
export const foreignKeys = [
  "price",
  "total",
  "role",
  "userId",
  "status",
  "__proto__",
  "constructor",
  "$params",
  "$meta",
  "no such key",
];

/** A reference to values of this name in responses, resolved on sending. */
export class LearnedValue {
  readonly name: string;
  /** Selects one, from 0 to 1; later ones first. */
  readonly which: number;
  /** Used while no known value fits. */
  readonly otherwise: unknown;
  readonly #schema: Schema;

  constructor(name: string, which: number, otherwise: unknown, schema: Schema) {
    this.name = name;
    this.which = which;
    this.otherwise = otherwise;
    this.#schema = schema;
  }

  /** True when it fits the schema. */
  suits(value: unknown): boolean {
    const { pattern, maxLength = Infinity } = this.#schema;
    if (typeof value !== "string") return true;
    return value.length <= maxLength && (pattern === undefined || new RegExp(pattern, "u").test(value));
  }
}

/** Options of value generation. */
export interface GeneratorOptions {
  readonly document: ApiDocument;
  /** One value in this many is hostile; 0: none. */
  readonly hostileOneIn: number;
  /** A valid body of each media type other than JSON, as far as there is one. */
  readonly files?: Readonly<Record<string, Buffer>>;
}

/** Generates values of a schema, mostly valid ones. */
export function valueOf(
  schema: Schema,
  options: GeneratorOptions,
  name = "",
  depth = 0,
): fc.Arbitrary<unknown> {
  const right = rightValueOf(schema, options, name, depth);
  if (options.hostileOneIn === 0) return right;
  return fc.oneof(
    { weight: options.hostileOneIn - 1, arbitrary: right },
    { weight: 1, arbitrary: fc.constantFrom(...hostileScalars) },
  );
}

function rightValueOf(
  schema: Schema,
  options: GeneratorOptions,
  name: string,
  depth: number,
): fc.Arbitrary<unknown> {
  const inner = (one: Schema) => valueOf(one, options, name, depth + 1);
  if (schema.$ref) {
    const component = schema.$ref.slice("#/components/schemas/".length);
    return learnedOr(
      name,
      schema,
      rightValueOf(options.document.components.schemas[component] ?? {}, options, name, depth),
    );
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
    case "array": {
      const made = fc.array(inner(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, 3),
      });
      return schema.examples ? fc.oneof(fc.constantFrom(...schema.examples), made) : made;
    }
    case "object":
      return objectOf(schema, options, depth);
    case "string":
      return learnedOr(name, schema, textOf(schema));
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** Prefers known values of the same name. */
function learnedOr(name: string, schema: Schema, otherwise: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (name === "") return otherwise;
  const known = fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), otherwise)
    .map(([which, other]) => new LearnedValue(name, which, other, schema));
  return fc.oneof({ weight: 3, arbitrary: known }, { weight: 2, arbitrary: otherwise });
}

/** Mostly small ones: few resources exist a million times. */
function integerOf({ minimum = -100, maximum = 10_000 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -(2 ** 31)), Math.min(maximum, 2 ** 31)];
  const small = fc.integer({
    min: Math.max(min, Math.min(0, max)),
    max: Math.max(min, Math.min(max, Math.max(min, 0) + 3)),
  });
  return fc.oneof({ weight: 3, arbitrary: small }, { weight: 1, arbitrary: fc.integer({ min, max }) });
}

function objectOf(
  { properties = {}, required = [], examples }: Schema,
  options: GeneratorOptions,
  depth: number,
): fc.Arbitrary<unknown> {
  if (depth > 6) return fc.constant({});
  if (examples && Object.keys(properties).length === 0) return fc.constantFrom(...examples);
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, options, name, depth + 1)]),
  );
  const requiredKeys = Object.keys(fields).filter((name) => required.includes(name));
  const optional = Object.entries(fields).filter(([name]) => !required.includes(name));
  const needed = fc.record(
    Object.fromEntries(requiredKeys.map((name) => [name, fields[name] ?? fc.constant(null)])),
  );
  const any = fc.record(fields, { requiredKeys });
  // Of many optional fields, one is soon wrong.
  const whole =
    optional.length < 2
      ? any
      : fc.oneof(
          any,
          fc
            .tuple(
              needed,
              fc.oneof(...optional.map(([name, value]) => value.map((one) => ({ [name]: one })))),
            )
            .map(([object, one]) => ({ ...object, ...one })),
        );
  if (options.hostileOneIn === 0) return whole;
  const foreign = fc
    .tuple(whole, fc.constantFrom(...foreignKeys), fc.jsonValue({ maxDepth: 1 }))
    .map(([object, key, value]) => Object.fromEntries([...Object.entries(object), [key, value]]));
  const lacking = fc.record(fields, { requiredKeys: [] });
  return fc.oneof(
    { weight: 20, arbitrary: whole },
    { weight: 1, arbitrary: foreign },
    { weight: 1, arbitrary: lacking },
  );
}

function textOf({
  format,
  pattern,
  minLength = 0,
  maxLength = 60,
  examples = [],
}: Schema): fc.Arbitrary<string> {
  if (format === "uuid") return fc.uuid();
  if (format === "date-time")
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString());
  if (format === "uri") return fc.webUrl();
  const made = textLike(pattern, minLength, maxLength);
  const likely = examples.filter((example) => typeof example === "string");
  if (likely.length === 0) return made;
  // A random suffix keeps unique names distinct.
  const numbered = fc
    .tuple(fc.constantFrom(...likely), fc.integer({ min: 0, max: 999_999 }))
    .map(([example, number]) => numberedText(example, number, pattern));
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...likely) },
    { weight: 3, arbitrary: numbered },
    { weight: 2, arbitrary: made },
  );
}

function numberedText(example: string, number: number, pattern: string | undefined): string {
  const text = example.includes("@") ? example.replace("@", `${number}@`) : `${example}-${number}`;
  return pattern === undefined || new RegExp(pattern, "u").test(text) ? text : example;
}

function textLike(pattern: string | undefined, minLength: number, maxLength: number): fc.Arbitrary<string> {
  const plain = fc.string({
    unit: "grapheme",
    minLength,
    maxLength: Math.max(minLength, Math.min(maxLength, 60)),
  });
  if (!pattern) return plain;
  const matching = textMatching(pattern);
  if (!matching) return fc.oneof(plain, fc.constantFrom("GB", "GBP", "mugs", "a=b"));
  return fc.oneof({ weight: 3, arbitrary: matching }, { weight: 1, arbitrary: plain });
}

const matchingTexts = new Map<string, fc.Arbitrary<string> | undefined>();

/**
 * Cached, since fast-check takes milliseconds to parse a pattern.
 *
 * @returns undefined for an unsupported pattern
 */
function textMatching(pattern: string): fc.Arbitrary<string> | undefined {
  if (!matchingTexts.has(pattern)) matchingTexts.set(pattern, readPattern(pattern));
  return matchingTexts.get(pattern);
}

function readPattern(pattern: string): fc.Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return undefined;
  }
}
