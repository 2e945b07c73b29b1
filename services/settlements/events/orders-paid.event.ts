import { actorText } from "../../../mixins/contract/caller.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { DiscountBearer } from "../domain/commission.ts";
import { commissionOf } from "../domain/commission.ts";
import { postSale } from "../post-sale.ts";
import type { SettlementsDependencies } from "../settlements.dependencies.ts";
import { on } from "../settlements.dependencies.ts";

type Paid = EventEnvelope<"orders.paid">;
type Part = NonNullable<Paid["payload"]["parts"]>[number];

/** Posts the sale of each merchant's part. The shop's own part is nobody's claim. */
export const ordersPaid = on("orders.paid", async (event, tx, dependencies) => {
  const { orderId, number: orderNumber, parts = [], couponMerchantId } = event.payload;
  const origin = { actor: actorText(event.actor), now: Date.now() };
  for (const part of parts.toSorted((one, other) => (one.partId < other.partId ? -1 : 1))) {
    const { partId, merchantId, total, discount } = part;
    if (merchantId === null) continue;
    // A merchant bears the discounts of its own coupons, always.
    const bearer = merchantId === couponMerchantId ? "merchant" : dependencies.discountBearer;
    const sale = {
      partId,
      orderId,
      orderNumber,
      merchantId,
      currency: total.currency,
      total: total.amount,
      borneByMall: bearer === "mall" ? discount.amount : 0,
      commission: await commission(event, part, { merchantId, bearer }, tx, dependencies),
      refunded: 0,
      paidAt: event.occurredAt,
      releaseAt: null,
      releasedAt: null,
    };
    await postSale(sale, origin, tx, dependencies);
  }
});

/** By the terms at the time of the payment. */
async function commission(
  { occurredAt, payload }: Paid,
  part: Part,
  { merchantId, bearer }: { readonly merchantId: string; readonly bearer: DiscountBearer },
  tx: Tx,
  { terms }: SettlementsDependencies,
): Promise<number> {
  const lines = (payload.lines ?? []).filter((line) => (line.merchantId ?? null) === part.merchantId);
  const rates = await terms.ratesAt(merchantId, occurredAt, tx);
  const sold = lines.map(({ quantity, unitPrice, discount, categoryIds = [] }) => ({
    quantity,
    unitPrice: unitPrice?.amount ?? 0,
    discount: discount?.amount ?? 0,
    rate: rates(categoryIds),
  }));
  return commissionOf(sold, bearer);
}
