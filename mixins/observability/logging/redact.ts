import { redactText } from "./redact-text.ts";

const redacted = "[redacted]";

/** Names of secret properties, lower-case and without separators. */
const secretName =
  /pass(?:word|phrase|wd)|^pass$|pwd$|secret|token|authorization|cookie|(?:api|audit|private|signing|encryption|master|access)key|credential|totp|otp$|recoverycodes?|challenge|cvc|cvv|cardnumber|^(?:card|pan|iban)$|signature$|^salt$/;
/** Properties of database errors that contain a statement's values. */
const statementFields = new Set(["sql", "parameters", "values", "bind"]);
/** An authenticator app's `code`, as opposed to an error's. */
const oneTimeCode = /^\d{6,8}$/;

const maxDepth = 8;
/** Maximum number of values per log line; the rest is omitted. */
const maxValues = 2000;
const maxItems = 100;
const maxTextLength = 10_000;

/**
 * A loggable copy of a value: redacts secrets by property name at any depth and by pattern in any text; omits
 * parts that are too deep, too large or not plain values.
 */
export function redact(value: unknown): unknown {
  return new Redaction().of(value, 0);
}

class Redaction {
  readonly #seen = new WeakSet<object>();
  #remaining = maxValues;

  of(value: unknown, depth: number): unknown {
    this.#remaining -= 1;
    if (this.#remaining < 0) return "[more]";
    if (typeof value === "string")
      return redactText(value.length > maxTextLength ? `${value.slice(0, maxTextLength)}…` : value);
    if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
    if (value instanceof URL) return redactText(value.href);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (this.#seen.has(value)) return "[again]";
    if (depth >= maxDepth) return "[deeper]";
    this.#seen.add(value);
    return this.#parts(value, depth + 1);
  }

  #parts(value: object, depth: number): unknown {
    if (Array.isArray(value) || value instanceof Set) {
      const items = [...(value as Iterable<unknown>)];
      const shown = items.slice(0, maxItems).map((item) => this.of(item, depth));
      return items.length > maxItems ? [...shown, `[${items.length - maxItems} more]`] : shown;
    }
    const isError = value instanceof Error;
    const entries =
      value instanceof Map ? [...value].map(([key, part]) => [String(key), part] as const) : partsOf(value);
    const result: Record<string, unknown> = {};
    for (const [name, part] of entries.slice(0, maxItems))
      result[redactText(name)] =
        isError && statementFields.has(name) ? redacted : this.#named(name, part, depth);
    return result;
  }

  #named(name: string, part: unknown, depth: number): unknown {
    const bare = name.toLowerCase().replace(/[^a-z0-9]/g, "");
    const isHarmless = part === null || part === undefined || typeof part === "boolean";
    if (!isHarmless && (secretName.test(bare) || (bare === "code" && isOneTimeCode(part)))) return redacted;
    return this.of(part, depth);
  }
}

function isOneTimeCode(part: unknown): boolean {
  return (typeof part === "string" || typeof part === "number") && oneTimeCode.test(String(part));
}

/** An object's properties; of an error also the non-enumerable ones. */
function partsOf(value: object): (readonly [string, unknown])[] {
  const hidden = value instanceof Error ? ["name", "message", "stack", "cause", "errors"] : [];
  const names = new Set([...hidden.filter((name) => name in value), ...Object.keys(value)]);
  return [...names].map((name) => [name, readProperty(value, name)] as const);
}

function readProperty(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return "[unreadable]";
  }
}
