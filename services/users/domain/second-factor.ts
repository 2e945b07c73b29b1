import { randomBytes } from "node:crypto";
import { hashOfSecret } from "./secrets.ts";
import { base32 } from "./totp.ts";

const recoveryCodeCount = 10;
const freeFailures = 5;
const firstBlockMs = 30_000;
const longestBlockMs = 15 * 60_000;

/** How long a login waits for its second factor. */
export const challengeMs = 5 * 60_000;
/** So many codes can be tried with one challenge. */
export const challengeAttempts = 5;

/** What stands for the app when it is lost: each works once. 80 bits each, in groups that can be written down. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () => base32(randomBytes(10)).replace(/(.{4})(?=.)/g, "$1-").toLowerCase());
}

/** The hash by which a recovery code is kept, however it was typed. */
export function hashOfRecoveryCode(code: string): string {
  return hashOfSecret(code.replaceAll(/[\s-]/g, "").toUpperCase());
}

/** Whether it looks like one: an app's code, of six digits, does not. */
export function isRecoveryCode(code: string): boolean {
  return code.replaceAll(/[\s-]/g, "").length === 16;
}

/**
 * Until when no code of an app is looked at, after so many wrong ones in a row. Only who knows the password gets so
 * far, and their wait ends. The owner has recovery codes for as long as someone else goes on.
 */
export function blockedUntil(failures: number, now: number): number {
  if (failures < freeFailures) return 0;
  return now + Math.min(firstBlockMs * 2 ** (failures - freeFailures), longestBlockMs);
}
