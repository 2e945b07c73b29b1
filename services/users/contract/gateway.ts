import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { merchantRoleNames } from "../../../mixins/contract/permissions.ts";
import { deviceToken, email, phone, roleName, user } from "./fields.ts";

/** Actions that gateways authenticate requests with. */
export const forGateways = {
  jwks: action({
    summary: "Get the public keys of access tokens",
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
    summary: "Rotate the key that signs access tokens",
    description:
      "The new key is published now and signs a minute later; until then, further calls answer with it. The previous one stays published until its tokens expire.",
    access: "internal",
    params: z.strictObject({}),
    result: z.strictObject({ kid: z.string(), signsFrom: timestamp }),
    errors: [],
    idempotent: false,
    reads: "primary",
  }),
  "signing-keys.withdraw": action({
    summary: "Withdraw a compromised key that signs access tokens",
    description:
      "All nodes reject its tokens within a second. Sessions stay: they get new tokens with their refresh tokens. A new key follows at once. `/.well-known/jwks.json` lists the keys.",
    access: { permission: "keys:write" },
    stepUp: true,
    route: { method: "DELETE", path: "/signing-keys/{kid}", status: 200 },
    params: z.strictObject({
      kid: z
        .string()
        .max(36)
        .regex(/^[a-z0-9-]+$/),
    }),
    result: z.strictObject({ kid: z.string(), successor: z.string(), withdrawnAt: timestamp }),
    errors: ["not-found"],
    idempotent: false,
    reads: "primary",
  }),
  "device-tokens.check": action({
    summary: "Verify that a device token was issued at a login to this account",
    access: "internal",
    params: z.strictObject({
      email: email.optional(),
      phone: phone.optional().describe("Instead of the address"),
      deviceToken,
    }),
    result: z.strictObject({ isGood: z.boolean() }),
    errors: [],
    idempotent: true,
  }),
  "sessions.check": action({
    summary: "Get the user of a valid session",
    access: "internal",
    params: z.strictObject({ sessionId: id }),
    result: z
      .strictObject({
        userId: id,
        role: roleName,
        permissions: user.shape.permissions,
        verifiedAt: z.int().describe("Time of the last authentication, in milliseconds since the Unix epoch"),
        keyIds: z.array(z.string()).optional().describe("Keys with valid access tokens"),
        merchants: z
          .array(z.strictObject({ merchantId: id, role: z.enum(merchantRoleNames) }))
          .optional()
          .describe("Merchants that the user works for"),
        isNew: z
          .literal(true)
          .optional()
          .describe("A customer whose account is young or whose e-mail address is not verified"),
        lacksSecondFactor: z
          .literal(true)
          .optional()
          .describe("Its permissions require a second factor to be set up"),
      })
      .nullable()
      .describe("null when the session has ended or the account is disabled"),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
