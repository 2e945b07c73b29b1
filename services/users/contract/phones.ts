import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { deviceToken, ownUser, phone, phoneCode, tokens } from "./fields.ts";
import { guestCart } from "./guest-cart.ts";

const expiresIn = z.int().describe("Lifetime of the code in seconds");

/** The user's own phone number, and login by a code that is sent to it. */
export const phones = {
  "phone-verifications.request": action({
    summary: "Request a code for your phone number",
    description:
      "The response is the same whether another account has the number or not. A code allows five attempts. Requests are limited by account, number and address.",
    access: "signed-in",
    stepUp: true,
    route: { method: "POST", path: "/me/phone-verifications", status: 202 },
    params: z.strictObject({ phone }),
    result: z.strictObject({ id, phone: z.string(), expiresIn }),
    errors: ["not-found"],
    idempotent: false,
    reads: "primary",
  }),
  "phone-verifications.confirm": action({
    summary: "Set your phone number with the code from the message",
    description:
      "The number then logs in to your account. It is taken from an account that had it before: whoever receives its messages has it. Mails tell both owners.",
    access: "signed-in",
    stepUp: true,
    route: {
      method: "POST",
      path: "/me/phone-verifications/{id}/confirmations",
      status: 200,
      guesses: "caller",
    },
    params: z.strictObject({ id, code: phoneCode }),
    result: ownUser,
    errors: ["not-found"],
    idempotent: false,
    reads: "primary",
  }),
  "phone.remove": action({
    summary: "Remove your phone number",
    description: "It no longer logs in to your account. A mail notifies you.",
    access: "signed-in",
    stepUp: true,
    route: { method: "DELETE", path: "/me/phone" },
    params: z.strictObject({}),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "phone-codes.request": action({
    summary: "Request a code to log in by phone",
    description:
      "The response is the same whether an account has the number or not; a code is sent only to a customer's verified number. It allows five attempts.",
    access: "anyone",
    route: { method: "POST", path: "/auth/phone-codes", status: 202, ignoresToken: true },
    params: z.strictObject({ phone }),
    result: z.strictObject({
      challenge: z.string().describe("Goes with the code to `/auth/login/phone-code`; keep it secret"),
      expiresIn,
    }),
    errors: [],
    idempotent: false,
    reads: "primary",
  }),
  "login.by-phone-code": action({
    summary: "Log in with a code from a message",
    description: "Starts a session as `/auth/login` does, and asks for the second factor where there is one.",
    access: "anyone",
    route: {
      method: "POST",
      path: "/auth/login/phone-code",
      ignoresToken: true,
      guesses: "phone",
      knownBy: "deviceToken",
      signsIn: true,
    },
    params: z.strictObject({
      phone,
      challenge: z.string().min(1).max(100).describe("Of `/auth/phone-codes`"),
      code: phoneCode,
      guestCart,
      deviceToken: deviceToken.optional().describe("Of an earlier login to this account"),
    }),
    result: tokens,
    errors: ["invalid-credentials", "second-factor-required"],
    idempotent: false,
    reads: "primary",
  }),
};
