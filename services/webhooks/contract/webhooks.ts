import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { attempt, description, eventFilter, url, webhook } from "./fields.ts";

export const read = { permission: "webhooks:read" } as const;
export const manage = { permission: "webhooks:manage" } as const;

const newWebhook = webhook
  .extend({ secret: z.string().describe("`whsec_…`, shown only here") })
  .meta({ id: "NewWebhook" });

/** How staff manage where events are sent. */
export const webhookActions = {
  list: action({
    summary: "List webhooks",
    access: read,
    route: { method: "GET", path: "/webhooks" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(webhook),
    errors: [],
    idempotent: true,
  }),
  get: action({
    summary: "One webhook",
    access: read,
    route: { method: "GET", path: "/webhooks/{id}" },
    params: z.strictObject({ id }),
    result: webhook,
    errors: ["not-found"],
    idempotent: true,
  }),
  create: action({
    summary: "Add a webhook",
    description:
      "Events that happen from now on are sent to the URL, signed by [Standard Webhooks](https://www.standardwebhooks.com) with the secret, which only this response contains. A shop has at most 100 webhooks.",
    access: manage,
    stepUp: true,
    route: { method: "POST", path: "/webhooks", status: 201, location: "/webhooks/{id}" },
    params: z.strictObject({
      url,
      description: description.default(""),
      events: eventFilter,
      enabled: z.boolean().default(true),
      ordered: z.boolean().default(false),
    }),
    result: newWebhook,
    errors: ["limit-reached"],
    idempotent: false,
  }),
  update: action({
    summary: "Change a webhook",
    description:
      "Deliveries of a disabled one wait until it is enabled again; events that happen meanwhile can be sent later by a replay.",
    access: manage,
    stepUp: true,
    route: { method: "PATCH", path: "/webhooks/{id}", headers: { expectedVersion: "If-Match" } },
    params: z.strictObject({
      id,
      url: url.optional(),
      description: description.optional(),
      events: eventFilter.optional(),
      enabled: z.boolean().optional(),
      ordered: z.boolean().optional(),
      expectedVersion,
    }),
    result: webhook,
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
  }),
  remove: action({
    summary: "Remove a webhook",
    description: "Nothing more is sent to it; its deliveries are removed soon after.",
    access: manage,
    route: { method: "DELETE", path: "/webhooks/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  "rotate-secret": action({
    summary: "Give a webhook a new secret",
    description:
      "Only this response contains it. The previous one signs too for 24 hours; an earlier one ends now.",
    access: manage,
    stepUp: true,
    route: { method: "POST", path: "/webhooks/{id}/rotate-secret" },
    params: z.strictObject({ id }),
    result: newWebhook,
    errors: ["not-found"],
    idempotent: false,
  }),
  test: action({
    summary: "Send an event to a webhook now",
    description: "Sends `webhooks.test` once, also to a disabled webhook, and answers what came back.",
    access: manage,
    route: { method: "POST", path: "/webhooks/{id}/test", limit: "expensive" },
    params: z.strictObject({ id }),
    result: attempt.extend({ delivered: z.boolean() }).meta({ id: "WebhookTest" }),
    errors: ["not-found"],
    idempotent: false,
    timeout: 20_000,
    fairQueue: { concurrency: 8, maxWaiting: 8 },
  }),
};
