import type { Caller } from "../contract/caller.ts";
import { ShopError } from "../contract/errors.ts";
import type { Permission } from "../contract/permissions.ts";
import { beyond } from "./domain/roles.ts";

/**
 * Nobody gives, or takes away, what they do not have themselves.
 *
 * @throws ShopError `forbidden` that names what the caller lacks
 */
export function demandOwn(caller: Caller, permissions: readonly Permission[]): void {
  const lacking = beyond(caller, permissions);
  if (lacking.length > 0)
    throw new ShopError("forbidden", "Nobody gives or takes what they do not have themselves", { permissions: lacking });
}
