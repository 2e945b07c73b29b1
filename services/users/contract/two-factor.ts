import { z } from "zod";
import { action } from "../../contract/contract.ts";
import { id } from "../../contract/ids.ts";
import { secondFactor } from "./fields.ts";

const recoveryCodes = z
  .strictObject({ recoveryCodes: z.array(z.string()).describe("Each works once in place of a code; shown only here") })
  .meta({ id: "RecoveryCodes" });

/** A second factor: codes of an authenticator app (TOTP), with recovery codes for when it is lost. */
export const twoFactorActions = {
  "two-factor.get": action({
    summary: "Whether logging in takes a second factor",
    access: "signed-in",
    route: { method: "GET", path: "/me/two-factor" },
    params: z.strictObject({}),
    result: z.strictObject({
      enabled: z.boolean(),
      required: z.boolean().describe("Whether your role may do nothing without it"),
      recoveryCodesLeft: z.int(),
    }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "two-factor.begin": action({
    summary: "Get a secret for an authenticator app",
    description: "It counts when a first code of the app confirms it. Asking again gives another secret.",
    access: "signed-in",
    stepUp: true,
    route: { method: "POST", path: "/me/two-factor" },
    params: z.strictObject({}),
    result: z.strictObject({
      secret: z.string().describe("Base32"),
      uri: z.string().describe("`otpauth://…`, to be shown as a QR code"),
    }),
    errors: ["not-found", "illegal-transition"],
    idempotent: false,
    reads: "primary",
  }),
  "two-factor.confirm": action({
    summary: "Turn the second factor on, with a first code",
    description: "Ends all your other sessions. The answer has the recovery codes. You are told by mail.",
    access: "signed-in",
    stepUp: true,
    route: { method: "PUT", path: "/me/two-factor", guesses: "caller" },
    params: z.strictObject({ code: secondFactor }),
    result: recoveryCodes,
    errors: ["not-found", "illegal-transition", "too-many-requests"],
    idempotent: false,
    reads: "primary",
  }),
  "two-factor.renew-codes": action({
    summary: "Get new recovery codes; the old ones work no more",
    access: "signed-in",
    stepUp: true,
    route: { method: "POST", path: "/me/two-factor/recovery-codes" },
    params: z.strictObject({}),
    result: recoveryCodes,
    errors: ["illegal-transition"],
    idempotent: false,
    reads: "primary",
  }),
  "two-factor.disable": action({
    summary: "Turn your second factor off",
    description: "You are told by mail.",
    access: "signed-in",
    stepUp: true,
    route: { method: "DELETE", path: "/me/two-factor" },
    params: z.strictObject({}),
    result: z.null(),
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "two-factor.reset": action({
    summary: "Turn off someone's second factor, when it is lost with all recovery codes",
    description: "Make sure who asks for it. Ends all their sessions and tells them by mail.",
    access: { permission: "users:write" },
    stepUp: true,
    route: { method: "DELETE", path: "/users/{id}/two-factor" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
};
