import type { Calendar, Day } from "../domain/day.ts";
import { addDays } from "../domain/day.ts";
import { peakOf, transitionsOf } from "../domain/presence.ts";
import type { PresenceRepository } from "./presence-repository.ts";

/** The greatest number of users who were online at a time on a day, from the sessions themselves. */
export async function exactPeak(day: Day, presence: PresenceRepository, calendar: Calendar): Promise<number> {
  const [from, before] = [calendar.startOf(day), calendar.startOf(addDays(day, 1))];
  const transitions: [number, 1 | -1][] = [];
  for await (const users of presence.sessionsBetween(from, before))
    for (const sessions of users) transitions.push(...transitionsOf(sessions, from, before));
  return peakOf(transitions);
}
