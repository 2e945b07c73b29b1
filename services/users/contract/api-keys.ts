import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { permission } from "./fields.ts";

const apiKey = z
  .strictObject({
    id,
    name: z.string(),
    hint: z.string().describe("The key's last characters"),
    permissions: z.array(permission),
    createdBy: id.nullable().describe("The user who created it; null when an operator did"),
    createdAt: timestamp,
    expiresAt: timestamp,
    revokedAt: timestamp.nullable(),
    lastUsedAt: timestamp.nullable().describe("Accurate to about ten minutes"),
  })
  .meta({ id: "ApiKey" });

/** API keys of machines, sent as `Authorization: Bearer sk_…` or `X-Api-Key`. */
export const apiKeyActions = {
  "api-keys.list": action({
    summary: "List API keys, including revoked and expired ones",
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
      "Only this response contains the key. Its permissions are limited to its owner's current ones, and it ends with their account.",
    access: { permission: "keys:write" },
    stepUp: true,
    route: { method: "POST", path: "/api-keys", status: 201, location: "/api-keys/{id}" },
    params: z.strictObject({
      name: text(120),
      permissions: z.array(permission).min(1).max(100).describe("Only permissions that you have"),
      expiresInDays: z.int().min(1).max(365).default(90),
    }),
    result: apiKey.extend({ key: z.string() }).meta({ id: "NewApiKey" }),
    errors: [],
    idempotent: false,
  }),
  "api-keys.revoke": action({
    summary: "Revoke an API key",
    description: "It is rejected everywhere within a second.",
    access: { permission: "keys:write" },
    route: { method: "DELETE", path: "/api-keys/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  "api-keys.check": action({
    summary: "Get the permissions of a valid API key",
    access: "internal",
    params: z.strictObject({ keyHash: z.string().regex(/^[0-9a-f]{64}$/) }),
    result: z
      .strictObject({ keyId: id, permissions: z.array(permission) })
      .nullable()
      .describe("null when the key is unknown, expired or revoked"),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
