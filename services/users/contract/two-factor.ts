import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { secondFactor } from "./fields.ts";

const recoveryCodes = z
  .strictObject({
    recoveryCodes: z.array(z.string()).describe("Each works once instead of a code; shown only here"),
  })
  .meta({ id: "RecoveryCodes" });

/** Two-factor authentication: codes of an authenticator app (TOTP), and recovery codes. */
export const twoFactorActions = {
  "two-factor.get": action({
    summary: "True when login requires a second factor",
    access: "signed-in",
    route: { method: "GET", path: "/me/two-factor" },
    params: z.strictObject({}),
    result: z.strictObject({
      enabled: z.boolean(),
      required: z.boolean().describe("True when your role has no permissions without it"),
      recoveryCodesLeft: z.int(),
    }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "two-factor.begin": action({
    summary: "Get a secret for an authenticator app",
    description: "A first code of the app must confirm it. Each call creates a new secret.",
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
    summary: "Enable the second factor, with a first code",
    description: "Ends all your other sessions. The response has the recovery codes. A mail notifies you.",
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
    summary: "Replace the recovery codes",
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
    summary: "Disable your second factor",
    description: "A mail notifies you.",
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
    summary: "Disable an account's second factor, when it is lost with all recovery codes",
    description:
      "Verify the requester's identity first. Ends all the account's sessions and notifies its owner by mail.",
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
