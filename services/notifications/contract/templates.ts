import { z } from "zod";
import { localeTag } from "../../../config/locales.ts";
import { action } from "../../../mixins/contract/contract.ts";
import { event } from "../../../mixins/contract/contract.ts";
import { expectedVersion, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { outwardChannels } from "../domain/kinds.ts";
import { content, kind } from "./shapes.ts";

const access = { permission: "notifications:write" } as const;
const of = {
  kind,
  locale: z
    .string()
    .regex(localeTag, "must be a language tag such as en or zh-CN")
    .describe("One of the shop's languages"),
};
const path = "/notifications/templates/{kind}/{locale}";

const template = z
  .strictObject({
    kind,
    locale: z.string(),
    ...z.strictObject(content).shape,
    variables: z.array(z.string()).describe("Names for placeholders; a list's own as `lines.name`"),
    version: z.int().min(1).describe("1 as shipped"),
    updatedAt: timestamp.nullable(),
  })
  .meta({ id: "NotificationTemplate" });

/** Actions of staff on templates. */
export const templateActions = {
  "templates.get": action({
    summary: "Get the template of a kind in a language",
    access,
    route: { method: "GET", path },
    params: z.strictObject(of),
    result: template,
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "templates.put": action({
    summary: "Write the template of a kind in a language",
    description:
      "Mustache's `{{name}}`, `{{#name}}…{{/name}}` and `{{^name}}…{{/name}}`, over the kind's variables; nothing else. Values are escaped in HTML, and stand between elements, or a URL as `href=\"{{url}}\"`.",
    access,
    route: { method: "PUT", path, headers: { expectedVersion: "If-Match" } },
    params: z.strictObject({ ...of, ...content, expectedVersion }),
    result: template,
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
    reads: "primary",
  }),
  "templates.preview": action({
    summary: "Render a template with sample data",
    description: "Parts that are absent are those of the present template.",
    access,
    route: { method: "POST", path: `${path}/preview`, status: 200 },
    params: z.strictObject({ ...of, ...z.strictObject(content).partial().shape }),
    result: z.strictObject({ subject: z.string(), text: z.string(), html: z.string(), short: z.string() }),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  summary: action({
    summary: "Number of deliveries by channel and status, each counted up to 10,000",
    access: "internal",
    params: z.strictObject({}),
    result: z.array(
      z.strictObject({
        channel: z.enum(outwardChannels),
        waiting: z.int(),
        sending: z.int(),
        sent: z.int(),
        skipped: z.int(),
        failed: z.int(),
      }),
    ),
    errors: [],
    idempotent: true,
  }),
};

export const notificationEvents = {
  "template-changed": event({
    summary: "Staff wrote the template of a kind of notifications in a language",
    internal: true,
    about: { entity: "notification-template", id: "template" },
    payload: z.strictObject({
      template: z.string().describe("Kind and language: `order-placed/en`"),
      version: z.int(),
    }),
  }),
  "given-up": event({
    summary: "A notification could not be delivered by a channel",
    internal: true,
    about: { entity: "notification", id: "notificationId" },
    payload: z.strictObject({
      notificationId: id,
      deliveryId: id,
      kind,
      channel: z.enum(outwardChannels),
      attempts: z.int(),
    }),
  }),
};
