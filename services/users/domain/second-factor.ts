import { randomBytes } from "node:crypto";
import { hashOfSecret } from "./secrets.ts";
import { base32 } from "./totp.ts";

const recoveryCodeCount = 10;
const freeFailures = 5;
const firstBlockMs = 30_000;
const longestBlockMs = 15 * 60_000;

/** Time limit of a login's second step. */
export const challengeMs = 5 * 60_000;
/** Maximum number of codes per challenge. */
export const challengeAttempts = 5;

/** Recovery codes: 80 bits each, in groups for writing down; each works once. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () =>
    base32(randomBytes(10))
      .replace(/(.{4})(?=.)/g, "$1-")
      .toLowerCase(),
  );
}

/** Hash of a normalized recovery code. */
export function hashOfRecoveryCode(code: string): string {
  return hashOfSecret(code.replaceAll(/[\s-]/g, "").toUpperCase());
}

/** Distinguishes a recovery code from an app's six digits. */
export function isRecoveryCode(code: string): boolean {
  return code.replaceAll(/[\s-]/g, "").length === 16;
}

/**
 * End of the block of app codes after consecutive wrong ones. Only clients with the password get this far.
 * The owner can use recovery codes while an attack keeps the block up.
 */
export function blockedUntil(failures: number, now: number): number {
  if (failures < freeFailures) return 0;
  return now + Math.min(firstBlockMs * 2 ** (failures - freeFailures), longestBlockMs);
}
