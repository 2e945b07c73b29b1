import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { InboxItem } from "./data/notification-repository.ts";
import type { Variables, KindName } from "./domain/kinds.ts";
import { kindNames, variablesOf } from "./domain/kinds.ts";
import type { Preferences } from "./domain/preferences.ts";
import { isWanted } from "./domain/preferences.ts";
import { toClock } from "./domain/quiet-hours.ts";
import type { FoundTemplate } from "./find-template.ts";
import { findTemplate } from "./find-template.ts";
import type { NotificationsDependencies } from "./notifications.dependencies.ts";
import { renderNotification } from "./render-notification.ts";

/** A page of an inbox in a language, with one query for each kind in it. */
export async function presentInbox(
  items: readonly InboxItem[],
  locale: string,
  timeZone: string,
  dependencies: NotificationsDependencies,
): Promise<Result<"notifications.inbox.list">["items"]> {
  const { settings, locales } = dependencies;
  const templates = new Map<KindName, FoundTemplate>();
  for (const { kind } of items)
    if (!templates.has(kind)) templates.set(kind, await findTemplate(kind, locale, dependencies));
  return items.flatMap((item) => {
    const template = templates.get(item.kind);
    if (!template) return [];
    const reader = { customer: "", locale, timeZone };
    const shown = { ...template, text: "", html: "" };
    const { subject, short } = renderNotification(shown, item, reader, { ...settings, locales });
    const { id, kind, subjectId, occurredAt, createdAt, readAt } = item;
    return [
      {
        id,
        kind,
        title: subject,
        text: short,
        subjectId,
        occurredAt: toTimestamp(occurredAt),
        createdAt: toTimestamp(createdAt),
        readAt: readAt === null ? null : toTimestamp(readAt),
      },
    ];
  });
}

export function presentPreferences(
  preferences: Preferences,
  shopTimeZone: string,
): Result<"notifications.preferences.get"> {
  const { quietHours, timeZone } = preferences;
  const entries = kindNames.map((kind) => {
    const wants = (channel: "mail" | "sms" | "inbox") => isWanted(kind, channel, preferences);
    return [kind, { mail: wants("mail"), sms: wants("sms"), inbox: wants("inbox") }] as const;
  });
  return {
    kinds: Object.fromEntries(entries) as Result<"notifications.preferences.get">["kinds"],
    quietHours: quietHours && { from: toClock(quietHours.from), to: toClock(quietHours.to) },
    timeZone: timeZone ?? shopTimeZone,
  };
}

export function presentTemplate(
  kind: KindName,
  locale: string,
  { subject, text, html, short, version, updatedAt }: FoundTemplate,
): Result<"notifications.templates.get"> {
  return {
    kind,
    locale,
    subject,
    text,
    html,
    short,
    variables: namesOf(variablesOf(kind)),
    version,
    updatedAt: updatedAt === null ? null : toTimestamp(updatedAt),
  };
}

function namesOf(variables: Variables): string[] {
  return Object.entries(variables).flatMap(([name, type]) =>
    typeof type === "object" ? [name, ...namesOf(type).map((own) => `${name}.${own}`)] : [name],
  );
}
