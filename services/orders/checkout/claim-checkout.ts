import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Checkout } from "../domain/checkout.ts";
import { keyStateOf } from "../domain/checkout.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import type { Shopper } from "./identify-shopper.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";

/** The caller owns the checkout, or the order was placed before: its stored response. */
export type ClaimResult =
  | { readonly checkout: Checkout; readonly answer?: undefined }
  | { readonly checkout?: undefined; readonly answer: Result<"orders.place"> };

/**
 * Claims the request's idempotency key for this attempt.
 *
 * @throws ShopError `idempotency-mismatch`, `idempotency-in-flight`
 */
export async function claimCheckout(
  { customerId }: Shopper,
  context: ActionContext<"orders.place">,
  { checkouts, claimMs }: OrdersDependencies,
): Promise<ClaimResult> {
  const { params, client, now, takesOver, transaction, fail } = context;
  const fresh: Checkout = {
    orderId: newId(),
    customerId,
    client: client.limitKey ?? null,
    idempotencyKey: params.idempotencyKey,
    fingerprint: fingerprintOf(params),
    state: "open",
    claimUntil: now + claimMs,
    claimedAt: now,
    response: null,
  };

  // In its own transaction: an insert that hits an existing key locks it until the transaction ends, and many
  // such locks deadlock.
  if (await checkouts.claim(fresh)) return { checkout: fresh };
  return transaction(async (tx) => {
    const known = await checkouts.byKey(fresh.customerId, fresh.idempotencyKey, tx);
    // Withdrawn this moment; the client's retry finds the key free.
    if (!known) throw fail("idempotency-in-flight");
    switch (keyStateOf(known, fresh.fingerprint, now, takesOver)) {
      case "mismatch":
        throw fail("idempotency-mismatch");
      case "in-flight":
        throw fail("idempotency-in-flight");
      case "replay":
        return { answer: storedResponse(known) };
      case "take-over":
        return renewClaim(known, { ...fresh, orderId: known.orderId });
      case "start-over":
        return renewClaim(known, fresh);
    }

    async function renewClaim(known: Checkout, renewed: Checkout): Promise<ClaimResult> {
      if (!(await checkouts.renew(known, renewed, tx))) throw fail("idempotency-in-flight");
      return { checkout: renewed };
    }
  });
}

/**
 * Gives up a failed checkout. The outcome is final, even after a commit whose result was lost.
 *
 * @returns `withdrawn` when its order is ruled out, so stock can be released; the response when the order
 *   exists; `in-flight` when another request took over; `abandoned` when it was ruled out meanwhile
 */
export async function withdrawCheckout(
  checkout: Checkout,
  { transaction }: ActionContext<"orders.place">,
  { checkouts }: OrdersDependencies,
): Promise<"withdrawn" | "in-flight" | "abandoned" | Result<"orders.place">> {
  return transaction(async (tx) => {
    if (await checkouts.withdraw(checkout, tx)) return "withdrawn";
    const known = await checkouts.byKey(checkout.customerId, checkout.idempotencyKey, tx);
    if (known?.state === "placed") return storedResponse(known);
    return known?.state === "open" ? "in-flight" : "abandoned";
  });
}

/**
 * Reverts giving up a checkout, unless its key is in use again. The next request with the key continues the
 * same order, and finds stock that may still be reserved for it.
 */
export async function reopenCheckout(
  checkout: Checkout,
  { transaction }: ActionContext<"orders.place">,
  { checkouts }: OrdersDependencies,
): Promise<void> {
  await transaction((tx) => checkouts.insert({ ...checkout, claimUntil: 0 }, tx));
}

function storedResponse({ orderId, response }: Checkout): Result<"orders.place"> {
  if (response === null) throw new Error(`order ${orderId} was placed without storing the response`);
  return JSON.parse(response) as Result<"orders.place">;
}
