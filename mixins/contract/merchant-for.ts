import type { Caller } from "./caller.ts";
import { may, merchantsWith } from "./caller.ts";
import { ShopError } from "./errors.ts";
import type { Permission } from "./permissions.ts";

/**
 * The merchant whose new thing it is, for an action with the access `merchantOr`: staff's choice, the shop itself by
 * default; of members one that they work for with the permission, by default the only one.
 *
 * @throws ShopError `not-found` for another merchant, `validation-failed` for members of several who name none
 */
export function merchantFor(
  caller: Caller,
  permission: Permission,
  wanted: string | null | undefined,
): string | null {
  if (may(caller, permission)) return wanted ?? null;
  const own = merchantsWith(caller, permission);
  const [only] = own;
  if (wanted !== undefined && wanted !== null) {
    if (!own.includes(wanted)) throw new ShopError("not-found", "Merchant not found");
    return wanted;
  }
  if (only !== undefined && own.length === 1) return only;
  throw new ShopError("validation-failed", undefined, {
    errors: [
      { path: "merchantId", code: "required", message: "must name one of the merchants that you work for" },
    ],
  });
}
