import type { Logger } from "moleculer";
import type { Tx } from "../../../mixins/database/database.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { IdempotencyKeyRepository, KeyClaim, KeyedRequest } from "../data/idempotency-key-repository.ts";
import type { Payment } from "../data/payment-repository.ts";
import type { OrderWithLines } from "../domain/order-model.ts";
import { illegalTransition } from "../domain/order-status.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { queryDelay } from "../domain/payment-query.ts";
import { presentPayment } from "../present.ts";
import { ProviderUnreachable, providerTimeoutMs } from "./provider-interface.ts";

/** Longer than closing and starting take; then the same request takes over, with the same payment. */
export const claimMs = 3 * providerTimeoutMs;
/** Bounds payments at providers per order. */
const maxPaymentsPerOrder = 20;

export interface PaymentContext {
  readonly now: number;
  readonly log: Logger;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/** A payment to be made at a provider, under the id by which the provider deduplicates. */
export interface PaymentAttempt {
  readonly claim: KeyClaim;
  readonly order: OrderWithLines;
  readonly payment: Payment;
  /** Earlier payments of the order that can still succeed; they are closed before this one is made. */
  readonly open: readonly Payment[];
}

/** How an order is to be paid. */
export interface PaymentMeans {
  readonly provider: string;
  readonly methodId: string | null;
}

export interface PaymentRequest<A> {
  readonly key: KeyedRequest;
  readonly orderId: string;
  /** Restricts it to this customer's orders. */
  readonly owner: string | undefined;
  /** Chooses the means of a new payment. */
  readonly choose: (order: OrderWithLines, tx: Tx) => Promise<PaymentMeans>;
  /** The response for a payment of which the result is known. */
  readonly present: (payment: Payment) => A;
}

/**
 * Writes the payment under its idempotency key, or finds the one that an earlier attempt wrote. Crash-safe: the
 * same request resumes it.
 *
 * Payments of one order are made one after another.
 *
 * @throws ShopError `not-found`, `illegal-transition`, `limit-reached`, `payment-refused`,
 *   `idempotency-in-flight`, `idempotency-mismatch`
 */
export async function claimPayment<A>(
  { key, orderId, owner, choose, present }: PaymentRequest<A>,
  { now, transaction }: PaymentContext,
  { orders, payments, keys, paymentQueryMs }: OrdersDependencies,
): Promise<PaymentAttempt | { readonly answer: A }> {
  return transaction(async (tx) => {
    const { claim, answer } = await keys.claim<A>(key, claimMs, tx);
    if (!claim) return { answer };
    const order = await orders.lock(orderId, owner, tx);
    if (!order) throw new ShopError("not-found");
    const known = await payments.ofOrder(order.id, tx);
    const existing = known.find(({ id }) => id === claim.subjectId);
    // The provider's notification came before the response was stored.
    if (existing && (existing.status === "succeeded" || existing.status === "mismatched"))
      return { answer: await keys.storeResponse(claim, present(existing), tx) };
    if (order.status !== "placed")
      throw illegalTransition(order.status, `An order that is ${order.status} cannot be paid`);
    if (existing && existing.closedAt !== null)
      throw new ShopError("payment-refused", "It was closed for another payment; pay under a new key");
    if (existing) {
      const earlier = known.filter(({ startedAt }) => startedAt < existing.startedAt);
      return { claim, order, payment: existing, open: earlier.filter(isOpen) };
    }
    const open = known.filter(isOpen);
    if (known.length >= maxPaymentsPerOrder)
      throw new ShopError("limit-reached", undefined, { limit: maxPaymentsPerOrder });
    const payment = {
      ...pendingPayment(claim.subjectId, order, await choose(order, tx), startAfter(known, now)),
      queryAt: now + queryDelay(0, paymentQueryMs),
    };
    if (open.some((other) => isStarting(other, now)))
      throw new ShopError("idempotency-in-flight", "Another payment of this order is in progress");
    await payments.insert(payment, tx);
    return { claim, order, payment, open };
  });
}

/** Later than the order's payments before, also by another node's clock; ids are not, since they precede the lock. */
function startAfter(known: readonly Payment[], now: number): number {
  return Math.max(now, ...known.map(({ startedAt }) => startedAt + 1));
}

/** It can still succeed at its provider, also after a failed attempt. */
function isOpen({ status, closedAt }: Payment): boolean {
  return (status === "pending" || status === "failed") && closedAt === null;
}

/** The provider may be answering: a second payment meanwhile could be a second charge. */
function isStarting({ status, reference, startedAt }: Payment, now: number): boolean {
  return status === "pending" && reference === null && now < startedAt + claimMs;
}

/**
 * Ends an attempt whose outcome is unknown; the same request resumes it.
 *
 * @throws ShopError `deadline-exceeded` or `unavailable`
 */
export async function releaseAttempt(
  error: unknown,
  { claim, what }: { readonly claim: KeyClaim; readonly what: string },
  { transaction, log, now }: PaymentContext,
  { keys }: { readonly keys: IdempotencyKeyRepository },
): Promise<never> {
  log.warn(`${what} failed`, error);
  await transaction((tx) => keys.release(claim, now, tx));
  const timedOut = error instanceof ProviderUnreachable && error.timedOut;
  throw timedOut
    ? new ShopError("deadline-exceeded", "The payment provider timed out; send the same request again")
    : new ShopError("unavailable", "The payment provider is unreachable; send the same request again");
}

/**
 * Records and tells that a payment failed, unless its result was known before.
 *
 * @param over no payment can succeed under it any more
 */
export async function failPayment(
  { order, payment }: Pick<PaymentAttempt, "order" | "payment">,
  failure: string,
  tx: Tx,
  { payments }: OrdersDependencies,
  over?: { readonly since: number },
): Promise<void> {
  const hasFailed = over
    ? (await payments.close(payment.id, failure, over.since, tx)) && payment.status === "pending"
    : await payments.fail(payment.id, failure, tx);
  if (!hasFailed) return;
  const { id: orderId, number, customerId } = order;
  const failed = presentPayment({ ...payment, status: "failed", failure });
  tx.publish("orders.payment-failed", { orderId, number, customerId, payment: failed });
}

function pendingPayment(
  id: string,
  order: OrderWithLines,
  { provider, methodId }: PaymentMeans,
  startedAt: number,
): Payment {
  return {
    id,
    orderId: order.id,
    provider,
    methodId,
    status: "pending",
    reference: null,
    amount: order.total,
    currency: order.currency,
    refunded: 0,
    failure: null,
    receivedAmount: null,
    receivedCurrency: null,
    startedAt,
    paidAt: null,
    closedAt: null,
    queryAt: null,
    queries: 0,
  };
}
