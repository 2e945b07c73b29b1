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

/** Ids of things that exist, or once did, by which requests find something. */
export type KnownIds = readonly string[];

/** Values of a schema, most of them as it says; every tenth is hostile. */
export function valueOf(schema: Schema, document: ApiDocument, known: KnownIds, depth = 0): fc.Arbitrary<unknown> {
  const right = rightValueOf(schema, document, known, depth);
  return fc.oneof({ weight: 19, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...hostileScalars) });
}

function rightValueOf(schema: Schema, document: ApiDocument, known: KnownIds, depth: number): fc.Arbitrary<unknown> {
  const inner = (one: Schema) => valueOf(one, document, known, depth + 1);
  if (schema.$ref) return inner(document.components.schemas[schema.$ref.slice("#/components/schemas/".length)] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return fc.oneof(...forms.map(inner));
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  switch (type ?? "") {
    case "integer":
      return fc.integer({ min: Math.max(schema.minimum ?? -100, -(2 ** 31)), max: Math.min(schema.maximum ?? 10_000, 2 ** 31) });
    case "number":
      return fc.double();
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(inner(schema.items ?? {}), { maxLength: 3 });
    case "object":
      return objectOf(schema, inner, depth);
    case "string":
      return textOf(schema, known);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf({ properties = {}, required = [] }: Schema, inner: (schema: Schema) => fc.Arbitrary<unknown>, depth: number): fc.Arbitrary<unknown> {
  if (depth > 6) return fc.constant({});
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, inner(schema)]));
  const whole = fc.record(fields, { requiredKeys: Object.keys(fields).filter((name) => required.includes(name)) });
  const foreign = fc.tuple(whole, fc.constantFrom(...foreignKeys), fc.jsonValue({ maxDepth: 1 })).map(([object, key, value]) =>
    Object.fromEntries([...Object.entries(object), [key, value]]),
  );
  const lacking = fc.record(fields, { requiredKeys: [] });
  return fc.oneof({ weight: 12, arbitrary: whole }, { weight: 1, arbitrary: foreign }, { weight: 1, arbitrary: lacking });
}

const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function textOf({ format, pattern, minLength = 0, maxLength = 60 }: Schema, known: KnownIds): fc.Arbitrary<string> {
  if (format === "uuid") {
    const ids = known.filter((text) => isUuid.test(text));
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: fc.uuid() });
  }
  if (format === "email") return fc.constantFrom("ada@example.org", "bob@example.org", "nobody@nowhere.example");
  if (format === "date-time") return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());
  if (format === "uri") return fc.webUrl();
  const plain = fc.string({ unit: "grapheme", minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
  if (!pattern) return fc.oneof(plain, fc.constantFrom(...known));
  try {
    return fc.oneof(fc.stringMatching(new RegExp(pattern)), plain);
  } catch {
    return fc.oneof(plain, fc.constantFrom("GB", "GBP", "mugs", "a=b"));
  }
}
