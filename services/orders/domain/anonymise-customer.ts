import type { Address } from "../../../mixins/contract/fields.ts";
import type { OrderStatus } from "./order-status.ts";

/** Personal data in an order. */
export interface PersonalData {
  readonly shippingAddress: Address;
  readonly note: string | null;
}

/** Statuses without a pending shipment or payment. */
const finished: ReadonlySet<OrderStatus> = new Set([
  "delivered",
  "refunded",
  "returned",
  "cancelled",
  "expired",
]);

const redacted = "–";

export function isFinished(status: OrderStatus): boolean {
  return finished.has(status);
}

/**
 * Redacts a finished order of a deleted account. A paid order keeps name and address, which its invoice and
 * the books need, but not the telephone number and the customer's notes. An unpaid order keeps the country
 * only, which determined its tax.
 */
export function anonymiseCustomer({ shippingAddress }: PersonalData, wasPaid: boolean): PersonalData {
  const { phone: _phone, ...onInvoice } = shippingAddress;
  if (wasPaid) return { shippingAddress: onInvoice, note: null };
  const { country } = shippingAddress;
  return {
    shippingAddress: { name: redacted, line1: redacted, city: redacted, postalCode: redacted, country },
    note: null,
  };
}
