import type { Tx } from "../../../mixins/database/database.ts";
import type { PaymentMethod } from "../data/payment-method-repository.ts";
import type { PayerAccount } from "../data/payer-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { retryDelay } from "./execute-refund.ts";
import type { SavedMethods } from "./provider-interface.ts";
import { providerTimeoutMs } from "./provider-interface.ts";

/** Longer than an attempt can take, so that another one starts only after a crash. */
const claimMs = 4 * providerTimeoutMs;
/** Longer than any of a batch of an account's methods takes. */
const accountClaimMs = 60 * providerTimeoutMs;

interface DetachContext {
  readonly now: number;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/** Detaches a removed method at its provider. Crash-safe: the attempt is counted and rescheduled first. */
export async function detachPaymentMethod(
  method: PaymentMethod,
  { now, transaction }: DetachContext,
  { methods, providers }: OrdersDependencies,
): Promise<string | undefined> {
  if (!(await transaction((tx) => methods.claimAttempt(method, now + claimMs, tx)))) return undefined;
  const failure = await attempt(providers.savedMethods(method.provider), async (saved) =>
    method.token === null ? undefined : saved.detach(method.token),
  );
  const at = Date.now();
  await transaction((tx) =>
    failure === undefined
      ? methods.detached(method.id, at, tx)
      : methods.retryAt(method.id, at + retryDelay(method.attempts + 1), tx),
  );
  return failure;
}

/**
 * Detaches everything that a provider keeps for a deleted account, also methods of which the shop was never
 * told, and then forgets the account at the provider.
 */
export async function emptyPayerAccount(
  account: PayerAccount,
  { now, transaction }: DetachContext,
  { payers, providers }: OrdersDependencies,
): Promise<string | undefined> {
  if (!(await transaction((tx) => payers.claimAccount(account, now + accountClaimMs, tx)))) return undefined;
  let left = 0;
  const failure = await attempt(providers.savedMethods(account.provider), async (saved) => {
    const tokens = await saved.list(account.reference);
    left = tokens.length;
    for (const token of tokens) await saved.detach(token);
  });
  const at = Date.now();
  await transaction((tx) =>
    failure === undefined && left === 0
      ? payers.removeAccount(account, tx)
      : payers.retryAccount(account, failure === undefined ? at : at + retryDelay(account.attempts + 1), tx),
  );
  return failure;
}

/** @returns why the work failed, if it did */
async function attempt(
  saved: SavedMethods | undefined,
  work: (saved: SavedMethods) => Promise<void>,
): Promise<string | undefined> {
  if (!saved) return "the payment provider is disabled";
  try {
    await work(saved);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "the payment provider failed";
  }
}
