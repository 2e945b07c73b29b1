import type { Caller } from "./caller.ts";
import { may } from "./caller.ts";
import type { Access } from "./contract.ts";
import { ShopError } from "./errors.ts";
import { assertStepUp } from "./step-up.ts";

/**
 * The rule for moving money: refunds, returns, cancellations, coupons and payments recorded by staff. Staff
 * need a recent step-up; API keys, which cannot step up, need `money:write`. Owners who pay or cancel their
 * own order are exempt. `services/orders/money` limits the amounts.
 *
 * @param access of the action
 * @param now milliseconds since 1970
 * @throws ShopError `forbidden` for keys without `money:write`, `step-up-required` for staff
 */
export function assertMayMoveMoney(access: Access, caller: Caller, now: number): void {
  if (caller.kind === "key") {
    const permission = "money:write";
    if (!may(caller, permission))
      throw new ShopError("forbidden", "The API key lacks the permission to move money", { permission });
    return;
  }
  if (caller.kind === "order") return;
  const actsAsOwner = typeof access === "object" && "ownerOr" in access && !may(caller, access.ownerOr);
  if (!actsAsOwner) assertStepUp(caller, now);
}
