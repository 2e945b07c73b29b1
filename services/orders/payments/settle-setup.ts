import type { Tx } from "../../../mixins/database/database.ts";
import type { PaymentMethod } from "../data/payment-method-repository.ts";
import type { PaymentSetup } from "../data/payment-setup-repository.ts";
import { methodsPerCustomer, setupLifeMs } from "../domain/payment-methods.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import type { KeptMethod, SetupState } from "./provider-interface.ts";
import { ProviderRefusal } from "./provider-interface.ts";

interface SetupContext {
  readonly now: number;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/**
 * Reads a setup at its provider and records its result. Idempotent: notices and queries of the same result
 * change nothing more.
 *
 * @param reference the provider's id of it
 * @throws ProviderUnreachable; Error when the provider is disabled
 */
export async function settleSetup(
  setup: PaymentSetup,
  reference: string,
  { now, transaction }: SetupContext,
  needs: OrdersDependencies,
): Promise<void> {
  const saved = needs.providers.savedMethods(setup.provider);
  if (!saved) throw new Error("the payment provider is disabled");
  const state = await saved.readSetup(reference).catch(endedBy);
  await transaction((tx) => record(setup, state, now, tx, needs));
}

function endedBy(error: unknown): SetupState {
  if (error instanceof ProviderRefusal) return { status: "ended", reason: error.message };
  throw error;
}

async function record(
  setup: PaymentSetup,
  state: SetupState,
  now: number,
  tx: Tx,
  needs: OrdersDependencies,
): Promise<void> {
  switch (state.status) {
    case "succeeded":
      return save(setup, state.method, now, tx, needs);
    case "ended":
      await expireSetup(setup, state.reason, now, tx, needs);
      return needs.setups.rest(setup.id, tx);
    case "pending":
      if (state.failure !== null) await needs.setups.keepFailure(setup.id, state.failure, tx);
      if (setup.createdAt + setupLifeMs <= now) await expireSetup(setup, null, now, tx, needs);
      return needs.setups.rest(setup.id, tx);
  }
}

/** Ends a pending setup without a method, and releases its place. */
export async function expireSetup(
  { id, customerId }: PaymentSetup,
  failure: string | null,
  now: number,
  tx: Tx,
  { setups, payers }: OrdersDependencies,
): Promise<void> {
  await payers.lock(customerId, tx);
  if (await setups.expire(id, failure, now, tx)) await payers.releasePlace(customerId, tx);
}

/**
 * Saves the method of a setup. A setup that expired needs a place anew; without one, and for an account that
 * was deleted meanwhile, the method is detached instead.
 */
async function save(
  { id, customerId, provider }: PaymentSetup,
  { token, ...details }: KeptMethod,
  now: number,
  tx: Tx,
  { setups, payers, methods }: OrdersDependencies,
): Promise<void> {
  await payers.lock(customerId, tx);
  const hadPlace = await setups.succeed(id, "pending", now, tx);
  if (!hadPlace && !(await setups.succeed(id, "expired", now, tx))) return;
  const isKept = hadPlace || (await payers.takePlace(customerId, methodsPerCustomer, tx));
  const method: PaymentMethod = {
    ...details,
    id,
    customerId,
    provider,
    token,
    status: isKept ? "active" : "removing",
    attempts: 0,
    createdAt: now,
    removedAt: isKept ? null : now,
  };
  if (!(await methods.insert(method, isKept ? null : now, tx))) {
    if (isKept) await payers.releasePlace(customerId, tx);
    const known = await methods.byToken(provider, token, tx);
    if (known?.status === "active" && known.customerId === customerId)
      await setups.isMethod(id, known.id, tx);
    else await setups.refuse(id, "The payment method was removed", tx);
    return;
  }
  if (!isKept) {
    await setups.refuse(id, "No further payment method can be saved", tx);
    return;
  }
  await payers.setDefault(customerId, id, { ifNone: true }, tx);
  tx.publish("orders.payment-method-added", { customerId, paymentMethodId: id, provider });
}
