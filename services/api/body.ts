import type { IncomingMessage } from "node:http";
import type { RawBody } from "../contract/contract.ts";
import { ShopError } from "../contract/errors.ts";
import type { Receive } from "./arrivals.ts";
import { tooLarge } from "./arrivals.ts";
import { repeatedKey } from "./repeated-key.ts";

/** The largest body that is read, in bytes. */
export const maxBodyBytes = 256 * 1024;
/** How deep arrays and objects may be nested. */
export const maxDepth = 32;

/**
 * Reads a request's body: one JSON object in UTF-8, or nothing, which is an empty object.
 *
 * @throws ShopError `malformed-request`, `payload-too-large`, `unsupported-media-type`, `validation-failed` when it is
 * JSON but not an object that can be taken over, and what `receive` throws
 */
export async function readJsonObject(request: IncomingMessage, receive: Receive): Promise<Record<string, unknown>> {
  const { "content-length": length, "transfer-encoding": chunked } = request.headers;
  if (chunked === undefined && (length === undefined || length === "0")) return {};
  if (Number(length) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  // Nothing is unpacked, so that it is as large as it looks.
  if (request.headers["content-encoding"] !== undefined) throw new ShopError("unsupported-media-type");
  const bytes = await receive(maxBodyBytes);
  if (bytes.length === 0) return {};
  if (mediaTypeOf(request.headers["content-type"]) !== "application/json") throw new ShopError("unsupported-media-type");
  return parseJsonObject(bytes);
}

/**
 * A body as it arrived.
 *
 * @throws ShopError `payload-too-large`, `unsupported-media-type`, and what `receive` throws
 */
export async function readRawBody(request: IncomingMessage, { mediaType, maxBytes }: RawBody, receive: Receive): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (mediaTypeOf(request.headers["content-type"]) !== mediaType || request.headers["content-encoding"] !== undefined)
    throw new ShopError("unsupported-media-type", `Send ${mediaType}`);
  return receive(maxBytes);
}

/** More of a name that nobody knows need not be told. */
const longestNamed = 100;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws ShopError as `readJsonObject` does */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
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
  examine(value, 1);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw invalid(repeated.slice(0, longestNamed), "repeated", "is given more than once");
  return value as Record<string, unknown>;
}

/** A key that would change an object's prototype where objects are merged carelessly is never passed on. */
function examine(value: object, depth: number): void {
  if (depth > maxDepth) throw new ShopError("malformed-request", `The body is nested deeper than ${maxDepth} levels`);
  if (Object.hasOwn(value, "__proto__")) throw invalid("__proto__", "unknown-field", "There is no such field here");
  for (const inner of Object.values(value) as unknown[])
    if (typeof inner === "object" && inner !== null) examine(inner, depth + 1);
}

/** The media type in small letters, without parameters; undefined when there is none, or its text is not UTF-8. */
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
