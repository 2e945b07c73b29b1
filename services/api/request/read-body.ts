import type { IncomingMessage } from "node:http";
import type { RawBody } from "../../../mixins/contract/contract.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { maxKeyLength } from "../../../mixins/contract/validate.ts";
import type { ReadBody } from "./slow-body-guard.ts";
import { tooLarge } from "./slow-body-guard.ts";
import { findDuplicateKey } from "./find-duplicate-key.ts";

/** Maximum body size in bytes. */
export const maxBodyBytes = 256 * 1024;
/** Maximum nesting depth of arrays and objects. */
export const maxDepth = 32;
/**
 * Maximum number of values in a body, with arrays and objects counted twice; the largest legitimate body, a
 * product with all variants, has 1600.
 */
export const maxValues = 2000;

/**
 * Reads a request body: one JSON object in UTF-8; an empty body is an empty object.
 *
 * @throws ShopError `malformed-request`, `payload-too-large`, `unsupported-media-type`, `validation-failed`
 *   for JSON that is not a usable object, and errors of `receive`
 */
export async function readJsonObject(
  request: IncomingMessage,
  receive: ReadBody,
): Promise<Record<string, unknown>> {
  const { "content-length": length, "transfer-encoding": chunked } = request.headers;
  if (chunked === undefined && (length === undefined || length === "0")) return {};
  if (Number(length) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  // Compressed bodies are rejected, so a small body cannot expand.
  if (request.headers["content-encoding"] !== undefined) throw notJsonObject("without a Content-Encoding");
  const bytes = await receive(maxBodyBytes);
  if (bytes.length === 0) return {};
  if (mediaTypeOf(request.headers["content-type"]) !== "application/json") throw notJsonObject("in UTF-8");
  return parseJsonObject(bytes);
}

/**
 * Reads a raw body.
 *
 * @throws ShopError `payload-too-large`, `unsupported-media-type`, and errors of `receive`
 */
export async function readRawBody(
  request: IncomingMessage,
  { mediaTypes, maxBytes }: RawBody,
  receive: ReadBody,
): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (
    !mediaTypes.some((mediaType) => mediaTypeOf(request.headers["content-type"]) === mediaType) ||
    request.headers["content-encoding"] !== undefined
  )
    throw new ShopError(
      "unsupported-media-type",
      `Send ${mediaTypes.join(" or ")}, without a Content-Encoding`,
    );
  return receive(maxBytes);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws ShopError as `readJsonObject` does */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
  if (hasMoreValues(bytes, maxValues))
    throw new ShopError("malformed-request", `The body holds more than ${maxValues} values`);
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new ShopError("malformed-request", "The body is not valid JSON in UTF-8");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid("", "invalid-type", "must be a JSON object");
  checkNesting(value, 1);
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined)
    throw invalid(duplicate.slice(0, maxKeyLength), "repeated", "is given more than once");
  return value as Record<string, unknown>;
}

function notJsonObject(how: string): ShopError {
  return new ShopError(
    "unsupported-media-type",
    `Send a JSON object ${how}, with Content-Type: application/json`,
  );
}

const [quote, backslash, comma, openArray, openObject] = Buffer.from('"\\,[{');

/**
 * Counts values before JSON is parsed: making an object of 20,000 keys takes fifty times as long as counting them. Any bytes will do.
 */
function hasMoreValues(bytes: Uint8Array, max: number): boolean {
  let count = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) isText = !isText;
    else if (isText) at += byte === backslash ? 1 : 0;
    else if (byte === comma || byte === openArray || byte === openObject) {
      count += 1;
      if (count > max) return true;
    }
  }
  return false;
}

/** A key that would change an object's prototype where objects are merged carelessly is never passed on. */
function checkNesting(value: object, depth: number): void {
  if (depth > maxDepth)
    throw new ShopError("malformed-request", `The body is nested deeper than ${maxDepth} levels`);
  if (Object.hasOwn(value, "__proto__")) throw invalid("__proto__", "unknown-field", "Unknown field");
  for (const inner of Object.values(value) as unknown[])
    if (typeof inner === "object" && inner !== null) checkNesting(inner, depth + 1);
}

/** The media type in lower case without parameters; undefined when the header is missing or not UTF-8. */
export function mediaTypeOf(contentType: string | undefined): string | undefined {
  const [type = "", ...parameters] = (contentType ?? "").toLowerCase().split(";");
  const isUtf8 = parameters.every((parameter) => {
    const [name = "", value = ""] = parameter.split("=");
    return name.trim() !== "charset" || /^"?utf-?8"?$/.test(value.trim());
  });
  return isUtf8 && type.trim() !== "" ? type.trim() : undefined;
}

function invalid(path: string, code: string, message: string): ShopError {
  return new ShopError("validation-failed", undefined, { errors: [{ path, code, message }] });
}
