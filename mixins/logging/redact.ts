import { redactText } from "./redact-text.ts";

const redacted = "[redacted]";

/** Names of values that no log may tell, whatever they are part of: without signs and in small letters. */
const secretName =
  /pass(?:word|phrase|wd)|^pass$|pwd$|secret|token|authorization|cookie|(?:api|audit|private|signing|encryption|master|access)key|credential|totp|otp$|recoverycodes?|challenge|cvc|cvv|cardnumber|^(?:card|pan|iban)$|signature$|^salt$/;
/** What a database's error repeats of a statement: the values that were sent with it. */
const sentToDatabase = new Set(["sql", "parameters", "values", "bind"]);
/** A `code` is an error's, or what an authenticator app shows. */
const appCode = /^\d{6,8}$/;

const deepest = 8;
/** How many values of one log line are looked at; what is beyond is not told. */
const mostValues = 2000;
const mostItems = 100;
const longestText = 10_000;

/**
 * What may be logged of a value: the same without what is secret, by name at any depth and by its looks in any text.
 * Whatever cannot be looked through, because it is too deep, too large or not made of plain values, is not told.
 */
export function redact(value: unknown): unknown {
  return new Redaction().of(value, 0);
}

class Redaction {
  readonly #seen = new WeakSet<object>();
  #left = mostValues;

  of(value: unknown, depth: number): unknown {
    this.#left -= 1;
    if (this.#left < 0) return "[more]";
    if (typeof value === "string") return redactText(value.length > longestText ? `${value.slice(0, longestText)}…` : value);
    if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
    if (value instanceof URL) return redactText(value.href);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (this.#seen.has(value)) return "[again]";
    if (depth >= deepest) return "[deeper]";
    this.#seen.add(value);
    return this.#parts(value, depth + 1);
  }

  #parts(value: object, depth: number): unknown {
    if (Array.isArray(value) || value instanceof Set) {
      const items = [...(value as Iterable<unknown>)];
      const told = items.slice(0, mostItems).map((item) => this.of(item, depth));
      return items.length > mostItems ? [...told, `[${items.length - mostItems} more]`] : told;
    }
    const isError = value instanceof Error;
    const entries = value instanceof Map ? [...value].map(([key, part]) => [String(key), part] as const) : partsOf(value);
    const told: Record<string, unknown> = {};
    for (const [name, part] of entries.slice(0, mostItems))
      told[redactText(name)] = isError && sentToDatabase.has(name) ? redacted : this.#named(name, part, depth);
    return told;
  }

  #named(name: string, part: unknown, depth: number): unknown {
    const bare = name.toLowerCase().replace(/[^a-z0-9]/g, "");
    const tellsNothing = part === null || part === undefined || typeof part === "boolean";
    if (!tellsNothing && (secretName.test(bare) || (bare === "code" && isAppCode(part)))) return redacted;
    return this.of(part, depth);
  }
}

function isAppCode(part: unknown): boolean {
  return (typeof part === "string" || typeof part === "number") && appCode.test(String(part));
}

/** An object's own parts; of an error also those that do not show by themselves. */
function partsOf(value: object): (readonly [string, unknown])[] {
  const hidden = value instanceof Error ? ["name", "message", "stack", "cause", "errors"] : [];
  const names = new Set([...hidden.filter((name) => name in value), ...Object.keys(value)]);
  return [...names].map((name) => [name, read(value, name)] as const);
}

function read(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return "[unreadable]";
  }
}
