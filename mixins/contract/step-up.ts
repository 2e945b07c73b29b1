import type { Caller } from "./caller.ts";
import { ShopError } from "./errors.ts";

/**
 * Step-up protects calls by which a hijacked session could grant rights or destroy data, and staff calls that
 * move money (`money-rule.ts`). Revocations are exempt because they must be quick, and so is daily work with
 * goods, prices and parcels: it is reversible and also done by API keys, which cannot step up.
 * `test/unit/contract/step-up.test.ts` checks every action.
 */

/** Validity of an authentication, by login or at `/auth/step-up`, in milliseconds. */
export const stepUpMs = 15 * 60_000;

/**
 * Requires a recent authentication; with a second factor enabled, only that counts (`SessionRepository`).
 * Operators and services are exempt.
 *
 * @param now milliseconds since 1970
 * @throws ShopError `step-up-required` for users without one, `forbidden` for keys
 */
export function assertStepUp(caller: Caller, now: number): void {
  if (caller.kind === "key") throw new ShopError("forbidden", "API keys cannot re-authenticate");
  if (caller.kind === "user" && !(now - (caller.verifiedAt ?? 0) < stepUpMs))
    throw new ShopError("step-up-required", undefined, { maxAge: stepUpMs / 1000 });
}
