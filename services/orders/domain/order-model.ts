import type { Address } from "../../../mixins/contract/fields.ts";
import type { FulfilmentCounts } from "./fulfilment.ts";
import type { OrderStatus } from "./order-status.ts";
import type { Totals } from "./pricing.ts";

/**
 * An order without its lines. Amounts are minor units of its currency, times milliseconds since the Unix
 * epoch.
 */
export interface Order extends Totals {
  readonly id: string;
  /** Short, for people: `K7Q2-9XMD`. */
  readonly number: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  /** Refunded so far, or due to be. */
  readonly refunded: number;
  /** Null unless it awaits payment. */
  readonly payBefore: number | null;
  readonly shippingAddress: Address;
  readonly note: string | null;
  /** Of a guest's order, until an account claims it; null for accounts. */
  readonly contact?: OrderContact | null;
  /** Code of the coupon that yielded the discount. */
  readonly couponCode: string | null;
  /** Whose coupon it is, who bears the discount; null for the mall's. */
  readonly couponMerchantId: string | null;
  readonly cartId: string;
  /** Receipt of the last part by the customer. */
  readonly receivedAt: number | null;
  /** Number of open after-sales. */
  readonly afterSales: number;
  /** Number of received lines that await a review; 0 where the shop has no reviews. */
  readonly toReview: number;
  /** Incremented with each change. */
  readonly version: number;
  readonly placedAt: number;
  readonly updatedAt: number;
}

/** How to reach a guest about an order. The address is not verified. */
export interface OrderContact {
  readonly email: string;
  /** E.164. */
  readonly phone: string | null;
  /** BCP 47 tag. */
  readonly locale: string | null;
}

export interface OrderLine extends FulfilmentCounts {
  readonly id: string;
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  /** Null for the shop itself, and on lines older than this field. */
  readonly merchantId: string | null;
  /** The order's id on lines older than this field. */
  readonly partId: string;
  /** Of a merchant's product: its categories when it was sold, from the innermost out. */
  readonly categoryIds?: readonly string[];
  /** The shipping of its part, told by the first line of the part; 0 on the others. */
  readonly shipping: number;
  /** Price at which it was reserved and sold. */
  readonly unitPrice: number;
  /**
   * Its share of the order's discount. The shares add up to that discount, and none exceeds its line's
   * amount.
   */
  readonly discount: number;
}

export interface OrderWithLines extends Order {
  readonly lines: readonly OrderLine[];
  /** One for each merchant, the shop itself included. */
  readonly parts: readonly OrderPart[];
}

/**
 * What one merchant has sold of an order. The parts of an order add up to it in every amount. Amounts are minor
 * units of the order's currency, times milliseconds since the Unix epoch.
 */
export interface OrderPart extends PartAmounts, PartState {
  readonly id: string;
  /** Null for the shop itself. */
  readonly merchantId: string | null;
}

/** Fixed when the order is placed. */
export interface PartAmounts {
  /** Σ of its lines. */
  readonly subtotal: number;
  /** Σ of its lines' shares of the order's discount. */
  readonly discount: number;
  readonly shipping: number;
  /** Its share of the order's tax. */
  readonly tax: number;
  /** subtotal − discount + shipping. */
  readonly total: number;
}

/** Stored from the order's payment on. */
export interface PartState {
  /** The order's until it is paid; then by the part's own shipments, returns and refunds. */
  readonly status: OrderStatus;
  /** Refunded so far, or due to be. */
  readonly refunded: number;
  /** Shipped or delivered in full then, and not received yet; null otherwise. */
  readonly receivableSince: number | null;
  /** Receipt by the customer. */
  readonly receivedAt: number | null;
  readonly isStored: boolean;
}
