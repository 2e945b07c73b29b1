import type { Caller } from "./caller.ts";
import { may } from "./caller.ts";
import type { ActionContract } from "./contract.ts";
import { ShopError } from "./errors.ts";
import { stepUpMs } from "./step-up.ts";

/**
 * Lets a caller through, or not, as the contract says. The gateway asks before it sends a request on, and the
 * service asks again before the handler runs.
 *
 * @param now milliseconds since 1970
 * @throws ShopError `unauthenticated` for guests, `forbidden` for those without the permission, `step-up-required` for
 *   users who have not shown lately that it is they
 */
export function authorize(contract: Pick<ActionContract, "access" | "stepUp">, caller: Caller, now: number): void {
  const { access } = contract;
  if (access === "anyone" || access === "internal") return;
  if (caller.kind === "guest") throw new ShopError("unauthenticated");
  if (access === "signed-in") {
    if (caller.kind !== "user") throw new ShopError("forbidden", "Only a user has this; call it on a user's behalf");
  } else {
    // A machine owns nothing, so that it needs the permission where a user may act as the owner.
    const permission = "permission" in access ? access.permission : caller.kind === "key" ? access.ownerOr : undefined;
    if (permission && !may(caller, permission)) throw new ShopError("forbidden", whyNot(caller), { permission });
  }
  if (!contract.stepUp) return;
  if (caller.kind === "key") throw new ShopError("forbidden", "This takes a person who shows that it is they");
  if (caller.kind === "user" && !(now - (caller.verifiedAt ?? 0) < stepUpMs))
    throw new ShopError("step-up-required", undefined, { maxAge: stepUpMs / 1000 });
}

function whyNot(caller: Caller): string | undefined {
  const waits = caller.kind === "user" && caller.lacksSecondFactor;
  return waits ? "Staff need a second factor here: set it up at /me/two-factor, or log in with it" : undefined;
}
