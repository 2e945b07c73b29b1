/** The buyer's state of a row of `orders`; `domain/receipt.ts` says the same of an order. */
export const buyerStateSql = `CASE WHEN status = 'placed' THEN 'to-pay' WHEN after_sales > 0 THEN 'after-sale'
  WHEN status IN ('paid', 'packed') THEN 'to-ship' WHEN status NOT IN ('shipped', 'delivered') THEN 'closed'
  WHEN received_at IS NULL THEN 'to-receive' WHEN to_review > 0 THEN 'to-review' ELSE 'closed' END`;
