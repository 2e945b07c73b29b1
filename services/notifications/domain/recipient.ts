/** Who is told: a customer, whose address is looked up when it is sent, or a guest with an address. */
export interface Recipient {
  readonly customerId: string | null;
  /** Of a guest. */
  readonly email: string | null;
  readonly phone: string | null;
  /** BCP 47 tag; null for the account's or the shop's. */
  readonly locale: string | null;
}

/** @throws Error for a recipient that nothing could be sent to */
export function recipientKey({ customerId, email, phone }: Recipient): string {
  const key = customerId ?? email?.toLowerCase() ?? phone;
  if (key === null) throw new Error("a recipient is a customer, or has an address");
  return key;
}

export function customerRecipient(customerId: string): Recipient {
  return { customerId, email: null, phone: null, locale: null };
}
