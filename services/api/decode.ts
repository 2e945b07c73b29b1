import type { z } from "zod";
import type { ErrorCode } from "../contract/errors.ts";
import { ShopError } from "../contract/errors.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Makes a value out of a query's, path's or header's text. */
export type Decode = (text: string) => string | number | boolean | undefined;

/**
 * The way from text to the type that a param's JSON schema names. It is strict: what does not look like a number or
 * a boolean stays text and fails the service's validation, which knows how to say so.
 */
export function decoderFor(schema: JsonSchema | boolean): Decode {
  const types = typesOf(schema);
  if (types.has("integer") || types.has("number")) return toNumber;
  if (types.has("boolean")) return toBoolean;
  return (text) => text;
}

function typesOf(schema: JsonSchema | boolean): Set<string> {
  if (typeof schema === "boolean") return new Set();
  const { type, anyOf = [], oneOf = [] } = schema;
  const own: unknown[] = Array.isArray(type) ? type : [type];
  const below = [...anyOf, ...oneOf].flatMap((option) => [...typesOf(option)]);
  return new Set([...own.filter((name) => typeof name === "string"), ...below]);
}

const numeral = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

function toNumber(text: string): string | number {
  return numeral.test(text) ? Number(text) : text;
}

function toBoolean(text: string): string | boolean {
  return text === "true" ? true : text === "false" ? false : text;
}

/** Headers that have a syntax of their own, or an answer of their own when they are missing. */
export const headerRules: ReadonlyMap<string, { readonly decode?: Decode; readonly whenMissing: ErrorCode }> = new Map([
  ["if-match", { decode: versionOfIfMatch, whenMissing: "precondition-required" as const }],
  ["idempotency-key", { whenMissing: "idempotency-key-missing" as const }],
]);

/** A strong entity tag as this gateway makes them: the version, and usually a hash behind it. */
const versionTag = /^"([1-9]\d{0,14})(?:-[\w-]*)?"$/;

/**
 * @returns the version that the tag names; undefined for `*`, which accepts any
 * @throws ShopError `precondition-failed` for what cannot be the tag of any version
 */
function versionOfIfMatch(text: string): number | undefined {
  if (text.trim() === "*") return undefined;
  const [, version] = versionTag.exec(text.trim()) ?? [];
  if (!version) throw new ShopError("precondition-failed", "If-Match does not hold a strong ETag that was given out here");
  return Number(version);
}
