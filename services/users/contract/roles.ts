import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../../mixins/contract/fields.ts";
import { permission, roleName } from "./fields.ts";

const role = z
  .strictObject({
    name: roleName,
    summary: z.string(),
    permissions: z.array(permission),
    builtIn: z.boolean().describe("True for a built-in role, which can be neither changed nor removed"),
    version: z.int(),
    createdAt: timestamp.nullable(),
    updatedAt: timestamp.nullable(),
  })
  .meta({ id: "Role" });

const permissionSet = z.array(permission).max(100).describe("Only permissions that you have");

/** Roles: named sets of permissions. Each account has one. */
export const roleActions = {
  "roles.list": action({
    summary: "List roles, built-in ones first",
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
    summary: "Change a role's permissions",
    description: "Takes effect everywhere within a second, including open sessions.",
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
    summary: "Remove an unused role",
    access: { permission: "users:write" },
    stepUp: true,
    route: { method: "DELETE", path: "/roles/{name}" },
    params: z.strictObject({ name: roleName }),
    result: z.null(),
    errors: ["not-found", "in-use", "illegal-transition"],
    idempotent: true,
  }),
};
