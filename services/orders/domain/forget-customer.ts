import type { Address } from "../../contract/fields.ts";
import type { OrderStatus } from "./order-status.ts";

/** What an order says of its customer. */
export interface PersonalData {
  readonly shippingAddress: Address;
  readonly note: string | null;
}

/** Nothing is to be sent, or to be paid, of an order that is one of these. */
const finished: ReadonlySet<OrderStatus> = new Set(["delivered", "refunded", "returned", "cancelled", "expired"]);

const gone = "–";

export function isFinished(status: OrderStatus): boolean {
  return finished.has(status);
}

/**
 * What may still be known of a customer who deleted their account, of an order that is finished. One that was paid has an
 * invoice, and books are kept with the name and address on them; the telephone number and what the customer wrote are on no
 * invoice. Of one that was never paid only the country is kept, by which its tax was reckoned.
 */
export function forgetCustomer({ shippingAddress }: PersonalData, wasPaid: boolean): PersonalData {
  const { phone: _phone, ...onInvoice } = shippingAddress;
  if (wasPaid) return { shippingAddress: onInvoice, note: null };
  const { country } = shippingAddress;
  return { shippingAddress: { name: gone, line1: gone, city: gone, postalCode: gone, country }, note: null };
}
