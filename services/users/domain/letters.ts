import type { MailKind } from "./mail-kinds.ts";

/** What a letter is about, besides its kind. */
export interface Occasion {
  /** The single-use token, for letters that carry one. */
  readonly token: string | undefined;
  /** The shop's own pages, without a slash at the end; undefined when there are none to link to. */
  readonly shopUrl: string | undefined;
}

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

type Writer = (occasion: Occasion) => readonly [subject: string, ...paragraphs: string[]];

const notYou = "If this was not you, set a new password at once and tell us.";

/**
 * The words of each mail. None contains what someone typed in, such as a name: an account can be opened with a
 * stranger's address, who would get it from us.
 */
const writers: Readonly<Record<MailKind, Writer>> = {
  "verify-address": (occasion) => [
    "Please confirm your e-mail address",
    "An account was opened with this address. If it was you, please confirm that the address is yours:",
    wayTo("verify-email", "/auth/email-verifications", occasion),
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
    wayTo("reset-password", "/auth/password-resets", occasion),
    "This holds for half an hour and works once. If it was not you, do nothing: your password stays as it is.",
  ],
  "password-changed": () => [
    "Your password was changed",
    "The password of your account was changed just now, and your other sessions were ended.",
    notYou,
  ],
  "two-factor-on": () => [
    "Logging in takes a second factor now",
    "Two-factor authentication was turned on for your account, and your other sessions were ended. Keep the recovery codes in a safe place.",
    notYou,
  ],
  "two-factor-off": () => [
    "Logging in takes no second factor any more",
    "Two-factor authentication was turned off for your account.",
    notYou,
  ],
  "confirm-new-address": (occasion) => [
    "Please confirm your new e-mail address",
    "An account is to have this address from now on. If it is yours, please confirm it:",
    wayTo("verify-email", "/auth/email-verifications", occasion),
    "This holds for two days. Until then nothing changes. If it is not your account, do nothing.",
  ],
  "address-changed": () => [
    "Your account has another e-mail address",
    "Your account has another e-mail address from now on. No more mail about it will come to this one.",
    notYou,
  ],
  "account-deleted": () => [
    "Your account was deleted",
    "Your account was deleted as you asked. Your orders stay in our books, as the law demands, without your account.",
  ],
};

/** What a mail of a kind says. */
export function letterOf(kind: MailKind, occasion: Occasion): Letter {
  const [subject, ...paragraphs] = writers[kind](occasion);
  return { subject, text: `${["Hello,", ...paragraphs].join("\n\n")}\n` };
}

/** The token stands behind `#`, which browsers send to nobody. */
function wayTo(page: string, resource: string, { token, shopUrl }: Occasion): string {
  if (token === undefined) throw new Error(`a letter that leads to ${page} needs a token`);
  return shopUrl === undefined ? `${token}\n(PUT /api/v1${resource}/${token})` : `${shopUrl}/${page}#token=${token}`;
}
