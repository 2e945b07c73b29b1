import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { locale } from "../../../mixins/contract/localized.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { kind } from "./shapes.ts";

/** Counting stops here. */
export const maxUnread = 1000;
const reads = "primary";

const notification = z
  .strictObject({
    id,
    kind,
    title: z.string(),
    text: z.string(),
    subjectId: id.nullable().describe("The order, after-sale or product that it is about"),
    occurredAt: timestamp,
    createdAt: timestamp,
    readAt: timestamp.nullable(),
  })
  .meta({ id: "Notification" });

/** Actions on a customer's inbox. */
export const inboxActions = {
  "inbox.list": action({
    summary: "Your notifications, in your language",
    access: "signed-in",
    route: { method: "GET", path: "/me/notifications" },
    params: z.strictObject({
      ...pageParams(["createdAt"], "-createdAt"),
      unread: z
        .boolean()
        .optional()
        .describe("`true` for unread ones only, `false` for those that were read"),
      locale,
    }),
    result: page(notification),
    errors: [],
    idempotent: true,
    reads,
    localized: true,
  }),
  "inbox.count-unread": action({
    summary: "Number of your unread notifications",
    access: "signed-in",
    route: { method: "GET", path: "/me/notifications/unread-count" },
    params: z.strictObject({}),
    result: z.strictObject({
      unread: z.int().min(0).max(maxUnread).describe(`Counting stops at ${maxUnread}`),
    }),
    errors: [],
    idempotent: true,
    reads,
  }),
  "inbox.read": action({
    summary: "Mark a notification as read",
    access: "signed-in",
    route: { method: "POST", path: "/me/notifications/{id}/read" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
    reads,
  }),
  "inbox.read-all": action({
    summary: "Mark all of your notifications as read",
    description: "Those that came until now.",
    access: "signed-in",
    route: { method: "POST", path: "/me/notifications/read-all" },
    params: z.strictObject({}),
    result: z.null(),
    errors: [],
    idempotent: true,
    reads,
  }),
};
