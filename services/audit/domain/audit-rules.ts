import type { EventName, EventPayload } from "../../contract/calls.ts";
import type { AuditEntity } from "../audit.contract.ts";

/** What an event happened to, as the trail is searched by it. */
interface Subject {
  readonly entity: AuditEntity;
  readonly id: string | null;
}

type Rules = { readonly [N in EventName]: (payload: EventPayload<N>) => Subject };

const user = ({ userId }: { userId: string | null }): Subject => ({ entity: "user", id: userId });
const key = ({ keyId }: { keyId: string }): Subject => ({ entity: "api-key", id: keyId });
const signingKey = ({ kid }: { kid: string }): Subject => ({ entity: "signing-key", id: kid });
const mail = ({ mailId }: { mailId: string }): Subject => ({ entity: "mail", id: mailId });
const task = ({ taskId }: { taskId: string }): Subject => ({ entity: "task", id: taskId });
const order = ({ orderId }: { orderId: string }): Subject => ({ entity: "order", id: orderId });

/**
 * Which events the trail records, and what each happened to. An event of the shop that has no rule here fails the
 * build, so that none is left out by oversight.
 */
export const auditRules: Rules = {
  "users.registered": user,
  "users.registration-repeated": user,
  "users.logged-in": user,
  "users.login-failed": user,
  "users.step-up-failed": user,
  "users.logged-out": user,
  "users.session-revoked": user,
  "users.password-changed": user,
  "users.two-factor-changed": user,
  "users.recovery-codes-renewed": user,
  "users.email-verified": user,
  "users.email-changed": user,
  "users.account-changed": user,
  "users.role-changed": ({ name }) => ({ entity: "role", id: name }),
  "users.api-key-created": key,
  "users.api-key-revoked": key,
  "users.signing-key-added": signingKey,
  "users.signing-key-retired": signingKey,
  "users.signing-key-withdrawn": signingKey,
  "users.account-deleted": user,
  "users.mail-requested": mail,
  "users.mail-sent": mail,
  "catalog.changed": ({ entity, id }) => ({ entity, id }),
  "catalog.stock-changed": ({ variantId }) => ({ entity: "variant", id: variantId }),
  "catalog.task-queued": task,
  "catalog.task-cancelled": task,
  "audit.task-queued": task,
  "audit.task-cancelled": task,
  "audit.entries-removed": ({ upTo }) => ({ entity: "audit-trail", id: String(upTo) }),
  "orders.coupon-changed": ({ couponId }) => ({ entity: "coupon", id: couponId }),
  "orders.placed": order,
  "orders.payment-started": order,
  "orders.paid": order,
  "orders.payment-failed": order,
  "orders.payment-mismatched": order,
  "orders.refund-requested": order,
  "orders.refunded": order,
  "orders.refund-failed": order,
  "orders.cancelled": order,
  "orders.expired": order,
  "orders.returned": order,
  "orders.packed": order,
  "orders.unpacked": order,
  "orders.shipped": order,
  "orders.delivered": order,
  "orders.shipment-changed": order,
};

export const recordedEvents = Object.keys(auditRules) as EventName[];

/** What the event happened to. */
export function subjectOf<N extends EventName>(name: N, payload: EventPayload<N>): Subject {
  return auditRules[name](payload);
}
