import { isShopError } from "../services/contract/errors.ts";

/** The framework's own errors have types such as `REQUEST_TIMEOUT`; any other text could be anything. */
const frameworkType = /^[A-Z][A-Z_]{2,39}$/;

/** What to count an error under: the shop's code, the framework's type, or `internal-error`. */
export function errorCode(error: unknown): string {
  if (isShopError(error)) return error.type;
  const type: unknown = error instanceof Error && "type" in error ? error.type : undefined;
  return typeof type === "string" && frameworkType.test(type) ? type : "internal-error";
}
