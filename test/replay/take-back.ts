import type { InvoiceLine } from "./line-rules.ts";
import { skuOf } from "./plan.ts";
import type { Invoice } from "./read-invoices.ts";
import type { Replaying } from "./replaying.ts";
import { customerKey, Disagreement, isAboutLine } from "./replaying.ts";

/**
 * Returns goods as far as they were purchased. A cancellation names no invoice, so it is matched with the
 * customer's purchases of the same article and price.
 *
 * @throws ReplayError when the shop stays unavailable; refusals are recorded in the books
 */
export async function takeBack(invoice: Invoice, replaying: Replaying): Promise<void> {
  const { purchases, books } = replaying;
  const found = invoice.lines.map((line) => {
    const taken = purchases.take(customerKey(invoice), skuOf(line), line.quantity);
    return { line, taken, units: taken.reduce((sum, { quantity }) => sum + quantity, 0) };
  });

  const failed = new Map<string, string>();
  const goods = found.flatMap(({ line, taken }) => taken.map((part) => ({ line, ...part })));
  for (const [orderId, parts] of Map.groupBy(goods, (part) => part.orderId)) {
    try {
      await returnGoods(orderId, parts, invoice, replaying);
    } catch (error) {
      if (!isAboutLine(error)) throw error;
      failed.set(orderId, error.message);
    }
  }

  for (const { line, taken, units } of found) {
    const why = taken.map(({ orderId }) => failed.get(orderId)).find((message) => message !== undefined);
    if (why !== undefined) books.failed(line.row, invoice.number, why);
    else if (units === 0)
      books.refused({ row: line.row, invoice: invoice.number, reason: "cancellation-without-purchase" });
    else books.returned(line.quantity - units);
  }
}

interface ReturnedGoods {
  readonly line: InvoiceLine;
  readonly lineId: string;
  readonly quantity: number;
}

async function returnGoods(
  orderId: string,
  goods: readonly ReturnedGoods[],
  invoice: Invoice,
  { client, staff, books, runId }: Replaying,
): Promise<void> {
  const worth = goods.reduce((sum, { line, quantity }) => sum + quantity * line.unitPrice, 0);
  const returned = await client.call(
    "orders.returns.record",
    {
      id: orderId,
      idempotencyKey: `replay-${runId}-${invoice.number}-${orderId}`,
      lines: goods.map(({ lineId, quantity }) => ({ lineId, quantity })),
      reason: `Cancellation ${invoice.number} of ${invoice.issuedAt}`,
    },
    { as: staff },
  );
  const units = goods.map(({ line, quantity }) => ({ sku: skuOf(line), quantity }));
  books.refunded(orderId, worth, units);
  if (returned.refund.amount !== worth)
    throw new Disagreement(`order ${orderId} refunded ${returned.refund.amount} instead of ${worth}`);
}
