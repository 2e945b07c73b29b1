import { z } from "zod";
import { action } from "../../contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../contract/fields.ts";
import { permission, roleName } from "./fields.ts";

const role = z
  .strictObject({
    name: roleName,
    summary: z.string(),
    permissions: z.array(permission),
    builtIn: z.boolean().describe("Whether it comes with the shop and can be neither changed nor removed"),
    version: z.int(),
    createdAt: timestamp.nullable(),
    updatedAt: timestamp.nullable(),
  })
  .meta({ id: "Role" });

const permissionSet = z.array(permission).max(100).describe("Only what you have yourself");

/** Named sets of permissions. Each account has one role. */
export const roleActions = {
  "roles.list": action({
    summary: "Roles, those that come with the shop first",
    access: { permission: "users:read" },
    route: { method: "GET", path: "/roles" },
    params: z.strictObject({}),
    result: z.strictObject({ items: z.array(role), nextCursor: z.null() }),
    errors: [],
    idempotent: true,
  }),
  "roles.get": action({
    summary: "One role",
    access: { permission: "users:read" },
    route: { method: "GET", path: "/roles/{name}" },
    params: z.strictObject({ name: roleName }),
    result: role,
    errors: ["not-found"],
    idempotent: true,
  }),
  "roles.create": action({
    summary: "Make a role",
    access: { permission: "users:write" },
    stepUp: true,
    route: { method: "POST", path: "/roles", status: 201, location: "/roles/{name}" },
    params: z.strictObject({ name: roleName, summary: text(200), permissions: permissionSet }),
    result: role,
    errors: ["already-exists", "limit-reached"],
    idempotent: false,
  }),
  "roles.update": action({
    summary: "Change what a role allows",
    description: "Takes effect within a second everywhere, in sessions that are open too.",
    access: { permission: "users:write" },
    stepUp: true,
    route: { method: "PATCH", path: "/roles/{name}", headers: { expectedVersion: "If-Match" } },
    params: z.strictObject({
      name: roleName,
      summary: text(200).optional(),
      permissions: permissionSet.optional(),
      expectedVersion,
    }),
    result: role,
    errors: ["not-found", "precondition-failed", "illegal-transition"],
    idempotent: true,
  }),
  "roles.remove": action({
    summary: "Remove a role that nobody has",
    access: { permission: "users:write" },
    stepUp: true,
    route: { method: "DELETE", path: "/roles/{name}" },
    params: z.strictObject({ name: roleName }),
    result: z.null(),
    errors: ["not-found", "in-use", "illegal-transition"],
    idempotent: true,
  }),
};
