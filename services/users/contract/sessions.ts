import { z } from "zod";
import { action } from "../../contract/contract.ts";
import { timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { page, pageParams } from "../../contract/paging.ts";
import { signInOutcomes } from "../domain/sign-in-outcomes.ts";

const place = {
  address: z.string().nullable().describe("Where it came from, as the gateway saw it"),
  userAgent: z.string().nullable(),
};

const session = z
  .strictObject({
    id,
    current: z.boolean().describe("Whether it is the one that asks"),
    ...place,
    createdAt: timestamp,
    lastSeenAt: timestamp.describe("When its tokens were last renewed"),
    expiresAt: timestamp,
  })
  .meta({ id: "Session" });

const signIn = z
  .strictObject({ id, outcome: z.enum(signInOutcomes), sessionId: id.nullable(), ...place, createdAt: timestamp })
  .meta({ id: "SignIn" });

/** Where users are logged in, and how they came to be. */
export const ownSessions = {
  "sessions.list": action({
    summary: "Where you are logged in",
    access: "signed-in",
    route: { method: "GET", path: "/me/sessions" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(session),
    errors: [],
    idempotent: true,
  }),
  "sessions.end": action({
    summary: "End one of your sessions",
    description: "Its access token is refused everywhere within a second.",
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
    summary: "Who has tried to log in to your account, and from where",
    description: "Those of the last 90 days, also those that failed.",
    access: "signed-in",
    route: { method: "GET", path: "/me/sign-ins" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(signIn),
    errors: [],
    idempotent: true,
  }),
};
