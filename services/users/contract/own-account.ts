import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { address, expectedVersion, text } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { localeTag } from "../../../config/locales.ts";
import {
  birthday,
  email,
  gender,
  hashing,
  knownPassword,
  newPassword,
  ownUser,
  savedAddress,
} from "./fields.ts";

/** Actions on the user's own account. */
export const ownAccount = {
  "me.get": action({
    summary: "Your account",
    access: "signed-in",
    route: { method: "GET", path: "/me" },
    params: z.strictObject({}),
    result: ownUser,
    errors: ["not-found"],
    idempotent: true,
  }),
  "me.update": action({
    summary: "Change your profile",
    description: "`null` removes what is optional. `locale` is one of the shop's languages.",
    access: "signed-in",
    route: { method: "PATCH", path: "/me", headers: { expectedVersion: "If-Match" } },
    params: z.strictObject({
      name: text(120).optional(),
      nickname: text(60).nullable().optional(),
      gender: gender.nullable().optional(),
      birthday: birthday.nullable().optional(),
      locale: z.string().regex(localeTag, "must be a language tag such as en or zh-CN").nullable().optional(),
      keepsHistory: z
        .boolean()
        .optional()
        .describe("`false` ends the recording of products that you look at"),
      expectedVersion: expectedVersion.optional(),
    }),
    result: ownUser,
    errors: ["not-found", "precondition-failed"],
    idempotent: true,
  }),
  "me.password.change": action({
    summary: "Change your password",
    description:
      "Ends all your other sessions. A mail notifies you. Accounts with a second factor must re-authenticate at `/auth/step-up` before.",
    access: "signed-in",
    route: { method: "PUT", path: "/me/password", guesses: "caller" },
    params: z.strictObject({ currentPassword: knownPassword, password: newPassword }),
    result: z.null(),
    errors: ["not-found", "step-up-required"],
    idempotent: false,
    reads: "primary",
    fairQueue: hashing,
  }),
  "me.email.change": action({
    summary: "Change your e-mail address",
    description:
      "A mail to the new address asks for confirmation; the old one stays until then. The response is the same when the new address has an account already. Accounts with a second factor must re-authenticate at `/auth/step-up` before.",
    access: "signed-in",
    route: { method: "PUT", path: "/me/email", status: 202, guesses: "caller" },
    params: z.strictObject({ email, password: knownPassword }),
    result: z.strictObject({ email: z.string() }),
    errors: ["not-found", "step-up-required"],
    idempotent: true,
    reads: "primary",
    fairQueue: hashing,
  }),
  "me.delete": action({
    summary: "Delete your account",
    description:
      "This cannot be undone. Name, address book and sessions are erased; orders are kept for accounting.",
    access: "signed-in",
    stepUp: true,
    route: { method: "DELETE", path: "/me" },
    params: z.strictObject({}),
    result: z.null(),
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "addresses.list": action({
    summary: "List your addresses",
    access: "signed-in",
    route: { method: "GET", path: "/me/addresses" },
    params: z.strictObject(pageParams(["createdAt"], "createdAt")),
    result: page(savedAddress),
    errors: [],
    idempotent: true,
  }),
  "addresses.get": action({
    summary: "Get one of your addresses",
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
    params: z.strictObject({ label: text(60).optional(), address, isDefault: z.boolean().default(false) }),
    result: savedAddress,
    errors: ["limit-reached"],
    idempotent: false,
  }),
  "addresses.change": action({
    summary: "Change an address",
    access: "signed-in",
    route: { method: "PATCH", path: "/me/addresses/{id}" },
    params: z.strictObject({
      id,
      label: text(60).nullable().optional(),
      address: address.optional(),
      isDefault: z.boolean().optional().describe("`true` replaces the default address"),
    }),
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
};
