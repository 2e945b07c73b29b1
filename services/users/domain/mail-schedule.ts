const second = 1000;
const hour = 3_600 * second;

/** The pauses after the first, second … failed attempt; the last one after all further ones. */
const pausesMs = [5 * second, 30 * second, 120 * second, 600 * second, hour] as const;
const givenUpAfterMs = 24 * hour;

/** At most so many mails of a kind are sent to an address in an hour, so that nobody floods it through the shop. */
export const mailsAnHour = 5;
export const hourMs = hour;

/** @returns when a mail is tried again after its n-th failure (ms since 1970), or undefined when it never will be */
export function nextAttempt(failures: number, createdAt: number, now: number): number | undefined {
  if (now - createdAt > givenUpAfterMs) return undefined;
  return now + (pausesMs[Math.min(failures, pausesMs.length) - 1] ?? hour);
}
