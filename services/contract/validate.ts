import type { z } from "zod";
import type { FieldError } from "./errors.ts";
import { ShopError } from "./errors.ts";

const faultsShown = 20;

/**
 * Checks params against their contract and fills in defaults.
 *
 * @throws ShopError `validation-failed` that lists the first faults by field; it never repeats a value
 */
export function checkParams<S extends z.ZodType>(schema: S, params: unknown): z.output<S> {
  const checked = schema.safeParse(params);
  if (checked.success) return checked.data;
  const errors = checked.error.issues.flatMap(fieldErrors).slice(0, faultsShown);
  throw new ShopError("validation-failed", undefined, { errors });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...path, key].join("."),
      code: "unknown-field",
      message: "There is no such field here",
    }));
  return [{ path: path.join("."), code: issue.code.replaceAll("_", "-"), message: issue.message }];
}
