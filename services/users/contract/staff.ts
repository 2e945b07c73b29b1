import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { expectedVersion } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { email, newPassword, roleName, user } from "./fields.ts";

/** Actions of staff on all accounts. */
export const accountsOfAll = {
  list: action({
    summary: "Accounts",
    access: { permission: "users:read" },
    route: { method: "GET", path: "/users" },
    params: z.strictObject({
      ...pageParams(["createdAt", "email"], "-createdAt"),
      email: email.optional(),
      role: roleName.optional(),
      status: user.shape.status.optional(),
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
    description:
      "Takes effect everywhere within a second. Disabling ends all of the account's sessions. Staff can grant and revoke only permissions that they have.",
    access: { permission: "users:write" },
    stepUp: true,
    route: { method: "PATCH", path: "/users/{id}", headers: { expectedVersion: "If-Match" } },
    params: z.strictObject({
      id,
      role: roleName.optional(),
      status: z.enum(["active", "disabled"]).optional(),
      expectedVersion,
    }),
    result: user,
    errors: ["not-found", "precondition-failed", "illegal-transition"],
    idempotent: true,
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
};
