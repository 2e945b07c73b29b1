import type { Day } from "./day.ts";

/** A session as the events have told it so far; its end may arrive before its start. */
export interface Session {
  readonly sessionId: string;
  readonly userId: string;
  /** Null until its start has arrived. */
  readonly startedAt: number | null;
  readonly startedDay: Day | null;
  readonly expiresAt: number | null;
  readonly endedAt: number | null;
  readonly endedDay: Day | null;
  readonly endedAs: Ending | null;
}

export type Ending = "logged-out" | "revoked" | "expired";

/** Something that happened to a session. */
export type SessionEvent = {
  readonly sessionId: string;
  readonly userId: string;
  readonly at: number;
  readonly day: Day;
} & ({ readonly startsUntil: number } | { readonly endsAs: Ending });

/** What is counted of a day. */
export interface DayCounts {
  readonly logins: number;
  readonly logouts: number;
  readonly revoked: number;
  readonly expired: number;
  readonly registrations: number;
  readonly carts: number;
  /** Greatest number of users online at a time; 0 when nothing was seen. */
  readonly peak: number;
}

export const noCounts: DayCounts = {
  logins: 0,
  logouts: 0,
  revoked: 0,
  expired: 0,
  registrations: 0,
  carts: 0,
  peak: 0,
};

export const isOpen = ({ startedAt, endedAt }: Session): boolean => startedAt !== null && endedAt === null;

const countOf = { "logged-out": "logouts", revoked: "revoked", expired: "expired" } as const;

/** State of presence that a batch of events changes. All of it is locked meanwhile. */
export interface Presence {
  /** Users with an open session. */
  readonly online: number;
  /** Sessions of the batch that are known. */
  readonly sessions: ReadonlyMap<string, Session>;
  /** Number of open sessions, of the batch's users. */
  readonly openOf: ReadonlyMap<string, number>;
}

export interface PresenceChange {
  readonly online: number;
  /** Changed and new sessions. */
  readonly sessions: readonly Session[];
  readonly days: ReadonlyMap<Day, DayCounts>;
}

/** Applies events in the order in which they happened. Repeated ones change nothing. */
export function applyEvents(presence: Presence, events: readonly SessionEvent[]): PresenceChange {
  const sessions = new Map(presence.sessions);
  const changed = new Map<string, Session>();
  const openOf = new Map(presence.openOf);
  const days = new Map<Day, DayCounts>();
  let { online } = presence;
  const count = (day: Day, name: keyof DayCounts, by: number) => {
    const counts = days.get(day) ?? noCounts;
    days.set(day, { ...counts, [name]: counts[name] + by });
  };
  const reach = (day: Day) => {
    const counts = days.get(day) ?? noCounts;
    if (online > counts.peak) days.set(day, { ...counts, peak: online });
  };
  const open = (userId: string, by: 1 | -1) => {
    const before = openOf.get(userId) ?? 0;
    openOf.set(userId, before + by);
    if (before === 0 && by === 1) online += 1;
    if (before === 1 && by === -1) online -= 1;
  };

  for (const event of events.toSorted((one, other) => one.at - other.at)) {
    const before = sessions.get(event.sessionId) ?? unknownSession(event);
    const after = "endsAs" in event ? ended(before, event) : started(before, event);
    if (after === before) continue;
    // Those online when the day began count for its peak too.
    reach(event.day);
    if (isOpen(after) && !isOpen(before)) open(event.userId, 1);
    if (isOpen(before) && !isOpen(after)) open(event.userId, -1);
    reach(event.day);
    if (before.startedAt === null && after.startedDay !== null) count(after.startedDay, "logins", 1);
    if (before.endedDay !== null && before.endedAs !== null)
      count(before.endedDay, countOf[before.endedAs], -1);
    if (after.endedDay !== null && after.endedAs !== null) count(after.endedDay, countOf[after.endedAs], 1);
    sessions.set(after.sessionId, after);
    changed.set(after.sessionId, after);
  }
  return { online, sessions: [...changed.values()], days };
}

function unknownSession({ sessionId, userId }: SessionEvent): Session {
  const unknown = { startedAt: null, startedDay: null, expiresAt: null };
  return { sessionId, userId, ...unknown, endedAt: null, endedDay: null, endedAs: null };
}

function started(session: Session, event: SessionEvent & { readonly startsUntil: number }): Session {
  if (session.startedAt !== null) return session;
  return { ...session, startedAt: event.at, startedDay: event.day, expiresAt: event.startsUntil };
}

/** The earliest end counts: one that arrives after the session was found expired corrects it. */
function ended(session: Session, { at, day, endsAs }: SessionEvent & { readonly endsAs: Ending }): Session {
  if (session.endedAt !== null && session.endedAt <= at) return session;
  return { ...session, endedAt: at, endedDay: day, endedAs: endsAs };
}

/** From when to when a user had an open session; `ended` is beyond every moment while it is open. */
export interface Interval {
  readonly began: number;
  readonly ended: number;
}

/**
 * When a user came online and went offline in a period, as moments with +1 and −1; sessions that overlap are one
 * presence.
 */
export function transitionsOf(
  sessions: readonly Interval[],
  from: number,
  before: number,
): [number, 1 | -1][] {
  const transitions: [number, 1 | -1][] = [];
  let until = -Infinity;
  let since = -Infinity;
  const close = () => {
    if (until <= since || until <= from || since >= before) return;
    transitions.push([Math.max(since, from), 1]);
    if (until < before) transitions.push([until, -1]);
  };
  for (const session of sessions.toSorted((one, other) => one.began - other.began)) {
    if (session.began > until) {
      close();
      since = session.began;
      until = session.ended;
    } else until = Math.max(until, session.ended);
  }
  close();
  return transitions;
}

/** The greatest number of users online at a time; who leaves in the moment in which another comes leaves first. */
export function peakOf(transitions: readonly (readonly [number, 1 | -1])[]): number {
  const inOrder = transitions.toSorted(([one, by], [other, otherBy]) => one - other || by - otherBy);
  let online = 0;
  let peak = 0;
  for (const [, by] of inOrder) {
    online += by;
    peak = Math.max(peak, online);
  }
  return peak;
}
