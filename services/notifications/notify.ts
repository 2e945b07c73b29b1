import type { Tx } from "../../mixins/database/database.ts";
import type { News } from "./data/notification-repository.ts";
import { outwardChannels } from "./domain/kinds.ts";
import type { KindName } from "./domain/kinds.ts";
import { isOffered, isWanted } from "./domain/preferences.ts";
import type { Recipient } from "./domain/recipient.ts";
import type { NotificationsDependencies } from "./notifications.dependencies.ts";

/** The channels by which a kind can be told; whether a recipient wants them is asked when it is sent. */
export function channelsOf(kind: KindName) {
  return outwardChannels.filter((channel) => isOffered(kind, channel));
}

/** Tells one recipient of an event, once: in the inbox at once, by other channels after the commit. */
export async function notify(
  news: News,
  recipient: Recipient,
  tx: Tx,
  { notifications, preferences }: NotificationsDependencies,
): Promise<void> {
  const inInbox =
    recipient.customerId !== null &&
    isWanted(news.kind, "inbox", await preferences.of(recipient.customerId, tx));
  await notifications.add(news, { recipient, inInbox }, channelsOf(news.kind), Date.now(), tx);
}
