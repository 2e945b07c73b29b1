import { createHash } from "node:crypto";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** At most so many requests for codes in a window. Windows begin at multiples of their length (UTC). */
export interface CodeLimit {
  /** Hash of what is limited: the database holds no list of numbers and addresses for it. */
  readonly subject: string;
  readonly max: number;
  readonly windowMs: number;
}

/** Origin and destination of a requested code. */
export interface CodeRequest {
  /** E.164. */
  readonly phone: string;
  /** The signed-in user; undefined for a login. */
  readonly userId: string | undefined;
  /** Rate-limit key of the client's address; undefined for an exempt one. */
  readonly addressKey: string | undefined;
}

/**
 * Numbers that differ in their last three digits only: who earns from messages (SMS pumping) holds ranges of
 * them.
 */
const rangeDigits = 3;

/** Limits of one request, in the order in which they are counted. */
export function codeLimits({ phone, userId, addressKey }: CodeRequest): CodeLimit[] {
  const limit = (kind: string, of: string | undefined, max: number, windowMs: number): CodeLimit[] =>
    of === undefined ? [] : [{ subject: hashOf(kind, of, String(windowMs)), max, windowMs }];
  return [
    ...limit("account", userId, 5, hour),
    ...limit("account", userId, 10, day),
    ...limit("address", addressKey, 20, hour),
    ...limit("address", addressKey, 50, day),
    ...limit("range", phone.slice(0, -rangeDigits), 50, day),
    ...limit("phone", phone, 1, minute),
    ...limit("phone", phone, 5, hour),
    ...limit("phone", phone, 10, day),
  ];
}

/** Messages of the whole shop, counted when they are sent. */
export function dailyBudget(max: number): CodeLimit {
  return { subject: hashOf("shop", "all", String(day)), max, windowMs: day };
}

/** End of the window that a moment is in (ms since the Unix epoch). */
export function windowEnd({ windowMs }: CodeLimit, now: number): number {
  return (Math.floor(now / windowMs) + 1) * windowMs;
}

function hashOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
