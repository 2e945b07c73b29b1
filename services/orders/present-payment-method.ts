import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { ListedMethod } from "./data/payment-method-repository.ts";
import type { PaymentSetup } from "./data/payment-setup-repository.ts";

export function presentPaymentMethod(method: ListedMethod): Result<"orders.payment-methods.change"> {
  const { id, provider, brand, lastFour, expiryMonth, expiryYear, isDefault, createdAt } = method;
  return {
    id,
    provider,
    brand,
    lastFour,
    expiryMonth,
    expiryYear,
    isDefault,
    createdAt: toTimestamp(createdAt),
  };
}

export function presentPaymentSetup(setup: PaymentSetup): Result<"orders.payment-methods.setups.get"> {
  const { id, provider, status, failure, methodId, createdAt } = setup;
  return { id, provider, status, failure, paymentMethodId: methodId, createdAt: toTimestamp(createdAt) };
}
