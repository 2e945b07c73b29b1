/** Every mail that the service sends. */
export const mailKinds = [
  "verify-address",
  "account-exists",
  "password-reset",
  "password-changed",
  "two-factor-on",
  "two-factor-off",
  "confirm-new-address",
  "address-changed",
  "account-deleted",
] as const;

export type MailKind = (typeof mailKinds)[number];
