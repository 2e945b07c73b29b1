import { isProtectedBy } from "../../../config/protections.ts";
import type { ActionContext } from "../../../mixins/shop-action.ts";
import type { Result } from "../../contract/calls.ts";
import { newId } from "../../contract/ids.ts";
import type { Checkout } from "../domain/checkout.ts";
import { judgeKnownKey } from "../domain/checkout.ts";
import { fingerprintOf } from "../domain/fingerprint.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";

/** Either the checkout is the caller's to work on, or the order was placed before and here is what was answered. */
export type Claimed =
  | { readonly checkout: Checkout; readonly answer?: undefined }
  | { readonly checkout?: undefined; readonly answer: Result<"orders.place"> };

/**
 * Claims the request's idempotency key for this try.
 *
 * @throws ShopError `idempotency-mismatch`, `idempotency-in-flight`
 */
export async function claimCheckout(
  context: ActionContext<"orders.place">,
  { checkouts, claimMs }: OrdersDependencies,
): Promise<Claimed> {
  const { params, caller, now, takesOver, transaction, fail } = context;
  const fresh: Checkout = {
    orderId: newId(),
    customerId: caller.userId,
    idempotencyKey: params.idempotencyKey,
    fingerprint: fingerprintOf(params),
    state: "open",
    claimUntil: now + claimMs,
    claimedAt: now,
    response: null,
  };

  // Alone: an insert that meets its key locks it until its transaction ends, and many such locks deadlock.
  if (await checkouts.claim(fresh)) return { checkout: fresh };
  return transaction(async (tx) => {
    const known = isProtectedBy("idempotency-key")
      ? await checkouts.byKey(fresh.customerId, fresh.idempotencyKey, tx)
      : undefined;
    // Withdrawn this very moment: the client's next try finds the key free.
    if (!known) throw fail("idempotency-in-flight");
    switch (judgeKnownKey(known, fresh.fingerprint, now, takesOver)) {
      case "mismatch":
        throw fail("idempotency-mismatch");
      case "in-flight":
        throw fail("idempotency-in-flight");
      case "replay":
        return { answer: answerOf(known) };
      case "take-over":
        return claimAgain(known, { ...fresh, orderId: known.orderId });
      case "start-over":
        return claimAgain(known, fresh);
    }

    async function claimAgain(known: Checkout, renewed: Checkout): Promise<Claimed> {
      if (!(await checkouts.renew(known, renewed, tx))) throw fail("idempotency-in-flight");
      return { checkout: renewed };
    }
  });
}

/**
 * Gives up a checkout that failed. Whatever happened, even when the database did not tell whether it committed, what
 * this finds is final.
 *
 * @returns `withdrawn` when its order will never exist, and its stock can be released; the answer when the order
 * exists after all; `in-flight` when another request took it over; `abandoned` when its order was ruled out meanwhile
 */
export async function giveUpCheckout(
  checkout: Checkout,
  { transaction }: ActionContext<"orders.place">,
  { checkouts }: OrdersDependencies,
): Promise<"withdrawn" | "in-flight" | "abandoned" | Result<"orders.place">> {
  return transaction(async (tx) => {
    if (await checkouts.withdraw(checkout, tx)) return "withdrawn";
    const known = await checkouts.byKey(checkout.customerId, checkout.idempotencyKey, tx);
    if (known?.state === "placed") return answerOf(known);
    return known?.state === "open" ? "in-flight" : "abandoned";
  });
}

/**
 * Takes back that a checkout was given up, unless its key is in use again: the next request with the key goes on with
 * the same order, and so finds the stock that may still be held for it.
 */
export async function reopenCheckout(
  checkout: Checkout,
  { transaction }: ActionContext<"orders.place">,
  { checkouts }: OrdersDependencies,
): Promise<void> {
  await transaction((tx) => checkouts.insert({ ...checkout, claimUntil: 0 }, tx));
}

function answerOf({ orderId, response }: Checkout): Result<"orders.place"> {
  if (response === null) throw new Error(`order ${orderId} was placed without keeping the answer`);
  return JSON.parse(response) as Result<"orders.place">;
}
