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
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // Of several forms, the one that was most nearly met is what was meant.
    const [nearest = []] = issue.errors.toSorted(
      (one, other) => foreignKeys(one) - foreignKeys(other) || one.length - other.length,
    );
    return nearest.flatMap((fault) => fieldErrors({ ...fault, path: [...issue.path, ...fault.path] }));
  }
  return [{ path: path.join("."), code: issue.code.replaceAll("_", "-"), message: issue.message }];
}

/** Whether there is something in the value that this form does not have. */
function foreignKeys(issues: readonly z.core.$ZodIssue[]): number {
  return Number(issues.some((issue) => issue.code === "unrecognized_keys"));
}
