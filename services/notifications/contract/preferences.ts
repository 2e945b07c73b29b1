import { z } from "zod";
import { isTimeZone } from "../../../config/time-zone.ts";
import { action } from "../../../mixins/contract/contract.ts";
import type { KindName } from "../domain/kinds.ts";
import { isMailFixed, kindNames } from "../domain/kinds.ts";
import { isOffered } from "../domain/preferences.ts";

const onOff = z.boolean().optional();
const clock = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 22:00")
  .meta({ example: "22:00" });

/** A customer's choice for a kind; what cannot be switched has no other value. */
function choiceOf(kind: KindName) {
  return z
    .strictObject({
      mail: isMailFixed(kind) ? z.literal(true).optional() : onOff,
      sms: isOffered(kind, "sms") ? onOff : z.literal(false).optional(),
      inbox: onOff,
    })
    .optional();
}

type ChoiceOf = ReturnType<typeof choiceOf>;
const choices = z.strictObject(
  Object.fromEntries(kindNames.map((kind) => [kind, choiceOf(kind)])) as Record<KindName, ChoiceOf>,
);

const quietHours = z
  .strictObject({ from: clock, to: clock })
  .refine(({ from, to }) => from !== to, "must begin and end at different times");
const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, "must be an IANA time zone")
  .meta({ example: "Europe/London" });

const effective = z.strictObject({
  mail: z.boolean(),
  sms: z.boolean().describe("Sent to a verified phone number only"),
  inbox: z.boolean(),
});
const preferences = z
  .strictObject({
    kinds: z.strictObject(
      Object.fromEntries(kindNames.map((kind) => [kind, effective])) as Record<KindName, typeof effective>,
    ),
    quietHours: z.strictObject({ from: z.string(), to: z.string() }).nullable(),
    timeZone: z.string(),
  })
  .meta({ id: "NotificationPreferences" });

const path = "/me/notification-preferences";

/** Actions on a customer's preferences. */
export const preferenceActions = {
  "preferences.get": action({
    summary: "How you are notified",
    access: "signed-in",
    route: { method: "GET", path },
    params: z.strictObject({}),
    result: preferences,
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "preferences.put": action({
    summary: "Choose how you are notified",
    description:
      "Replaces all choices; what is absent has its default. Mail about orders, sign-ins and API keys is always sent. In quiet hours SMS and mail about favourites wait.",
    access: "signed-in",
    route: { method: "PUT", path },
    params: z.strictObject({
      kinds: choices.optional(),
      quietHours: quietHours.nullable().optional(),
      timeZone: timeZone
        .nullable()
        .optional()
        .describe("Of quiet hours and times in texts; the shop's by default"),
    }),
    result: preferences,
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  unsubscribe: action({
    summary: "Receive no more mail of a kind, by a link in such a mail",
    description:
      "For mail programs, which post `List-Unsubscribe=One-Click` (RFC 8058), and the shop's own page. Needs no login; the answer tells nothing about accounts.",
    access: "anyone",
    route: {
      method: "POST",
      path: "/notifications/unsubscribe",
      status: 204,
      limit: "auth",
      ignoresToken: true,
      rawBody: {
        param: "body",
        mediaTypes: ["application/x-www-form-urlencoded", "multipart/form-data"],
        maxBytes: 1000,
      },
    },
    params: z.strictObject({
      token: z.string().max(200).optional().describe("From the link"),
      body: z.base64(),
    }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
};
