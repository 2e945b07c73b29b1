import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { NoticeOutcome } from "../data/payment-notice-repository.ts";
import type { MethodDetails } from "../data/payment-method-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import type { KeptMethod, MethodDetailsEvent, OnlinePaymentProvider } from "./provider-interface.ts";
import { ProviderUnreachable } from "./provider-interface.ts";

/** New details of a saved payment method. */
export interface Renewal {
  readonly methodId: string;
  readonly details: MethodDetails;
}

/**
 * Reads a saved method at its provider, since a notice may be older than another one that arrived first.
 *
 * @returns undefined for a method that the shop does not have or that is detached
 * @throws ShopError `unavailable`, so that the provider repeats the notice
 */
export async function readRenewal(
  { name, savedMethods }: OnlinePaymentProvider,
  { reference }: MethodDetailsEvent,
  { methods }: OrdersDependencies,
): Promise<Renewal | undefined> {
  const known = await methods.byToken(name, reference);
  if (known?.status !== "active") return undefined;
  const kept = await savedMethods?.readMethod?.(reference).catch(unavailable);
  return kept && { methodId: known.id, details: kept };
}

export async function renewMethod(
  renewal: Renewal | undefined,
  tx: Tx,
  { methods }: OrdersDependencies,
): Promise<NoticeOutcome> {
  if (!renewal) return "ignored";
  return (await methods.keepDetails(renewal.methodId, renewal.details, tx)) ? "applied" : "ignored";
}

function unavailable(error: unknown): KeptMethod {
  if (!(error instanceof ProviderUnreachable)) throw error;
  throw new ShopError("unavailable", "The payment provider is unreachable");
}
