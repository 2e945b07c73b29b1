/** A calendar day of the shop's time zone, as `2026-01-31`. Days compare as texts. */
export type Day = string;

const hourMs = 3_600_000;
/** Zones are at most 14 hours away from UTC. */
const maxOffsetMs = 15 * hourMs;

/** The shop's calendar: which day a moment belongs to, in the zone of STATISTICS_TIME_ZONE. */
export class Calendar {
  readonly timeZone: string;
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone an IANA name, such as `Europe/London` */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    const numeric = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
    this.#format = new Intl.DateTimeFormat("en-CA", { timeZone, calendar: "iso8601", ...numeric });
  }

  /** The day of a moment in milliseconds since 1970. */
  dayOf(moment: number): Day {
    const parts = new Map(this.#format.formatToParts(moment).map(({ type, value }) => [type, value]));
    return `${parts.get("year") ?? ""}-${parts.get("month") ?? ""}-${parts.get("day") ?? ""}`;
  }

  /** The day's first moment. Not always midnight: some zones skip it when summer time begins. */
  startOf(day: Day): number {
    const midnightUtc = Date.parse(`${day}T00:00:00Z`);
    let [before, from] = [midnightUtc - maxOffsetMs, midnightUtc + maxOffsetMs];
    while (from - before > 1) {
      const middle = Math.floor((before + from) / 2);
      if (this.dayOf(middle) >= day) from = middle;
      else before = middle;
    }
    return from;
  }
}

/** The day that many days later, or earlier. */
export function addDays(day: Day, days: number): Day {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** The number of days from the first to the last, both included; less than 1 when the last is earlier. */
export function daysBetween(first: Day, last: Day): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / (24 * hourMs)) + 1;
}
