import { z } from "zod";
import { event } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { disabledReasons } from "../domain/outcome.ts";

const about = { entity: "webhook", id: "webhookId" } as const;
const state = z.strictObject({
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  ordered: z.boolean(),
});

/** Events of webhooks. URLs may contain keys of the receivers, so only the audit trail has them. */
export const webhookEvents = {
  changed: event({
    summary: "Staff created, changed or removed a webhook",
    about,
    payload: z.strictObject({
      webhookId: id,
      before: state.partial().nullable().describe("null when it was created; else what was different"),
      after: state.partial().nullable().describe("null when it was removed"),
    }),
    internal: true,
  }),
  "secret-rotated": event({
    summary: "Staff gave a webhook a new secret",
    about,
    payload: z.strictObject({ webhookId: id }),
    internal: true,
  }),
  replayed: event({
    summary: "Staff had past events sent to a webhook again",
    about,
    payload: z.strictObject({ webhookId: id, deliveries: z.int() }),
    internal: true,
  }),
  "endpoint-disabled": event({
    summary: "The shop disabled a webhook: its receiver answered 410, or had no success for three days",
    about,
    payload: z.strictObject({ webhookId: id, reason: z.enum(disabledReasons) }),
  }),
};
