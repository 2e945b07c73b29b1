import type { Tx } from "../../mixins/database/database.ts";
import { ShopError } from "../contract/errors.ts";
import { blockedUntil, hashOfRecoveryCode, isRecoveryCode } from "./domain/second-factor.ts";
import { stepOfCode } from "./domain/totp.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

/** What came of a code: `right`, `wrong`, or until when none is looked at (milliseconds since 1970). */
export type CodeOutcome = "right" | "wrong" | number;

/**
 * Tries a code of the app, or a recovery code; either works once. A wrong one is counted with the transaction, so that
 * it must commit whatever the outcome. A recovery code is looked at also while those of the app are not: nobody guesses
 * one, and so nobody who tries codes time and again can keep the owner out.
 *
 * @param recovery whether recovery codes are taken
 */
export async function useSecondFactor(
  userId: string,
  code: string,
  now: number,
  tx: Tx,
  { twoFactor }: UsersDependencies,
  { recovery = true } = {},
): Promise<CodeOutcome> {
  const factor = await twoFactor.lock(userId, tx);
  if (!factor) return "wrong";
  if (recovery && isRecoveryCode(code) && (await twoFactor.useRecoveryCode(userId, hashOfRecoveryCode(code), tx))) return "right";
  if (factor.blockedUntil > now) return factor.blockedUntil;
  const step = stepOfCode(factor.secret, code.replaceAll(/\s/g, ""), now);
  if (step !== undefined && (await twoFactor.useStep(userId, step, tx))) return "right";
  const failures = factor.failures + 1;
  await twoFactor.noteFailure(userId, failures, blockedUntil(failures, now), tx);
  return "wrong";
}

/** @param until milliseconds since 1970 */
export function waitForCodes(until: number, now: number): ShopError<"too-many-requests"> {
  const retryAfter = Math.max(1, Math.ceil((until - now) / 1000));
  return new ShopError("too-many-requests", "Too many wrong codes", { retryAfter });
}

export function wrongCode(): ShopError {
  const errors = [{ path: "code", code: "wrong-code", message: "is not a code that works now" }];
  return new ShopError("validation-failed", undefined, { errors });
}
