import type { Invariant } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed } from "../../../mixins/database/invariant.ts";
import { methodsPerCustomer } from "../domain/payment-methods.ts";
import { paymentProviders } from "../payments/providers/index.ts";
import type { PaymentMethod } from "./payment-method-repository.ts";
import type { PaymentSetup } from "./payment-setup-repository.ts";

const payers = { table: "payers", key: "customer_id" } as const;
const accounts = { table: "payer_accounts", key: "customer_id" } as const;
const methods = { table: "payment_methods", key: "id" } as const;
const setups = { table: "payment_setups", key: "id" } as const;
const payments = { table: "payments", key: "id" } as const;
const providerNames = paymentProviders.map(({ name }) => name);
const methodStatuses = exhaustiveKeys<PaymentMethod["status"]>({
  active: true,
  removing: true,
  detached: true,
});
const setupStatuses = exhaustiveKeys<PaymentSetup["status"]>({
  pending: true,
  succeeded: true,
  expired: true,
  refused: true,
});

const activeOfPayer = "FROM payment_methods m WHERE m.customer_id = p.customer_id AND m.status = 'active'";

/** Invariants of saved payment methods. Tokens are not shown. */
export const paymentMethodInvariants: readonly Invariant[] = [
  {
    code: "payment-methods.default",
    says: "A customer with saved payment methods has exactly one default, which is one of them; others have none",
    subject: payers,
    broken: `SELECT p.customer_id AS customerId, p.default_method_id AS defaultMethodId FROM payers p
             WHERE {page p.customer_id} AND CASE WHEN p.default_method_id IS NULL
               THEN EXISTS (SELECT m.id ${activeOfPayer})
               ELSE NOT EXISTS (SELECT m.id ${activeOfPayer} AND m.id = p.default_method_id) END`,
  },
  {
    code: "payment-methods.places",
    says: "The places that a customer has taken are those of saved payment methods and pending setups, and within the limit",
    subject: payers,
    broken: `SELECT t.* FROM (
               SELECT p.customer_id AS customerId, p.places,
                 (SELECT COUNT(*) ${activeOfPayer}) AS methods,
                 (SELECT COUNT(*) FROM payment_setups s
                  WHERE s.customer_id = p.customer_id AND s.status = 'pending') AS setups
               FROM payers p WHERE {page p.customer_id}
             ) t WHERE t.places <> t.methods + t.setups OR t.places > ${methodsPerCustomer}`,
  },
  {
    code: "payment-methods.states",
    says: "Every saved payment method has a known provider and status, a token until it is detached, a time of removal once it is removed, and a customer whose account exists while it is not",
    subject: methods,
    broken: `SELECT m.id AS paymentMethodId, m.customer_id AS customerId, m.provider, m.status,
               m.created_at AS createdAt, m.removed_at AS removedAt
             FROM payment_methods m LEFT JOIN payers p ON p.customer_id = m.customer_id
             WHERE {page m.id} AND (${notListed("m.status", methodStatuses)} OR ${notListed("m.provider", providerNames)}
               OR (m.status = 'detached') = (m.token IS NOT NULL) OR (m.status = 'active') = (m.removed_at IS NOT NULL)
               OR (m.status = 'active') = (m.due_at IS NOT NULL) OR m.removed_at + {graceMs} < m.created_at
               OR (m.status = 'active' AND (p.customer_id IS NULL OR p.closed_at IS NOT NULL)))`,
  },
  {
    code: "payment-methods.used",
    says: "A payment with a saved payment method uses one of the order's customer that was not removed before",
    subject: payments,
    broken: `SELECT p.id AS paymentId, p.order_id AS orderId, p.method_id AS paymentMethodId, m.status,
               p.started_at AS startedAt, m.removed_at AS removedAt
             FROM payments p JOIN payment_methods m ON m.id = p.method_id LEFT JOIN orders o ON o.id = p.order_id
             WHERE {page p.id} AND (o.id IS NULL OR o.customer_id <> m.customer_id OR p.provider <> m.provider
               OR m.removed_at + {graceMs} < p.started_at)`,
  },
  {
    code: "payment-methods.setups",
    says: "Every setup of a payment method has a known provider and status, an end exactly when it is not pending, and a payment method exactly when it succeeded",
    subject: setups,
    broken: `SELECT s.id AS setupId, s.customer_id AS customerId, s.provider, s.status, s.method_id AS paymentMethodId,
               s.created_at AS createdAt, s.settled_at AS settledAt
             FROM payment_setups s
             WHERE {page s.id} AND (${notListed("s.status", setupStatuses)} OR ${notListed("s.provider", providerNames)}
               OR (s.status = 'pending') = (s.settled_at IS NOT NULL) OR (s.status = 'succeeded') = (s.method_id IS NULL)
               OR (s.status = 'pending' AND s.due_at IS NULL) OR s.settled_at + {graceMs} < s.created_at)`,
  },
  {
    code: "payment-methods.accounts",
    says: "Every customer's account at a provider has a known provider, and is being emptied exactly when the customer's account was deleted",
    subject: accounts,
    broken: `SELECT a.customer_id AS customerId, a.provider FROM payer_accounts a
               LEFT JOIN payers p ON p.customer_id = a.customer_id
             WHERE {page a.customer_id} AND (${notListed("a.provider", providerNames)} OR a.reference = ''
               OR (a.due_at IS NULL AND (p.customer_id IS NULL OR p.closed_at IS NOT NULL))
               OR (a.due_at IS NOT NULL AND p.closed_at IS NULL AND p.customer_id IS NOT NULL))`,
  },
  {
    code: "payment-methods.detached",
    says: "No removed payment method waits to be detached at its provider",
    whenSettled: true,
    subject: methods,
    broken: `SELECT id AS paymentMethodId, customer_id AS customerId, provider, attempts, due_at AS dueAt
             FROM payment_methods WHERE {page id} AND status = 'removing' AND due_at < {now}`,
  },
];
