import type { KindName, OutwardChannel } from "./kinds.ts";
import { isOptional } from "./kinds.ts";
import type { Preferences } from "./preferences.ts";
import { isWanted } from "./preferences.ts";
import { quietUntil } from "./quiet-hours.ts";

/** Where a recipient is reached; undefined: nowhere any more. */
export interface Reachable {
  readonly email: string | null;
  readonly phone: string | null;
  readonly preferences: Preferences;
}

export type Decision =
  | { readonly send: string }
  | { readonly skip: "no-account" | "not-wanted" | "no-address" }
  | { readonly waitUntil: number };

/** What becomes of a delivery that is due, by the recipient's address and wishes of now. */
export function decideDelivery(
  kind: KindName,
  channel: OutwardChannel,
  recipient: Reachable | undefined,
  shopTimeZone: string,
  now: number,
): Decision {
  if (!recipient) return { skip: "no-account" };
  const { preferences } = recipient;
  if (!isWanted(kind, channel, preferences)) return { skip: "not-wanted" };
  const address = channel === "mail" ? recipient.email : recipient.phone;
  if (address === null) return { skip: "no-address" };
  const { quietHours, timeZone } = preferences;
  const waits = quietHours !== null && (channel === "sms" || isOptional(kind));
  const until = waits ? quietUntil(quietHours, timeZone ?? shopTimeZone, now) : undefined;
  return until === undefined ? { send: address } : { waitUntil: until };
}
