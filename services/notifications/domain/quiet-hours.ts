/** Hours in which a customer wants no SMS and no optional mail. Minutes since midnight; may pass midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

/**
 * End of the quiet hours that `now` is in (ms since the Unix epoch), by the clocks of the time zone, which may
 * change meanwhile. Undefined outside of them; equal ends mean none.
 */
export function quietUntil({ from, to }: QuietHours, timeZone: string, now: number): number | undefined {
  if (!isWithin(minuteOfDay(now, timeZone), from, to)) return undefined;
  const start = Math.floor(now / minuteMs) * minuteMs;
  const expected = start + wrap(to - minuteOfDay(now, timeZone)) * minuteMs;
  // Clocks that were put forward or back on the way make it too late or too early.
  const shift = to - minuteOfDay(expected, timeZone);
  const nearest =
    shift > dayMinutes / 2 ? shift - dayMinutes : shift < -dayMinutes / 2 ? shift + dayMinutes : shift;
  const end = expected + nearest * minuteMs;
  return end > now ? end : expected;
}

function isWithin(minute: number, from: number, to: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function wrap(minutes: number): number {
  return ((minutes % dayMinutes) + dayMinutes) % dayMinutes;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** There are some 400 zones; a format takes 50 KB. */
const maxFormats = 64;

function minuteOfDay(time: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    if (formats.size >= maxFormats) formats.clear();
    format = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone,
    });
    formats.set(timeZone, format);
  }
  const [hour = 0, minute = 0] = format.format(time).split(":").map(Number);
  return hour * 60 + minute;
}

/** `HH:MM` as minutes since midnight. */
export function toMinutes(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return hour * 60 + minute;
}

export function toClock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
