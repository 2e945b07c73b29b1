import { z } from "zod";
import { event } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { messageKinds } from "../domain/message-kinds.ts";
import { mailKinds } from "../domain/mail-kinds.ts";
import { permission, roleName, user } from "./fields.ts";

const client = { address: z.string().nullable(), userAgent: z.string().nullable() };
const standing = z.strictObject({ role: roleName, status: user.shape.status });
const roleContent = z.strictObject({ summary: z.string(), permissions: z.array(permission) });
const ofUser = z.strictObject({ userId: id });
const ofSession = z.strictObject({ userId: id, sessionId: id });

/** Events of accounts and sessions. Their payloads contain no password or token. */
export const userEvents = {
  registered: event({
    summary: "An account was opened",
    about: { entity: "user", id: "userId" },
    payload: z.strictObject({ userId: id, email: z.string() }),
    confidential: ["email"],
  }),
  "registration-repeated": event({
    summary: "Registration was attempted for an address that has an account",
    about: { entity: "user", id: "userId" },
    payload: ofUser,
    internal: true,
  }),
  "logged-in": event({
    summary: "A login succeeded; a session began",
    about: { entity: "user", id: "userId" },
    payload: ofSession.extend({
      ...client,
      expiresAt: timestamp.optional().describe("End of the session unless it ends earlier"),
      isNewDevice: z
        .boolean()
        .optional()
        .describe("True when neither a device token nor the address and program of a recent login are known"),
    }),
    internal: true,
  }),
  "login-failed": event({
    summary: "A login failed",
    about: { entity: "user", id: "userId" },
    payload: z.strictObject({
      email: z.string().describe("The address, or the phone number, that was given"),
      userId: id.nullable(),
      reason: z.enum(["unknown-account", "wrong-password", "account-disabled", "wrong-code"]),
      ...client,
    }),
    internal: true,
  }),
  "step-up-failed": event({
    summary: "A wrong password or second factor was given in a session",
    about: { entity: "user", id: "userId" },
    payload: ofSession,
    internal: true,
  }),
  "logged-out": event({
    summary: "A logout ended a session",
    about: { entity: "user", id: "userId" },
    payload: ofSession,
    internal: true,
  }),
  "session-revoked": event({
    summary: "A session ended other than by logout",
    about: { entity: "user", id: "userId" },
    payload: ofSession.extend({
      reason: z.enum([
        "refresh-token-reused",
        "ended-by-owner",
        "password-changed",
        "two-factor-changed",
        "account-disabled",
        "account-deleted",
      ]),
    }),
    internal: true,
  }),
  "password-changed": event({
    summary: "An account has a new password",
    about: { entity: "user", id: "userId" },
    payload: ofUser.extend({ by: z.enum(["its-owner", "reset"]) }),
  }),
  "two-factor-changed": event({
    summary: "An account's second factor was enabled or disabled",
    about: { entity: "user", id: "userId" },
    payload: ofUser.extend({ enabled: z.boolean() }),
  }),
  "recovery-codes-renewed": event({
    summary: "An account got new recovery codes for its second factor",
    about: { entity: "user", id: "userId" },
    payload: ofUser,
    internal: true,
  }),
  "email-verified": event({
    summary: "An account's address was verified by mail",
    about: { entity: "user", id: "userId" },
    payload: ofUser,
  }),
  "email-changed": event({
    summary: "An account's address was changed and verified",
    about: { entity: "user", id: "userId" },
    payload: ofUser.extend({ before: z.string(), after: z.string() }),
    confidential: ["before", "after"],
  }),
  "phone-changed": event({
    summary: "A phone number was verified for an account, or removed from it",
    about: { entity: "user", id: "userId" },
    payload: ofUser.extend({
      change: z
        .enum(["verified", "removed", "moved"])
        .describe("`moved`: it was taken from the account, since another one verified it"),
    }),
  }),
  "history-setting-changed": event({
    summary: "A user switched the recording of products that they look at on or off",
    about: { entity: "user", id: "userId" },
    payload: ofUser.extend({ keepsHistory: z.boolean() }),
    internal: true,
  }),
  "message-requested": event({
    summary: "A message to a phone was requested",
    about: { entity: "message", id: "messageId" },
    payload: z.strictObject({ messageId: id, kind: z.enum(messageKinds), userId: id.nullable() }),
    internal: true,
  }),
  "message-sent": event({
    summary: "A message was handed to the gateway of messages",
    about: { entity: "message", id: "messageId" },
    payload: z.strictObject({ messageId: id, kind: z.enum(messageKinds), userId: id }),
    internal: true,
  }),
  "avatar-changed": event({
    summary: "A user has another picture, or none",
    about: { entity: "user", id: "userId" },
    payload: ofUser,
  }),
  "account-changed": event({
    summary: "Staff changed an account's role or status, or the shop created its first administrator",
    about: { entity: "user", id: "userId" },
    payload: ofUser.extend({ before: standing.nullable(), after: standing }),
  }),
  "role-changed": event({
    summary: "Staff created, changed or removed a role",
    about: { entity: "role", id: "name" },
    payload: z.strictObject({
      name: roleName,
      before: roleContent.nullable(),
      after: roleContent.nullable(),
    }),
  }),
  "api-key-created": event({
    summary: "An API key was created",
    about: { entity: "api-key", id: "keyId" },
    payload: z.strictObject({
      keyId: id,
      name: z.string(),
      permissions: z.array(permission),
      expiresAt: timestamp,
    }),
  }),
  "api-key-revoked": event({
    summary: "An API key was revoked",
    about: { entity: "api-key", id: "keyId" },
    payload: z.strictObject({ keyId: id }),
  }),
  "signing-key-added": event({
    summary: "A new signing key for access tokens was published",
    about: { entity: "signing-key", id: "kid" },
    payload: z.strictObject({ kid: z.string() }),
    internal: true,
  }),
  "signing-key-retired": event({
    summary: "A signing key was removed after its last access token expired",
    about: { entity: "signing-key", id: "kid" },
    payload: z.strictObject({ kid: z.string() }),
    internal: true,
  }),
  "signing-key-withdrawn": event({
    summary: "A signing key was withdrawn, and its access tokens are rejected",
    about: { entity: "signing-key", id: "kid" },
    payload: z.strictObject({ kid: z.string() }),
    internal: true,
  }),
  "account-deleted": event({
    summary: "A customer deleted their account; consumers erase their personal data",
    about: { entity: "user", id: "userId" },
    payload: ofUser,
  }),
  "mail-requested": event({
    summary: "A mail was requested; it is written when it is sent",
    about: { entity: "mail", id: "mailId" },
    payload: z.strictObject({ mailId: id, kind: z.enum(mailKinds), userId: id.nullable() }),
    internal: true,
  }),
  "mail-sent": event({
    summary: "A mail was handed to the mail server",
    about: { entity: "mail", id: "mailId" },
    payload: z.strictObject({
      mailId: id,
      kind: z.enum(mailKinds),
      userId: id.nullable().describe("null for a guest"),
    }),
    internal: true,
  }),
};
