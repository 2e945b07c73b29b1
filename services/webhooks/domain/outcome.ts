import { nextAttemptAt } from "./backoff.ts";

/** What an attempt met: a response's status, or why there was none. */
export interface Attempt {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: string | null;
  /** Beginning of the response's body. */
  readonly response: string | null;
}

/** What follows from an attempt. */
export type Outcome =
  | { readonly status: "delivered" }
  | { readonly status: "waiting"; readonly dueAt: number }
  | { readonly status: "failed" };

/** Time without a success after which a webhook is disabled. */
export const disabledAfterMs = 3 * 86_400_000;

/** The receiver wants nothing more, ever. */
const gone = 410;

export function isSuccess({ status }: Pick<Attempt, "status">): boolean {
  return status !== null && status >= 200 && status < 300;
}

/**
 * Decides what becomes of a delivery.
 *
 * @param failures attempts that failed before this one
 * @param random in [0, 1)
 */
export function outcomeOf(
  attempt: Pick<Attempt, "status">,
  failures: number,
  now: number,
  random: number,
  delaysMs?: readonly number[],
): Outcome {
  if (isSuccess(attempt)) return { status: "delivered" };
  const dueAt = attempt.status === gone ? undefined : nextAttemptAt(failures + 1, now, random, delaysMs);
  return dueAt === undefined ? { status: "failed" } : { status: "waiting", dueAt };
}

export const disabledReasons = ["gone", "failing"] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/**
 * Why a webhook is to be disabled after an attempt.
 *
 * @param failingSince first failure since the last success, null without one
 */
export function disabledBy(
  attempt: Pick<Attempt, "status">,
  failingSince: number | null,
  now: number,
): DisabledReason | undefined {
  if (isSuccess(attempt)) return undefined;
  if (attempt.status === gone) return "gone";
  return failingSince !== null && failingSince <= now - disabledAfterMs ? "failing" : undefined;
}
