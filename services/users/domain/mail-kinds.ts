/** Every mail that the service sends. */
export const mailKinds = [
  "verify-address",
  "account-exists",
  "password-reset",
  "password-changed",
  "confirm-new-address",
  "address-changed",
  "account-deleted",
] as const;

export type MailKind = (typeof mailKinds)[number];
