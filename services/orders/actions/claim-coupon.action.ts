import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import type { Coupon } from "../domain/coupon.ts";
import { canBeClaimed } from "../domain/wallet.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { action } from "../orders.dependencies.ts";
import { presentClaimed } from "../present-coupon.ts";

/** Rolls back the count of a claim that was not made. */
class NotClaimed extends Error {
  override name = "NotClaimed";
}

export const claimCoupon = action("orders.coupon-offers.claim", async (context, dependencies) => {
  const { claims, pricing } = dependencies;
  const { params, caller, now, fail } = context;
  const known = await claims.ofCustomer(params.id, caller.userId);
  if (known) return presentClaimed(known, now, pricing.currency);

  const offer = await claims.offer(params.id);
  if (!offer || !canBeClaimed(offer, now)) throw fail("not-found");
  // What is gone is refused without a lock on its contended row.
  if (!isGone(offer)) await claim(offer, context, dependencies);
  // Also finds the claim of a concurrent request of this customer.
  const claimed = await claims.ofCustomer(offer.id, caller.userId);
  if (!claimed) throw fail("coupon-exhausted", undefined, { coupon: offer.code, reason: "exhausted" });
  return presentClaimed(claimed, now, pricing.currency);
});

async function claim(
  { id }: Coupon,
  { caller, now, transaction }: ActionContext<"orders.coupon-offers.claim">,
  { claims }: OrdersDependencies,
): Promise<void> {
  await transaction(async (tx) => {
    if (!(await claims.claim(id, caller.userId, now, tx))) throw new NotClaimed();
  }).catch((error: unknown) => {
    if (!(error instanceof NotClaimed)) throw error;
  });
}

function isGone({ claimLimit, claims }: Coupon): boolean {
  return claimLimit !== null && claims >= claimLimit;
}
