import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { Calendar } from "../domain/day.ts";
import type { SessionEvent } from "../domain/presence.ts";
import { applyEvents } from "../domain/presence.ts";
import { lateDays } from "../late-days.ts";
import { onBatch } from "../statistics.dependencies.ts";

const consumed = ["users.logged-in", "users.logged-out", "users.session-revoked"] as const;
type Consumed = (typeof consumed)[number];
type Event = { [N in Consumed]: EventEnvelope<N> }[Consumed];

/**
 * Keeps who is online, and the day's peak. All changes of it are serialized by one lock, so each sees the number of
 * users online after the one before. A session's end may arrive before its start.
 */
export const countSessions = onBatch(consumed, async (batch, tx, dependencies) => {
  const { presence, closedDays, calendar, sessionMs } = dependencies;
  const events = (batch as readonly Event[]).map((event) => sessionEventOf(event, calendar, sessionMs));
  const change = applyEvents(await presence.lock(events, tx), events);
  await presence.save(change, tx);
  // A session counts for the peaks of all days that it spans.
  const [first] = lateDays(
    events.map(({ day }) => day),
    dependencies,
  );
  if (first !== undefined) await closedDays.markLate(first, tx, { andLater: true });
});

function sessionEventOf(event: Event, calendar: Calendar, sessionMs: number): SessionEvent {
  const { userId, sessionId } = event.payload;
  const at = event.occurredAt;
  const happened = { userId, sessionId, at, day: calendar.dayOf(at) };
  if (event.name !== "users.logged-in")
    return { ...happened, endsAs: event.name === "users.logged-out" ? "logged-out" : "revoked" };
  const { expiresAt } = event.payload;
  return { ...happened, startsUntil: expiresAt === undefined ? at + sessionMs : Date.parse(expiresAt) };
}
