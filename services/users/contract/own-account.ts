import { z } from "zod";
import { action } from "../../contract/contract.ts";
import { address, expectedVersion, text } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { page, pageParams } from "../../contract/paging.ts";
import { email, hashing, knownPassword, newPassword, savedAddress, user } from "./fields.ts";

/** What users do with their own accounts. */
export const ownAccount = {
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
  "me.password.change": action({
    summary: "Change your password",
    description: "Ends all your other sessions. You are told by mail.",
    access: "signed-in",
    route: { method: "PUT", path: "/me/password", guesses: "caller" },
    params: z.strictObject({ currentPassword: knownPassword, password: newPassword }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: false,
    reads: "primary",
    turn: hashing,
  }),
  "me.email.change": action({
    summary: "Change your e-mail address",
    description:
      "A mail to the new address asks you to confirm it; until then the old one stays. The answer is the same when the new address has an account already.",
    access: "signed-in",
    route: { method: "PUT", path: "/me/email", status: 202, guesses: "caller" },
    params: z.strictObject({ email, password: knownPassword }),
    result: z.strictObject({ email: z.string() }),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
    turn: hashing,
  }),
  "me.delete": action({
    summary: "Delete your account",
    description:
      "It cannot be undone. Name, address book and sessions are forgotten; orders stay, as books must.",
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
};
