import { z } from "zod";
import { action } from "../../contract/contract.ts";
import { timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { roleName, user } from "./fields.ts";

/** What gateways need to know to tell who sends a request. */
export const forGateways = {
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
    reads: "primary",
  }),
  "signing-keys.rotate": action({
    summary: "Let a new key sign access tokens",
    description: "It is published now and signs a minute later. The one before stays published as long as its tokens live.",
    access: "internal",
    params: z.strictObject({}),
    result: z.strictObject({ kid: z.string(), signsFrom: timestamp }),
    errors: [],
    idempotent: false,
    reads: "primary",
  }),
  "signing-keys.withdraw": action({
    summary: "Withdraw a key that signs access tokens, when someone else may have it",
    description:
      "Within a second no node takes a token that it signed. Sessions stay: they get new tokens with their refresh tokens. A new key follows at once. Which keys there are is in `/.well-known/jwks.json`.",
    access: { permission: "keys:write" },
    stepUp: true,
    route: { method: "DELETE", path: "/signing-keys/{kid}", status: 200 },
    params: z.strictObject({ kid: z.string().max(36).regex(/^[a-z0-9-]+$/) }),
    result: z.strictObject({ kid: z.string(), successor: z.string(), withdrawnAt: timestamp }),
    errors: ["not-found"],
    idempotent: false,
    reads: "primary",
  }),
  "sessions.check": action({
    summary: "Who is behind a session, as long as it is good",
    access: "internal",
    params: z.strictObject({ sessionId: id }),
    result: z
      .strictObject({
        userId: id,
        role: roleName,
        permissions: user.shape.permissions,
        verifiedAt: z.int().describe("When its user last showed that it is they, in milliseconds since 1970"),
        keyIds: z.array(z.string()).optional().describe("The keys whose access tokens are good"),
        lacksSecondFactor: z.literal(true).optional().describe("Its permissions wait for a second factor"),
      })
      .nullable()
      .describe("null when the session has ended or the account is disabled"),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
