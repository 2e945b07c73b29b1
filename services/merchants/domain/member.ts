import type { Caller } from "../../../mixins/contract/caller.ts";
import { may } from "../../../mixins/contract/caller.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { MerchantRole, Permission } from "../../../mixins/contract/permissions.ts";
import { merchantRoles } from "../../../mixins/contract/permissions.ts";

/** A user's sessions carry all their memberships. */
export const maxMemberships = 20;
export const maxMembers = 200;
export const maxInvitations = 100;
export const invitationMs = 7 * 24 * 3_600_000;

/**
 * Prevents privilege escalation: members can grant and revoke only roles whose permissions they hold at the
 * merchant. Staff, who manage all merchants, can grant any.
 *
 * @throws ShopError `forbidden` that names the missing permissions
 */
export function assertCanGrantAt(merchantId: string, caller: Caller, ...roles: MerchantRole[]): void {
  if (may(caller, "merchants:write")) return;
  const own =
    caller.kind === "user" ? caller.merchants?.find((each) => each.merchantId === merchantId) : undefined;
  const held: readonly Permission[] = own ? merchantRoles[own.role] : [];
  const missing = roles.flatMap((role) => merchantRoles[role]).filter((needed) => !held.includes(needed));
  if (missing.length > 0)
    throw new ShopError("forbidden", "You can grant or revoke only permissions that you have", {
      permissions: [...new Set(missing)],
    });
}
