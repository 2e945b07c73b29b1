import { ShopError } from "./errors.ts";

/**
 * Optimistic locking: the `If-Match` header of a request is its `expectedVersion`. Without one, every version
 * matches.
 *
 * @throws ShopError `precondition-failed` when the row has another version
 */
export function assertVersion(
  row: { readonly version: number },
  { expectedVersion }: { readonly expectedVersion?: number | undefined },
): void {
  if (expectedVersion !== undefined && row.version !== expectedVersion)
    throw new ShopError("precondition-failed");
}
