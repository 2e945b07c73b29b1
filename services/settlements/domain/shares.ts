import { proportionOf } from "../../../mixins/support/rounding.ts";

/** What a merchant sold in one order. Minor units. */
export interface Sale {
  /** subtotal − discount + shipping: what the customer paid for this part. */
  readonly total: number;
  /** The part of the discount that the mall bears: the merchant is paid as if it had not been given. */
  readonly borneByMall: number;
  readonly commission: number;
}

/** How an amount is shared; `receipts` = `merchant` + `commission` − `borneByMall`. */
export interface Shares {
  /** From, or back to, the customer. */
  readonly receipts: number;
  readonly borneByMall: number;
  readonly commission: number;
  readonly merchant: number;
}

/** Shares of the whole sale. */
export function sharesOfSale({ total, borneByMall, commission }: Sale): Shares {
  return { receipts: total, borneByMall, commission, merchant: total + borneByMall - commission };
}

/**
 * Shares of all refunds of a sale that amount to `refunded`, in proportion. Those of the whole total are the shares of
 * the sale, so that in whatever portions it is refunded nothing remains.
 *
 * @param refunded 0 to the sale's total
 */
export function sharesOfRefunds(sale: Sale, refunded: number): Shares {
  if (refunded === 0) return { receipts: 0, borneByMall: 0, commission: 0, merchant: 0 };
  const borneByMall = proportionOf(sale.borneByMall, refunded, sale.total);
  const commission = proportionOf(sale.commission, refunded, sale.total);
  return { receipts: refunded, borneByMall, commission, merchant: refunded + borneByMall - commission };
}

/** Shares of the refund that raises the refunded amount from `before` to `after`. */
export function sharesOfRefund(sale: Sale, before: number, after: number): Shares {
  const [former, all] = [sharesOfRefunds(sale, before), sharesOfRefunds(sale, after)];
  return {
    receipts: all.receipts - former.receipts,
    borneByMall: all.borneByMall - former.borneByMall,
    commission: all.commission - former.commission,
    merchant: all.merchant - former.merchant,
  };
}
