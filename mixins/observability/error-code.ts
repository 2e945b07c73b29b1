import { isShopError } from "../contract/errors.ts";

/** Types of Moleculer's errors, such as `REQUEST_TIMEOUT`; other types may be arbitrary text. */
const frameworkType = /^[A-Z][A-Z_]{2,39}$/;

/** Code of an error for metrics and traces: the shop's code, Moleculer's type, or `internal-error`. */
export function errorCode(error: unknown): string {
  if (isShopError(error)) return error.type;
  const type: unknown = error instanceof Error && "type" in error ? error.type : undefined;
  return typeof type === "string" && frameworkType.test(type) ? type : "internal-error";
}
