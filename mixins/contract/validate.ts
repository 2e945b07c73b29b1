import { z } from "zod";
import type { FieldError } from "./errors.ts";
import { ShopError } from "./errors.ts";

const maxFaults = 20;
/** Maximum length of an unknown key in an error. */
export const maxKeyLength = 100;

/**
 * Checks params against their contract and fills in defaults.
 *
 * @throws ShopError `validation-failed` that lists the first faults by field; it never repeats a value
 */
export function checkParams<S extends z.core.$ZodType>(schema: S, params: unknown): z.output<S> {
  // zod needs the input to tell a missing field from a wrong one; the errors do not contain it.
  const checked = z.safeParse(schema, params, { error: messageOf, reportInput: true });
  if (checked.success) return checked.data;
  const errors = checked.error.issues.values().flatMap(fieldErrors).take(maxFaults).toArray();
  throw new ShopError("validation-failed", undefined, { errors });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map((part) => String(part).slice(0, maxKeyLength));
  if (issue.code === "unrecognized_keys")
    return issue.keys.slice(0, maxFaults).map((key) => ({
      path: [...path, key.slice(0, maxKeyLength)].join("."),
      code: "unknown-field",
      message: issue.message,
    }));
  if (issue.code === "invalid_union" && issue.errors.length > 0 && issue.input !== undefined) {
    // Report the union member with the fewest faults.
    const [nearest = []] = issue.errors.toSorted(
      (one, other) => unknownKeys(one) - unknownKeys(other) || one.length - other.length,
    );
    return nearest.flatMap((fault) => fieldErrors({ ...fault, path: [...issue.path, ...fault.path] }));
  }
  return [{ path: path.join("."), code: codeOf(issue), message: issue.message }];
}

/** Whether the value has keys that this union member lacks. */
function unknownKeys(issues: readonly z.core.$ZodIssue[]): number {
  return Number(issues.some((issue) => issue.code === "unrecognized_keys"));
}

/** Codes documented in `docs/problems.md`. */
const codes = {
  invalid_type: "invalid-type",
  too_small: "too-small",
  too_big: "too-big",
  invalid_format: "invalid-format",
  not_multiple_of: "invalid-value",
  invalid_value: "invalid-value",
  invalid_union: "invalid-value",
  invalid_key: "invalid-key",
  invalid_element: "invalid-value",
  custom: "invalid-value",
  unrecognized_keys: "unknown-field",
} as const satisfies Record<z.core.$ZodIssue["code"], string>;

/** @param issue with its input; a field without input counts as missing */
export function codeOf(issue: z.core.$ZodIssue): string {
  return isMissing(issue) ? "required" : codes[issue.code];
}

function isMissing({ code, input }: { readonly code: string; readonly input?: unknown }): boolean {
  return input === undefined && code !== "unrecognized_keys" && code !== "invalid_key";
}

const types: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  null: "null",
};

const formats: Readonly<Record<string, string>> = {
  uuid: "must be a UUID",
  datetime: "must be a UTC timestamp, such as 2026-01-31T08:30:00.000Z",
  email: "must be an e-mail address",
  base64: "must be in base64",
  url: "must be a URL, such as https://shop.example",
};

/** Default message of an issue. It never repeats the value. */
export function messageOf(issue: z.core.$ZodRawIssue): string {
  if (isMissing(issue)) return "is required";
  switch (issue.code) {
    case "unrecognized_keys":
      return "Unknown field";
    case "invalid_type":
      return `must be ${types[issue.expected as string] ?? "of another type"}`;
    case "too_small":
      return sizeOf(issue.origin, "at least", issue.minimum as number, issue.inclusive !== false);
    case "too_big":
      return sizeOf(issue.origin, "at most", issue.maximum as number, issue.inclusive !== false);
    case "invalid_format":
      return formats[issue.format as string] ?? "has an invalid format";
    case "invalid_value":
      return `must be ${oneOf(issue.values)}`;
    case "not_multiple_of":
      return `must be a multiple of ${String(issue.divisor)}`;
    case "invalid_key":
      return "has an invalid name";
    case "invalid_union":
    case "invalid_element":
    case "custom":
      return "has none of the accepted forms";
  }
}

function sizeOf(origin: string, bound: "at least" | "at most", size: number, inclusive: boolean): string {
  if (origin === "string")
    return size === 1 && bound === "at least" ? "must not be empty" : `must have ${bound} ${size} characters`;
  if (origin === "array" || origin === "set")
    return `must have ${bound} ${size} ${size === 1 ? "item" : "items"}`;
  if (!inclusive) return `must be ${bound === "at least" ? "more" : "less"} than ${size}`;
  return `must be ${bound} ${size}`;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(", ")}`;
}
