import { z } from "zod";
import { action } from "../../contract/contract.ts";
import { text, timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { page, pageParams } from "../../contract/paging.ts";
import { permission } from "./fields.ts";

const apiKey = z
  .strictObject({
    id,
    name: z.string(),
    hint: z.string().describe("The key's last characters"),
    permissions: z.array(permission),
    createdBy: id.nullable().describe("The user who made it; null when an operator did"),
    createdAt: timestamp,
    expiresAt: timestamp,
    revokedAt: timestamp.nullable(),
    lastUsedAt: timestamp.nullable().describe("To about ten minutes"),
  })
  .meta({ id: "ApiKey" });

/** Keys by which machines call, as `Authorization: Bearer sk_…` or `X-Api-Key`. */
export const apiKeyActions = {
  "api-keys.list": action({
    summary: "API keys, revoked and expired ones too",
    access: { permission: "keys:write" },
    route: { method: "GET", path: "/api-keys" },
    params: z.strictObject(pageParams(["createdAt"], "-createdAt")),
    result: page(apiKey),
    errors: [],
    idempotent: true,
  }),
  "api-keys.get": action({
    summary: "One API key",
    access: { permission: "keys:write" },
    route: { method: "GET", path: "/api-keys/{id}" },
    params: z.strictObject({ id }),
    result: apiKey,
    errors: ["not-found"],
    idempotent: true,
  }),
  "api-keys.create": action({
    summary: "Make an API key",
    description:
      "The key is in this answer and nowhere else. It never allows more than its maker: what is taken from them is taken from it, and it ends with their account.",
    access: { permission: "keys:write" },
    stepUp: true,
    route: { method: "POST", path: "/api-keys", status: 201, location: "/api-keys/{id}" },
    params: z.strictObject({
      name: text(120),
      permissions: z.array(permission).min(1).max(100).describe("Only what you have yourself"),
      expiresInDays: z.int().min(1).max(365).default(90),
    }),
    result: apiKey.extend({ key: z.string() }).meta({ id: "NewApiKey" }),
    errors: [],
    idempotent: false,
  }),
  "api-keys.revoke": action({
    summary: "Revoke an API key",
    description: "It is refused everywhere within a second.",
    access: { permission: "keys:write" },
    route: { method: "DELETE", path: "/api-keys/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  "api-keys.check": action({
    summary: "What an API key allows, as long as it is good",
    access: "internal",
    params: z.strictObject({ keyHash: z.string().regex(/^[0-9a-f]{64}$/) }),
    result: z
      .strictObject({ keyId: id, permissions: z.array(permission) })
      .nullable()
      .describe("null when there is no such key, or it has expired or was revoked"),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
