/** Kinds of mail that the service sends. */
export const mailKinds = [
  "verify-address",
  "account-exists",
  "password-reset",
  "password-changed",
  "two-factor-on",
  "two-factor-off",
  "confirm-new-address",
  "address-changed",
  "phone-added",
  "phone-removed",
  "phone-moved",
  "account-deleted",
  "merchant-invitation",
  "payment-authentication",
  "guest-order",
  "order-access",
] as const;

export type MailKind = (typeof mailKinds)[number];

/** Those to customers without an account, about one of their orders. */
export const guestMailKinds = ["guest-order", "order-access"] as const satisfies readonly MailKind[];

export function isGuestMail(kind: MailKind): kind is (typeof guestMailKinds)[number] {
  return (guestMailKinds as readonly MailKind[]).includes(kind);
}
