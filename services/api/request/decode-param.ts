import type { z } from "zod";
import type { ErrorCode } from "../../../mixins/contract/errors.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Converts the text of a query, path or header param to a value. */
export type ParamDecoder = (text: string) => string | number | boolean | undefined;

/**
 * Creates the decoder for a param's JSON schema. Strict: text that is not a number or a boolean stays text
 * and fails the service's validation, which reports it.
 */
export function paramDecoderFor(schema: JsonSchema | boolean): ParamDecoder {
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

/** Headers with their own syntax, or their own error when missing. */
export const headerRules: ReadonlyMap<
  string,
  { readonly decode?: ParamDecoder; readonly whenMissing: ErrorCode }
> = new Map([
  ["if-match", { decode: versionOfIfMatch, whenMissing: "precondition-required" as const }],
  ["idempotency-key", { whenMissing: "idempotency-key-missing" as const }],
]);

/** Strong entity tag of this gateway: the version, usually followed by a hash. */
const versionTag = /^"([1-9]\d{0,14})(?:-[\w-]*)?"$/;

/**
 * @returns the version in the tag; undefined for `*`, which matches any
 * @throws ShopError `precondition-failed` for text that cannot be a tag of any version
 */
function versionOfIfMatch(text: string): number | undefined {
  if (text.trim() === "*") return undefined;
  const [, version] = versionTag.exec(text.trim()) ?? [];
  if (!version) throw new ShopError("precondition-failed", "If-Match is not a strong ETag of this API");
  return Number(version);
}
