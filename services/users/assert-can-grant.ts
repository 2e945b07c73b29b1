import type { Caller } from "../../mixins/contract/caller.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import { missingPermissions } from "./domain/roles.ts";

/**
 * Prevents privilege escalation: callers can grant or revoke only permissions they hold.
 *
 * @throws ShopError `forbidden` that names the missing permissions
 */
export function assertCanGrant(caller: Caller, permissions: readonly Permission[]): void {
  const missing = missingPermissions(caller, permissions);
  if (missing.length > 0)
    throw new ShopError("forbidden", "You can grant or revoke only permissions that you have", {
      permissions: missing,
    });
}
