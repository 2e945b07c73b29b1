import type { Caller } from "./caller.ts";
import { may, merchantsWith } from "./caller.ts";
import type { Access, ActionContract } from "./contract.ts";
import { ShopError } from "./errors.ts";
import type { Permission } from "./permissions.ts";
import { assertMayMoveMoney } from "./money-rule.ts";
import { assertStepUp } from "./step-up.ts";

/**
 * Authorizes a call by the action's contract. The gateway checks before it forwards a request, the service
 * again before the handler.
 *
 * @param now milliseconds since 1970
 * @throws ShopError `unauthenticated` for guests, `forbidden` without the permission or with an order's token,
 *   `step-up-required` for users whose last authentication is too old
 */
export function authorize(
  contract: Pick<ActionContract, "access" | "stepUp" | "movesMoney">,
  caller: Caller,
  now: number,
): void {
  const { access } = contract;
  if (access === "anyone" || access === "internal") return;
  if (caller.kind === "guest") {
    if (access === "shopper") return;
    throw new ShopError("unauthenticated");
  }
  if (caller.kind === "order") {
    if (orderParamOf(access) !== undefined) return;
    throw new ShopError("forbidden", "The token of an order opens that order only; log in for the rest");
  }
  if (access === "signed-in" || access === "shopper" || "buyerOf" in access) {
    if (caller.kind !== "user")
      throw new ShopError("forbidden", "Requires a user; call it on a user's behalf");
  } else if ("merchantOr" in access) {
    const permission = access.merchantOr;
    if (!may(caller, permission) && merchantsWith(caller, permission).length === 0)
      throw new ShopError("forbidden", refusalDetail(caller, permission), { permission });
  } else {
    // Keys own nothing: they need the permission where a user may act as the owner.
    const permission =
      "permission" in access ? access.permission : caller.kind === "key" ? access.ownerOr : undefined;
    if (permission && !may(caller, permission))
      throw new ShopError("forbidden", refusalDetail(caller, permission), { permission });
  }
  if (contract.stepUp) assertStepUp(caller, now);
  if (contract.movesMoney) assertMayMoveMoney(access, caller, now);
}

/** The param with the order's id, of an action that the order's token opens. */
function orderParamOf(access: Access): string | undefined {
  if (typeof access !== "object") return undefined;
  if ("buyerOf" in access) return access.buyerOf;
  return "ownerOr" in access ? access.orderToken : undefined;
}

/**
 * Keeps the bearer of an order's token to that order, whatever the guest has ordered besides. The service
 * checks it before the handler.
 *
 * @param params checked ones
 * @throws ShopError `not-found` for another order
 */
export function assertOwnOrder(
  { access }: Pick<ActionContract, "access">,
  caller: Caller,
  params: unknown,
): void {
  if (caller.kind !== "order") return;
  const param = orderParamOf(access);
  if (param !== undefined && (params as Record<string, unknown>)[param] !== caller.orderId)
    throw new ShopError("not-found");
}

function refusalDetail(caller: Caller, permission: Permission): string | undefined {
  if (caller.kind === "key" && caller.service !== undefined)
    return `The service ${caller.service} lacks ${permission}: name it in its settings.permissions`;
  const waits = caller.kind === "user" && caller.lacksSecondFactor;
  return waits ? "Staff need a second factor: set it up at /me/two-factor, or log in with it" : undefined;
}
