import type { Caller } from "./caller.ts";
import { may } from "./caller.ts";
import type { Access } from "./contract.ts";
import { ShopError } from "./errors.ts";

/**
 * Lets a caller through, or not, as the contract says. The gateway asks before it sends a request on, and the
 * service asks again before the handler runs.
 *
 * @throws ShopError `unauthenticated` for guests, `forbidden` for users without the permission
 */
export function authorize(access: Access, caller: Caller): void {
  if (access === "anyone" || access === "internal") return;
  if (caller.kind === "guest") throw new ShopError("unauthenticated");
  if (access === "signed-in") {
    if (caller.kind !== "user") throw new ShopError("forbidden", "Only a user has this; call it on a user's behalf");
    return;
  }
  if ("ownerOr" in access) return;
  if (!may(caller, access.permission)) throw new ShopError("forbidden", undefined, { permission: access.permission });
}
