import { z } from "zod";
import { action } from "../../contract/contract.ts";
import { idempotencyKey, text } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { email, hashing, hashingToSignIn, knownPassword, mailedToken, newPassword, secondFactor, tokens, user } from "./fields.ts";

const guestCart = z.strictObject({ id, token: z.string().min(1).max(100) }).optional();

/** Accounts are opened, sessions begin, go on and end, and forgotten passwords are replaced. */
export const signingIn = {
  register: action({
    summary: "Open a customer account",
    description:
      "The answer is the same when the address has an account already: nothing is changed then, and its owner is told by mail. Log in afterwards.",
    access: "anyone",
    route: { method: "POST", path: "/auth/register", status: 202, ignoresToken: true },
    params: z.strictObject({ email, password: newPassword, name: text(120) }),
    result: z.strictObject({ email: z.string() }),
    errors: [],
    idempotent: true,
    reads: "primary",
    turn: hashing,
  }),
  login: action({
    summary: "Log in with e-mail and password",
    description:
      "Starts a session. With `guestCart`, the items of that cart are merged into the customer's own. Logins and failed logins are recorded in the audit trail.",
    access: "anyone",
    route: { method: "POST", path: "/auth/login", ignoresToken: true, guesses: "email" },
    params: z.strictObject({
      email,
      password: knownPassword,
      guestCart,
    }),
    result: tokens,
    errors: ["invalid-credentials", "second-factor-required"],
    idempotent: false,
    reads: "primary",
    turn: hashingToSignIn,
  }),
  "login.finish": action({
    summary: "Log in: the second factor",
    description:
      "For accounts with a second factor `/auth/login` answers `second-factor-required` with a `challenge`, which is good for five minutes and five tries. A code works once.",
    access: "anyone",
    route: { method: "POST", path: "/auth/login/second-factor", ignoresToken: true },
    params: z.strictObject({ challenge: z.string().min(1).max(100), code: secondFactor, guestCart }),
    result: tokens,
    errors: ["invalid-second-factor", "too-many-requests"],
    idempotent: false,
    reads: "primary",
  }),
  refresh: action({
    summary: "Exchange the refresh token for new tokens",
    description:
      "Each refresh token works once. Using one again ends its session, unless it is the same request again: sent with the same `Idempotency-Key` within half a minute, it gets the same refresh token again.",
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
    summary: "Show once more that it is you",
    description:
      "What can do great harm asks for a password or second factor that was given a short while ago, at login or here, and is refused with `step-up-required` otherwise.",
    access: "signed-in",
    route: { method: "POST", path: "/auth/step-up", guesses: "caller" },
    params: z.strictObject({
      password: knownPassword.optional().describe("For accounts without a second factor"),
      code: secondFactor.optional().describe("For accounts with a second factor"),
    }),
    result: z.strictObject({ expiresIn: z.int().describe("Seconds for which it holds") }),
    errors: ["not-found", "too-many-requests"],
    idempotent: true,
    reads: "primary",
    turn: hashingToSignIn,
  }),
  "password-resets.request": action({
    summary: "Ask for a mail with which a forgotten password can be replaced",
    description:
      "The answer is the same whether the address has an account or not; a mail comes only if it has. It holds for half an hour.",
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
    description: "Ends all sessions of the account. The token works once.",
    access: "anyone",
    route: { method: "PUT", path: "/auth/password-resets/{token}", ignoresToken: true },
    params: z.strictObject({ token: mailedToken, password: newPassword }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: false,
    reads: "primary",
    turn: hashing,
  }),
  "email-verifications.request": action({
    summary: "Ask for another mail that verifies the address of an account",
    description: "The answer is the same whether the address has an account or not. The mail holds for two days.",
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
      "After a registration, the address counts as verified. After a change of address, the new one takes the old one's place.",
    access: "anyone",
    route: { method: "PUT", path: "/auth/email-verifications/{token}", ignoresToken: true },
    params: z.strictObject({ token: mailedToken }),
    result: user.pick({ email: true, emailVerified: true }),
    errors: ["not-found", "already-exists"],
    idempotent: false,
    reads: "primary",
  }),
};
