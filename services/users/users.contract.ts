import { z } from "zod";
import { action, defineContract, event } from "../contract/contract.ts";
import { address, expectedVersion, text, timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";
import { page, pageParams } from "../contract/paging.ts";
import { permissions, roleNames } from "../contract/permissions.ts";
import type { Permission } from "../contract/permissions.ts";

const email = z
  .email()
  .max(254)
  .transform((value) => value.toLowerCase())
  .describe("Compared without regard to case");
/** NIST 800-63B: length is what counts; no rules of composition. */
const newPassword = z.string().min(8).max(128).describe("8 to 128 characters, not one of the common ones");
const role = z.enum(roleNames).describe("Decides what its holder may do");
const status = z.enum(["active", "disabled"]);

const user = z
  .strictObject({
    id,
    email: z.string(),
    name: z.string(),
    role,
    permissions: z.array(z.enum(Object.keys(permissions) as [Permission, ...Permission[]])),
    status,
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "User" });

const savedAddress = z
  .strictObject({ id, label: z.string().nullable(), address, createdAt: timestamp, updatedAt: timestamp })
  .meta({ id: "SavedAddress" });

const tokens = z
  .strictObject({
    tokenType: z.literal("Bearer"),
    accessToken: z.string().describe("Send it as `Authorization: Bearer …`"),
    expiresIn: z.int().describe("Seconds for which the access token is good"),
    refreshToken: z.string().describe("Good for one call of `/auth/refresh`; keep it secret"),
    user,
    cartId: id.nullable().describe("The cart that took in the guest cart named at login, if one was"),
  })
  .meta({ id: "Tokens" });

export const users = defineContract({
  name: "users",
  summary: "Accounts, sessions and addresses",
  consumes: [],
  actions: {
    register: action({
      summary: "Open a customer account",
      description:
        "The answer is the same when the address has an account already: nothing is changed then. Log in afterwards.",
      access: "anyone",
      route: { method: "POST", path: "/auth/register", status: 202, ignoresToken: true },
      params: z.strictObject({ email, password: newPassword, name: text(120) }),
      result: z.strictObject({ email: z.string() }),
      errors: [],
      idempotent: true,
      reads: "primary",
      bulkhead: { concurrency: 2, queue: 200 },
    }),
    login: action({
      summary: "Log in with e-mail and password",
      description:
        "Starts a session. With `guestCart`, the items of that cart are merged into the customer's own. Logins and failed logins are recorded in the audit trail.",
      access: "anyone",
      route: { method: "POST", path: "/auth/login", ignoresToken: true },
      params: z.strictObject({
        email,
        password: z.string().min(1).max(128),
        guestCart: z.strictObject({ id, token: z.string().min(1).max(100) }).optional(),
      }),
      result: tokens,
      errors: ["invalid-credentials"],
      idempotent: false,
      reads: "primary",
      bulkhead: { concurrency: 2, queue: 200 },
    }),
    refresh: action({
      summary: "Exchange the refresh token for new tokens",
      description: "Each refresh token works once. Using one again ends its session.",
      access: "anyone",
      route: { method: "POST", path: "/auth/refresh", ignoresToken: true },
      params: z.strictObject({ refreshToken: z.string().min(1).max(200) }),
      result: tokens,
      errors: ["invalid-refresh-token"],
      idempotent: false,
      reads: "primary",
    }),
    logout: action({
      summary: "End this session",
      access: "signed-in",
      route: { method: "POST", path: "/auth/logout" },
      params: z.strictObject({}),
      result: z.null(),
      errors: [],
      idempotent: true,
      reads: "primary",
    }),
    "me.get": action({
      summary: "Your account",
      access: "signed-in",
      route: { method: "GET", path: "/me" },
      params: z.strictObject({}),
      result: user,
      errors: ["not-found"],
      idempotent: true,
    }),
    "me.update": action({
      summary: "Change your name",
      access: "signed-in",
      route: { method: "PATCH", path: "/me", headers: { expectedVersion: "If-Match" } },
      params: z.strictObject({ name: text(120), expectedVersion: expectedVersion.optional() }),
      result: user,
      errors: ["not-found", "precondition-failed"],
      idempotent: true,
    }),
    "addresses.list": action({
      summary: "Your address book",
      access: "signed-in",
      route: { method: "GET", path: "/me/addresses" },
      params: z.strictObject(pageParams(["createdAt"], "createdAt")),
      result: page(savedAddress),
      errors: [],
      idempotent: true,
    }),
    "addresses.get": action({
      summary: "One of your addresses",
      access: "signed-in",
      route: { method: "GET", path: "/me/addresses/{id}" },
      params: z.strictObject({ id }),
      result: savedAddress,
      errors: ["not-found"],
      idempotent: true,
    }),
    "addresses.add": action({
      summary: "Add an address",
      access: "signed-in",
      route: { method: "POST", path: "/me/addresses", status: 201, location: "/me/addresses/{id}" },
      params: z.strictObject({ label: text(60).optional(), address }),
      result: savedAddress,
      errors: ["limit-reached"],
      idempotent: false,
    }),
    "addresses.change": action({
      summary: "Change an address",
      access: "signed-in",
      route: { method: "PATCH", path: "/me/addresses/{id}" },
      params: z.strictObject({ id, label: text(60).nullable().optional(), address: address.optional() }),
      result: savedAddress,
      errors: ["not-found"],
      idempotent: true,
    }),
    "addresses.remove": action({
      summary: "Remove an address",
      access: "signed-in",
      route: { method: "DELETE", path: "/me/addresses/{id}" },
      params: z.strictObject({ id }),
      result: z.null(),
      errors: ["not-found"],
      idempotent: true,
    }),
    list: action({
      summary: "Accounts",
      access: { permission: "users:read" },
      route: { method: "GET", path: "/users" },
      params: z.strictObject({
        ...pageParams(["createdAt", "email"], "-createdAt"),
        email: email.optional(),
        role: role.optional(),
        status: status.optional(),
      }),
      result: page(user),
      errors: [],
      idempotent: true,
      reads: "replica",
    }),
    get: action({
      summary: "One account",
      access: { permission: "users:read" },
      route: { method: "GET", path: "/users/{id}" },
      params: z.strictObject({ id }),
      result: user,
      errors: ["not-found"],
      idempotent: true,
    }),
    update: action({
      summary: "Change an account's role, or disable it",
      description: "Takes effect within a second everywhere. Disabling ends all of the account's sessions.",
      access: { permission: "users:write" },
      route: { method: "PATCH", path: "/users/{id}", headers: { expectedVersion: "If-Match" } },
      params: z.strictObject({ id, role: role.optional(), status: status.optional(), expectedVersion }),
      result: user,
      errors: ["not-found", "precondition-failed", "illegal-transition"],
      idempotent: true,
    }),
    jwks: action({
      summary: "The public keys of access tokens",
      access: "anyone",
      route: { method: "GET", path: "/.well-known/jwks.json", atRoot: true, caching: "public" },
      params: z.strictObject({}),
      result: z.strictObject({
        keys: z.array(
          z.strictObject({
            kty: z.literal("OKP"),
            crv: z.literal("Ed25519"),
            x: z.string(),
            kid: z.string(),
            alg: z.literal("EdDSA"),
            use: z.literal("sig"),
          }),
        ),
      }),
      errors: [],
      idempotent: true,
    }),
    "sessions.check": action({
      summary: "Who is behind a session, as long as it is good",
      access: "internal",
      params: z.strictObject({ sessionId: id }),
      result: z
        .strictObject({ userId: id, role, permissions: user.shape.permissions })
        .nullable()
        .describe("null when the session has ended or the account is disabled"),
      errors: [],
      idempotent: true,
      reads: "primary",
    }),
    "administrator.ensure": action({
      summary: "Create the first administrator, unless there is one",
      access: "internal",
      params: z.strictObject({ email, password: newPassword }),
      result: z.strictObject({ created: z.boolean() }),
      errors: [],
      idempotent: true,
      reads: "primary",
    }),
  },
  events: {
    registered: event({
      summary: "Someone opened an account",
      payload: z.strictObject({ userId: id, email: z.string() }),
    }),
    "logged-in": event({
      summary: "Someone logged in; a session began",
      payload: z.strictObject({
        userId: id,
        sessionId: id,
        address: z.string().nullable(),
        userAgent: z.string().nullable(),
      }),
    }),
    "login-failed": event({
      summary: "Someone tried to log in and was refused",
      payload: z.strictObject({
        email: z.string(),
        userId: id.nullable(),
        reason: z.enum(["unknown-account", "wrong-password", "account-disabled"]),
        address: z.string().nullable(),
        userAgent: z.string().nullable(),
      }),
    }),
    "logged-out": event({
      summary: "Someone logged out; the session ended",
      payload: z.strictObject({ userId: id, sessionId: id }),
    }),
    "session-revoked": event({
      summary: "A session was ended for its user's safety",
      payload: z.strictObject({ userId: id, sessionId: id, reason: z.enum(["refresh-token-reused", "account-disabled"]) }),
    }),
    "account-changed": event({
      summary: "Staff changed an account's role or status, or the shop made its first administrator",
      payload: z.strictObject({
        userId: id,
        before: z.strictObject({ role, status }).nullable(),
        after: z.strictObject({ role, status }),
      }),
    }),
  },
});
