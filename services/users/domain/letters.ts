import type { MailKind } from "./mail-kinds.ts";

/** Contents of a letter besides its kind. */
export interface LetterContext {
  /** The single-use token, for letters that carry one. */
  readonly token: string | undefined;
  /** Base URL of the shop's own pages, without a trailing slash; undefined without such pages. */
  readonly shopUrl: string | undefined;
  /** The order, for letters about one. */
  readonly order?: { readonly id: string; readonly number: string };
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

type Writer = (occasion: LetterContext) => readonly [subject: string, ...paragraphs: string[]];

const warning = "If this was not you, set a new password at once and tell us.";

/**
 * Texts of each mail. They contain no user input such as names: anyone can register a stranger's address, and
 * the shop must not relay content to it.
 */
const writers: Readonly<Record<MailKind, Writer>> = {
  "verify-address": (occasion) => [
    "Please confirm your e-mail address",
    "An account was opened with this address. If it was you, please confirm that the address is yours:",
    linkTo("verify-email", "/auth/email-verifications", occasion),
    "This holds for two days. If it was not you, do nothing.",
  ],
  "account-exists": () => [
    "You have an account already",
    "Someone, probably you, tried to open an account with this address. It has one already, so nothing was changed.",
    "If you have forgotten your password, ask for a new one. If it was not you, do nothing.",
  ],
  "password-reset": (occasion) => [
    "Set a new password",
    "Someone, probably you, asked for a new password for your account. Set it here:",
    linkTo("reset-password", "/auth/password-resets", occasion),
    "This holds for half an hour and works once. If it was not you, do nothing: your password stays as it is.",
  ],
  "password-changed": () => [
    "Your password was changed",
    "The password of your account was changed just now, and your other sessions were ended.",
    warning,
  ],
  "two-factor-on": () => [
    "Two-factor authentication was enabled",
    "Two-factor authentication was enabled for your account, and your other sessions were ended. Keep the recovery codes in a safe place.",
    warning,
  ],
  "two-factor-off": () => [
    "Two-factor authentication was disabled",
    "Two-factor authentication was disabled for your account.",
    warning,
  ],
  "confirm-new-address": (occasion) => [
    "Please confirm your new e-mail address",
    "A change of your account's address to this one was requested. If it is yours, please confirm it:",
    linkTo("verify-email", "/auth/email-verifications", occasion),
    "This holds for two days. Until then nothing changes. If it is not your account, do nothing.",
  ],
  "address-changed": () => [
    "Your account has a new e-mail address",
    "Your account has a new e-mail address. This address will not receive further mail about it.",
    warning,
  ],
  "phone-added": () => [
    "A phone number was added to your account",
    "A phone number was verified for your account. It can be used to log in.",
    warning,
  ],
  "phone-removed": () => [
    "Your phone number was removed",
    "The phone number of your account was removed. It can no longer be used to log in.",
    warning,
  ],
  "phone-moved": () => [
    "Your phone number was removed",
    "The phone number of your account was verified for another account, so it was removed from yours and can no longer be used to log in to it.",
    "If you still have the number, verify it again in your account, and tell us.",
  ],
  "merchant-invitation": () => [
    "You are invited to work for a merchant",
    "A merchant of our mall has invited you to work for it. Log in with this address, and accept or decline the invitation in your account.",
    "This holds for a week. If you do not expect it, do nothing.",
  ],
  "account-deleted": () => [
    "Your account was deleted",
    "Your account was deleted as you asked. Your orders stay in our books, as the law demands, without your account.",
  ],
  "payment-authentication": () => [
    "Your bank asks you to confirm a payment",
    "We tried to charge your saved payment method for an order, as agreed. Your bank asks you to confirm the payment yourself, so nothing was charged and the order is not paid yet.",
    "Please open the order in the shop and pay it there.",
  ],
  "guest-order": (occasion) => [
    `Your order ${numberIn(occasion)}`,
    "An order was placed with this address, without an account. See it, pay it or cancel it here:",
    linkToOrder(occasion),
    "Whoever has this link can do so: keep it to yourself. If it was not you, do nothing: an order that is not paid expires.",
  ],
  "order-access": (occasion) => [
    `The link to your order ${numberIn(occasion)}`,
    "Someone, probably you, asked for the link to your order. Here it is:",
    linkToOrder(occasion),
    "Whoever has this link can see your order: keep it to yourself. If it was not you, do nothing.",
  ],
};

/** Writes the letter of a kind. */
export function letterOf(kind: MailKind, occasion: LetterContext): Letter {
  const [subject, ...paragraphs] = writers[kind](occasion);
  return { subject, text: `${["Hello,", ...paragraphs].join("\n\n")}\n` };
}

function numberIn({ order }: LetterContext): string {
  return order?.number ?? "";
}

function linkToOrder({ token, shopUrl, order }: LetterContext): string {
  if (token === undefined || !order) throw new Error("a letter about an order needs its token");
  return shopUrl === undefined
    ? `${token}\n(GET /api/v1/orders/${order.id} with X-Order-Token)`
    : `${shopUrl}/orders/${order.id}#token=${token}`;
}

/** The token is in the fragment (`#`), which browsers do not send to servers. */
function linkTo(page: string, resource: string, { token, shopUrl }: LetterContext): string {
  if (token === undefined) throw new Error(`a letter with a link to ${page} needs a token`);
  return shopUrl === undefined
    ? `${token}\n(PUT /api/v1${resource}/${token})`
    : `${shopUrl}/${page}#token=${token}`;
}
