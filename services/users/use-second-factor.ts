import type { Tx } from "../../mixins/database/database.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { blockedUntil, hashOfRecoveryCode, isRecoveryCode } from "./domain/second-factor.ts";
import { stepOfCode } from "./domain/totp.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

/** Outcome of a code: `right`, `wrong`, or the end of a block (milliseconds since the Unix epoch). */
export type CodeOutcome = "right" | "wrong" | number;

/**
 * Verifies an app's code or a recovery code; either works once. Wrong ones are counted in the transaction,
 * which must commit in any case. Recovery codes work during a block, which cannot be guessed, so an attacker
 * cannot lock the owner out.
 *
 * @param recovery true when recovery codes are accepted
 */
export async function verifySecondFactor(
  userId: string,
  code: string,
  now: number,
  tx: Tx,
  { twoFactor }: UsersDependencies,
  { recovery = true } = {},
): Promise<CodeOutcome> {
  const factor = await twoFactor.lock(userId, tx);
  if (!factor) return "wrong";
  if (
    recovery &&
    isRecoveryCode(code) &&
    (await twoFactor.useRecoveryCode(userId, hashOfRecoveryCode(code), tx))
  )
    return "right";
  if (factor.blockedUntil > now) return factor.blockedUntil;
  const step = stepOfCode(factor.secret, code.replaceAll(/\s/g, ""), now);
  if (step !== undefined && (await twoFactor.useStep(userId, step, tx))) return "right";
  const failures = factor.failures + 1;
  await twoFactor.noteFailure(userId, failures, blockedUntil(failures, now), tx);
  return "wrong";
}

/** @param until milliseconds since the Unix epoch */
export function codesBlocked(until: number, now: number): ShopError<"too-many-requests"> {
  const retryAfter = Math.max(1, Math.ceil((until - now) / 1000));
  return new ShopError("too-many-requests", "Too many wrong codes", { retryAfter });
}

export function wrongCode(): ShopError {
  const errors = [{ path: "code", code: "wrong-code", message: "is not a valid code" }];
  return new ShopError("validation-failed", undefined, { errors });
}
