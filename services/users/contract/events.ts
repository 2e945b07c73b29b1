import { z } from "zod";
import { event } from "../../contract/contract.ts";
import { timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { mailKinds } from "../domain/mail-kinds.ts";
import { permission, roleName, user } from "./fields.ts";

const client = { address: z.string().nullable(), userAgent: z.string().nullable() };
const standing = z.strictObject({ role: roleName, status: user.shape.status });
const roleContent = z.strictObject({ summary: z.string(), permissions: z.array(permission) });
const ofUser = z.strictObject({ userId: id });
const ofSession = z.strictObject({ userId: id, sessionId: id });

/** What happens to accounts and sessions. No event carries a password or a token. */
export const userEvents = {
  registered: event({
    summary: "Someone opened an account",
    payload: z.strictObject({ userId: id, email: z.string() }),
  }),
  "registration-repeated": event({
    summary: "Someone tried to open an account for an address that has one",
    payload: ofUser,
  }),
  "logged-in": event({
    summary: "Someone logged in; a session began",
    payload: ofSession.extend(client),
  }),
  "login-failed": event({
    summary: "Someone tried to log in and was refused",
    payload: z.strictObject({
      email: z.string(),
      userId: id.nullable(),
      reason: z.enum(["unknown-account", "wrong-password", "account-disabled", "wrong-code"]),
      ...client,
    }),
  }),
  "step-up-failed": event({
    summary: "Someone signed in was asked for the account's password or second factor and gave a wrong one",
    payload: ofSession,
  }),
  "logged-out": event({
    summary: "Someone logged out; the session ended",
    payload: ofSession,
  }),
  "session-revoked": event({
    summary: "A session was ended by other than logging out",
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
  }),
  "password-changed": event({
    summary: "An account has a new password",
    payload: ofUser.extend({ by: z.enum(["its-owner", "reset"]) }),
  }),
  "two-factor-changed": event({
    summary: "Logging in to an account takes a second factor from now on, or no more",
    payload: ofUser.extend({ enabled: z.boolean() }),
  }),
  "recovery-codes-renewed": event({
    summary: "Someone got new recovery codes for their second factor",
    payload: ofUser,
  }),
  "email-verified": event({
    summary: "Someone showed that mail to their account's address reaches them",
    payload: ofUser,
  }),
  "email-changed": event({
    summary: "An account has another address, which is verified",
    payload: ofUser.extend({ before: z.string(), after: z.string() }),
  }),
  "account-changed": event({
    summary: "Staff changed an account's role or status, or the shop made its first administrator",
    payload: ofUser.extend({ before: standing.nullable(), after: standing }),
  }),
  "role-changed": event({
    summary: "Staff made, changed or removed a role",
    payload: z.strictObject({ name: roleName, before: roleContent.nullable(), after: roleContent.nullable() }),
  }),
  "api-key-created": event({
    summary: "Someone made an API key",
    payload: z.strictObject({
      keyId: id,
      name: z.string(),
      permissions: z.array(permission),
      expiresAt: timestamp,
    }),
  }),
  "api-key-revoked": event({
    summary: "Someone revoked an API key",
    payload: z.strictObject({ keyId: id }),
  }),
  "signing-key-added": event({
    summary: "A new key for access tokens was published",
    payload: z.strictObject({ kid: z.string() }),
  }),
  "signing-key-retired": event({
    summary: "A key of which no access token is good any more was removed",
    payload: z.strictObject({ kid: z.string() }),
  }),
  "signing-key-withdrawn": event({
    summary: "A key of access tokens was withdrawn, and all that it signed is refused",
    payload: z.strictObject({ kid: z.string() }),
  }),
  "account-deleted": event({
    summary: "A customer deleted their account; whoever keeps personal data of it forgets them",
    payload: ofUser,
  }),
  "mail-requested": event({
    summary: "A mail is to be sent; its words are made when it is sent",
    payload: z.strictObject({ mailId: id, kind: z.enum(mailKinds), userId: id.nullable() }),
  }),
  "mail-sent": event({
    summary: "A mail was handed to the mail server",
    payload: z.strictObject({ mailId: id, kind: z.enum(mailKinds), userId: id }),
  }),
};
