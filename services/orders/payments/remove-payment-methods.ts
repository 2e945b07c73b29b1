import type { Tx } from "../../../mixins/database/database.ts";
import type { PaymentMethod } from "../data/payment-method-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";

type Needs = Pick<OrdersDependencies, "payers" | "methods" | "setups">;

/**
 * Removes a method from its customer; a job detaches it at the provider later.
 *
 * @returns false unless it is an active method of the customer
 */
export async function removePaymentMethod(
  { id, customerId }: Pick<PaymentMethod, "id" | "customerId">,
  cause: "customer" | "provider",
  now: number,
  tx: Tx,
  { payers, methods }: Needs,
): Promise<boolean> {
  await payers.lock(customerId, tx);
  const method = await methods.active(id, customerId, tx);
  if (!method || !(await methods.startRemoval(id, customerId, now, tx))) return false;
  await payers.releasePlace(customerId, tx);
  await payers.replaceDefault(customerId, id, tx);
  const { provider } = method;
  tx.publish("orders.payment-method-removed", { customerId, paymentMethodId: id, provider, cause });
  return true;
}

/** Removes all methods of a deleted account, and lets none be saved any more. Idempotent. */
export async function closePayer(
  customerId: string,
  now: number,
  tx: Tx,
  { payers, methods, setups }: Needs,
): Promise<void> {
  const payer = await payers.open(customerId, tx);
  if (payer.closedAt !== null) return;
  for (const { id: paymentMethodId, provider } of await methods.allActive(customerId, tx))
    tx.publish("orders.payment-method-removed", {
      customerId,
      paymentMethodId,
      provider,
      cause: "account-deleted",
    });
  await methods.removeAllOf(customerId, now, tx);
  await setups.expireAllOf(customerId, now, tx);
  await payers.close(customerId, now, tx);
}
