import type { DeliveryWindow } from "../../../mixins/contract/shipping-rates.ts";
import type { MethodTerms } from "../contract/methods.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Days ahead for which windows are offered, and for which a pickup point's opening is looked for. */
const windowDays = 14;
const openingDays = 60;

/** Days of arrival, as `YYYY-MM-DD`. */
export interface Estimate {
  readonly from: string;
  readonly to: string;
}

/**
 * Wall-clock time of a zone, as if it were UTC, in milliseconds since 1970.
 *
 * @param now milliseconds since 1970
 */
export function wallClock(now: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "00";
  return Date.parse(`${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:00Z`);
}

/** Calendar days: from the order, after the cut-off from the day after it, through handling and transit. */
export function estimateOf(
  now: number,
  {
    handlingDays,
    transitDays,
    cutOff,
    timeZone,
  }: Pick<MethodTerms, "handlingDays" | "transitDays" | "cutOff" | "timeZone">,
): Estimate {
  const local = wallClock(now, timeZone);
  const isLate = cutOff !== null && local % dayMs >= minutesOf(cutOff) * 60_000;
  const leaves = local + (handlingDays + (isLate ? 1 : 0)) * dayMs;
  return { from: dateOf(leaves + transitDays.min * dayMs), to: dateOf(leaves + transitDays.max * dayMs) };
}

/** Windows of the next two weeks from the first day of arrival, whose cut-off has not passed. */
export function windowsFrom(
  now: number,
  first: string,
  { windows, timeZone }: Pick<MethodTerms, "windows" | "timeZone">,
): DeliveryWindow[] {
  if (windows.length === 0) return [];
  const local = wallClock(now, timeZone);
  return days(first, windowDays).flatMap((day) =>
    windows
      .filter((window) => window.weekday === weekdayOf(day))
      .filter(({ from, cutOffHours }) => day + minutesOf(from) * 60_000 - cutOffHours * hourMs > local)
      .map(({ from, to }) => ({ date: dateOf(day), from, to }))
      .toSorted((one, other) => one.from.localeCompare(other.from)),
  );
}

/** The first day from then on on which a pickup point is open; undefined when there is none within two months. */
export function openingFrom(
  first: string,
  { openingHours, holidays }: Pick<MethodTerms["pickupPoints"][number], "openingHours" | "holidays">,
): string | undefined {
  const isOpen = (day: number) =>
    (openingHours.length === 0 || openingHours.some(({ weekday }) => weekday === weekdayOf(day))) &&
    !holidays.includes(dateOf(day));
  const day = days(first, openingDays).find(isOpen);
  return day === undefined ? undefined : dateOf(day);
}

function days(first: string, count: number): number[] {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) => start + index * dayMs);
}

function weekdayOf(day: number): number {
  return new Date(day).getUTCDay() || 7;
}

export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function dateOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}
