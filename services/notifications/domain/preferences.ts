import type { Channel, KindName } from "./kinds.ts";
import { isMailFixed, kindOf } from "./kinds.ts";
import type { QuietHours } from "./quiet-hours.ts";

/** What a customer chose; what they did not choose has its default. */
export type Choices = { readonly [K in KindName]?: { readonly [C in Channel]?: boolean } };

export interface Preferences {
  readonly choices: Choices;
  readonly quietHours: QuietHours | null;
  /** IANA name; null for the shop's. */
  readonly timeZone: string | null;
}

export const noPreferences: Preferences = { choices: {}, quietHours: null, timeZone: null };

/** Whether a kind can be told by a channel at all. */
export function isOffered(kind: KindName, channel: Channel): boolean {
  return channel !== "sms" || kindOf(kind).bySms;
}

/** Whether a customer wants a kind by a channel: mail and inbox unless switched off, SMS only if switched on. */
export function isWanted(kind: KindName, channel: Channel, { choices }: Preferences): boolean {
  if (!isOffered(kind, channel)) return false;
  if (channel === "mail" && isMailFixed(kind)) return true;
  return choices[kind]?.[channel] ?? channel !== "sms";
}
