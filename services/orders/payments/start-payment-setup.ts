import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import type { KeyClaim } from "../data/idempotency-key-repository.ts";
import type { PaymentSetup } from "../data/payment-setup-repository.ts";
import { fingerprintOf } from "../../../mixins/contract/fingerprint.ts";
import { methodsPerCustomer, queryDelay, setupsPerDay } from "../domain/payment-methods.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentPaymentSetup } from "../present-payment-method.ts";
import { claimMs, releaseAttempt } from "./claim-payment.ts";
import type { SavedMethods } from "./provider-interface.ts";
import { ProviderRefusal } from "./provider-interface.ts";
import { expireSetup } from "./settle-setup.ts";

type Context = ActionContext<"orders.payment-methods.setups.start">;
type Answer = Result<"orders.payment-methods.setups.start">;

const dayMs = 24 * 3_600_000;

/**
 * Starts saving a payment method at a provider. Crash-safe: the row is written first, under the id by which
 * the provider deduplicates, so that the same request resumes it.
 */
export async function startPaymentSetup(
  saved: SavedMethods,
  context: Context,
  needs: OrdersDependencies,
): Promise<Answer> {
  const { setups, keys } = needs;
  const attempt = await claimSetup(context, needs);
  if ("answer" in attempt) {
    context.markReplayed();
    return attempt.answer;
  }
  const { claim, setup } = attempt;
  try {
    const account = await openAccount(saved, setup, context, needs);
    const { reference, next } = await saved.startSetup({ id: setup.id, account });
    return await context.transaction(async (tx) => {
      await setups.keepReference(setup.id, reference, tx);
      // The notice can come before the response.
      const current = (await setups.byId(setup.id, undefined, tx)) ?? setup;
      const answer = { ...presentPaymentSetup(current), ...(current.status === "pending" && { next }) };
      return keys.storeResponse(claim, answer, tx);
    });
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) {
      const what = `starting payment setup ${setup.id} at ${setup.provider}`;
      return releaseAttempt(error, { claim, what }, context, needs);
    }
    const { message } = error;
    await context.transaction(async (tx) => {
      await keys.withdraw(claim, tx);
      await expireSetup(setup, message, context.now, tx, needs);
    });
    throw context.fail("payment-refused", message);
  }
}

async function claimSetup(
  { params, caller, now, transaction, fail }: Context,
  { keys, setups, payers }: OrdersDependencies,
): Promise<{ readonly claim: KeyClaim; readonly setup: PaymentSetup } | { readonly answer: Answer }> {
  const scope = `payment-methods.setup ${actorText(actorOf(caller))}`;
  const { idempotencyKey, provider } = params;
  const { userId: customerId } = caller;
  const request = { scope, idempotencyKey, fingerprint: fingerprintOf(params), now };
  return transaction(async (tx) => {
    const { claim, answer } = await keys.claim<Answer>(request, claimMs, tx);
    if (!claim) return { answer };
    const existing = await setups.byId(claim.subjectId, customerId, tx);
    if (existing?.status === "pending") return { claim, setup: existing };
    if (existing) return { answer: await keys.storeResponse(claim, presentPaymentSetup(existing), tx) };
    await payers.open(customerId, tx);
    if (!(await payers.takePlace(customerId, methodsPerCustomer, tx)))
      throw fail("limit-reached", "Remove a payment method first", { limit: methodsPerCustomer });
    if ((await setups.countSince(customerId, now - dayMs, tx)) >= setupsPerDay)
      throw fail("limit-reached", "Try again tomorrow", { limit: setupsPerDay });
    const setup: PaymentSetup = {
      id: claim.subjectId,
      customerId,
      provider,
      status: "pending",
      reference: null,
      failure: null,
      methodId: null,
      attempts: 0,
      createdAt: now,
      settledAt: null,
    };
    await setups.insert(setup, now + queryDelay(0), tx);
    return { claim, setup };
  });
}

/** The customer's account at the provider, opened at the first setup. */
async function openAccount(
  saved: SavedMethods,
  { provider, customerId }: PaymentSetup,
  { transaction }: Context,
  { payers }: OrdersDependencies,
): Promise<string> {
  const known = await transaction((tx) => payers.account(provider, customerId, tx));
  if (known) return known.reference;
  const reference = await saved.openAccount(customerId);
  return transaction(async (tx) => {
    const payer = await payers.open(customerId, tx);
    await payers.keepAccount({ provider, customerId, reference }, payer.closedAt, tx);
    return (await payers.account(provider, customerId, tx))?.reference ?? reference;
  });
}
