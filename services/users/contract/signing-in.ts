import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { idempotencyKey, text } from "../../../mixins/contract/fields.ts";
import {
  deviceToken,
  email,
  hashing,
  hashingToSignIn,
  knownPassword,
  mailedToken,
  newPassword,
  phone,
  secondFactor,
  tokens,
  user,
} from "./fields.ts";
import { guestCart } from "./guest-cart.ts";

/** Registration, login, token refresh, logout and password reset. */
export const signingIn = {
  register: action({
    summary: "Open a customer account",
    description:
      "The response is the same when the address has an account: nothing changes then, and its owner is notified by mail. Log in afterwards.",
    access: "anyone",
    route: { method: "POST", path: "/auth/register", status: 202, ignoresToken: true },
    params: z.strictObject({ email, password: newPassword, name: text(120) }),
    result: z.strictObject({ email: z.string() }),
    errors: [],
    idempotent: true,
    reads: "primary",
    fairQueue: hashing,
  }),
  login: action({
    summary: "Log in with e-mail or phone, and password",
    description:
      "Takes either `email` or `phone`, a verified number. Starts a session. With `guestCart`, that cart's items are merged into the customer's own. Successful and failed logins are recorded in the audit trail. Many wrong passwords delay further logins, except from devices known to the account: at the same address, or with the `deviceToken` of an earlier login.",
    access: "anyone",
    route: {
      method: "POST",
      path: "/auth/login",
      ignoresToken: true,
      guesses: ["email", "phone"],
      knownBy: "deviceToken",
      signsIn: true,
    },
    params: z
      .strictObject({
        email: email.optional(),
        phone: phone.optional(),
        password: knownPassword,
        guestCart,
        deviceToken: deviceToken.optional().describe("Of an earlier login to this account"),
      })
      .refine((given) => (given.email === undefined) !== (given.phone === undefined), {
        path: ["email"],
        message: "is needed, or else `phone`, not both",
      }),
    result: tokens,
    errors: ["invalid-credentials", "second-factor-required"],
    idempotent: false,
    reads: "primary",
    fairQueue: hashingToSignIn,
  }),
  "login.finish": action({
    summary: "Log in: the second factor",
    description:
      "For accounts with a second factor `/auth/login` responds `second-factor-required` with a `challenge`, valid for five minutes and five attempts. A code works once.",
    access: "anyone",
    route: { method: "POST", path: "/auth/login/second-factor", ignoresToken: true, signsIn: true },
    params: z.strictObject({ challenge: z.string().min(1).max(100), code: secondFactor, guestCart }),
    result: tokens,
    errors: ["invalid-second-factor", "too-many-requests"],
    idempotent: false,
    reads: "primary",
  }),
  refresh: action({
    summary: "Exchange the refresh token for new tokens",
    description:
      "Each refresh token works once. Reuse ends its session, except for a retry: sent with the same `Idempotency-Key` within half a minute, it gets the same refresh token again.",
    access: "anyone",
    route: {
      method: "POST",
      path: "/auth/refresh",
      ignoresToken: true,
      headers: { idempotencyKey: "Idempotency-Key" },
    },
    params: z.strictObject({
      refreshToken: z.string().min(1).max(200),
      idempotencyKey: idempotencyKey.optional(),
    }),
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
  "step-up": action({
    summary: "Re-authenticate",
    description:
      "Sensitive actions require a recent password or second factor, from login or from here, and otherwise respond `step-up-required`.",
    access: "signed-in",
    route: { method: "POST", path: "/auth/step-up", guesses: "caller" },
    params: z.strictObject({
      password: knownPassword.optional().describe("For accounts without a second factor"),
      code: secondFactor.optional().describe("For accounts with a second factor"),
    }),
    result: z.strictObject({ expiresIn: z.int().describe("Seconds until it expires") }),
    errors: ["not-found", "too-many-requests"],
    idempotent: true,
    reads: "primary",
    fairQueue: hashingToSignIn,
  }),
  "password-resets.request": action({
    summary: "Request a mail to reset a forgotten password",
    description:
      "The response is the same whether the address has an account or not; a mail is sent only if it has. It is valid for half an hour.",
    access: "anyone",
    route: { method: "POST", path: "/auth/password-resets", status: 202, ignoresToken: true },
    params: z.strictObject({ email }),
    result: z.strictObject({ email: z.string() }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "password-resets.use": action({
    summary: "Set a new password with the token from the mail",
    description:
      "Ends all sessions of the account. The token works once. The response has a `deviceToken`, so that others' failed logins do not delay the login that follows.",
    access: "anyone",
    route: { method: "PUT", path: "/auth/password-resets/{token}", ignoresToken: true },
    params: z.strictObject({ token: mailedToken, password: newPassword }),
    result: tokens.pick({ deviceToken: true }),
    errors: ["not-found"],
    idempotent: false,
    reads: "primary",
    fairQueue: hashing,
  }),
  "email-verifications.request": action({
    summary: "Request another verification mail",
    description:
      "The response is the same whether the address has an account or not. The mail is valid for two days.",
    access: "anyone",
    route: { method: "POST", path: "/auth/email-verifications", status: 202, ignoresToken: true },
    params: z.strictObject({ email }),
    result: z.strictObject({ email: z.string() }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "email-verifications.use": action({
    summary: "Verify an address with the token from the mail",
    description:
      "After registration, the address becomes verified. After a change of address, the new one replaces the old one.",
    access: "anyone",
    route: { method: "PUT", path: "/auth/email-verifications/{token}", ignoresToken: true },
    params: z.strictObject({ token: mailedToken }),
    result: user.pick({ email: true, emailVerified: true }),
    errors: ["not-found", "already-exists"],
    idempotent: false,
    reads: "primary",
  }),
};
