import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { signInOutcomes } from "../domain/sign-in-outcomes.ts";

const place = {
  address: z.string().nullable().describe("Client address as seen by the gateway"),
  userAgent: z.string().nullable(),
};

const session = z
  .strictObject({
    id,
    current: z.boolean().describe("True for the session of this request"),
    ...place,
    createdAt: timestamp,
    lastSeenAt: timestamp.describe("Time of the last token refresh"),
    expiresAt: timestamp,
  })
  .meta({ id: "Session" });

const signIn = z
  .strictObject({
    id,
    outcome: z.enum(signInOutcomes),
    sessionId: id.nullable(),
    ...place,
    createdAt: timestamp,
  })
  .meta({ id: "SignIn" });

/** Open sessions and login history. */
export const ownSessions = {
  "sessions.list": action({
    summary: "List your sessions",
    access: "signed-in",
    route: { method: "GET", path: "/me/sessions" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(session),
    errors: [],
    idempotent: true,
  }),
  "sessions.end": action({
    summary: "End one of your sessions",
    description: "Its access token is rejected everywhere within a second.",
    access: "signed-in",
    route: { method: "DELETE", path: "/me/sessions/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "sessions.end-others": action({
    summary: "End all your sessions but this one",
    access: "signed-in",
    route: { method: "DELETE", path: "/me/sessions" },
    params: z.strictObject({}),
    result: z.null(),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "sign-ins.list": action({
    summary: "List login attempts to your account",
    description: "Attempts of the last 90 days, failed ones included.",
    access: "signed-in",
    route: { method: "GET", path: "/me/sign-ins" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(signIn),
    errors: [],
    idempotent: true,
  }),
};
