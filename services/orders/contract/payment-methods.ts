import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { idempotencyKey, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { nextStep, provider } from "./payments.ts";

const paymentMethod = z
  .strictObject({
    id,
    provider,
    brand: z.string().nullable().describe("A card's brand, otherwise the kind of method: `sepa_debit`"),
    lastFour: z.string().nullable().describe("Last four characters of the number"),
    expiryMonth: z.int().nullable(),
    expiryYear: z.int().nullable(),
    isDefault: z.boolean().describe("True for exactly one of a customer's payment methods"),
    createdAt: timestamp,
  })
  .meta({ id: "PaymentMethod" });

const setup = z
  .strictObject({
    id,
    provider,
    status: z
      .enum(["pending", "succeeded", "expired", "refused"])
      .describe(
        "`pending` until the customer has finished it at the provider; `expired` after a day, and can still succeed; `refused`: finished, but not saved because of a limit or because it was removed meanwhile",
      ),
    failure: z.string().nullable().describe("Of the last attempt"),
    paymentMethodId: id.nullable().describe("The saved payment method, once it succeeded"),
    createdAt: timestamp,
  })
  .meta({ id: "PaymentMethodSetup" });

const ofMethod = z.strictObject({ customerId: id, paymentMethodId: id, provider });

/** Saved payment methods in the orders contract. The shop has the provider's tokens only, and shows none. */
export const paymentMethodActions = {
  "payment-methods.list": action({
    summary: "List your saved payment methods",
    access: "signed-in",
    route: { method: "GET", path: "/me/payment-methods" },
    params: z.strictObject(pageParams(["createdAt"], "createdAt")),
    result: page(paymentMethod),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "payment-methods.setups.start": action({
    summary: "Start saving a payment method",
    description:
      "Customers follow `next` at the provider; card numbers never reach the shop. The payment method is saved when the provider confirms. The first one becomes the default. Send the same `Idempotency-Key` again when a response was lost.",
    access: "signed-in",
    route: {
      method: "POST",
      path: "/me/payment-methods/setups",
      status: 201,
      headers: { idempotencyKey: "Idempotency-Key" },
      location: "/me/payment-methods/setups/{id}",
    },
    params: z.strictObject({
      idempotencyKey,
      provider: provider.describe("An enabled provider that can save payment methods"),
    }),
    result: z.strictObject({
      ...setup.shape,
      next: nextStep.optional().describe("Absent when no step is left"),
    }),
    errors: ["limit-reached", "payment-refused", "idempotency-in-flight", "idempotency-mismatch"],
    idempotent: true,
    reads: "primary",
  }),
  "payment-methods.setups.get": action({
    summary: "Get a setup of a payment method",
    access: "signed-in",
    route: { method: "GET", path: "/me/payment-methods/setups/{id}" },
    params: z.strictObject({ id }),
    result: setup,
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "payment-methods.change": action({
    summary: "Make a saved payment method the default",
    access: "signed-in",
    route: { method: "PATCH", path: "/me/payment-methods/{id}" },
    params: z.strictObject({ id, isDefault: z.literal(true).describe("Replaces the default") }),
    result: paymentMethod,
    errors: ["not-found"],
    idempotent: true,
  }),
  "payment-methods.remove": action({
    summary: "Remove a saved payment method",
    description:
      "It is gone at once, and is detached at the provider soon. The newest other one becomes the default.",
    access: "signed-in",
    route: { method: "DELETE", path: "/me/payment-methods/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
};

export const paymentMethodEvents = {
  "payment-method-added": event({
    summary: "A customer saved a payment method at a provider",
    about: { entity: "user", id: "customerId" },
    payload: ofMethod,
  }),
  "payment-method-removed": event({
    summary: "A saved payment method was removed, by its customer, with the account, or at the provider",
    about: { entity: "user", id: "customerId" },
    payload: ofMethod.extend({ cause: z.enum(["customer", "account-deleted", "provider"]) }),
  }),
};
