import type { Invariant } from "../../../mixins/database/invariant.ts";
import { notListed } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { kindNames, outwardChannels } from "../domain/kinds.ts";
import { deliveryStatuses } from "./delivery-repository.ts";

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "notifications.recipients",
    says: "Every notification is of a known kind, for a customer or an address, and in the inbox of its customer or none",
    subject: { table: "notifications", key: "id" },
    broken: `SELECT n.id AS notificationId, n.kind FROM notifications n
             WHERE {page n.id} AND (${notListed("n.kind", kindNames)}
               OR (n.customer_id IS NOT NULL AND n.recipient <> n.customer_id)
               OR (n.customer_id IS NULL AND n.email IS NULL AND n.phone IS NULL)
               OR (n.inbox_of IS NOT NULL AND (n.customer_id IS NULL OR n.inbox_of <> n.customer_id)))`,
  },
  {
    code: "notifications.reading",
    says: "Every notification in an inbox is unread, or has the time when it was read",
    subject: { table: "notifications", key: "id" },
    broken: `SELECT n.id AS notificationId FROM notifications n
             WHERE {page n.id} AND (CASE WHEN n.inbox_of IS NULL OR n.is_unread = 1 THEN 1 ELSE 0 END)
               <> (CASE WHEN n.read_at IS NULL THEN 1 ELSE 0 END)`,
  },
  {
    code: "notifications.deliveries",
    says: "Every delivery is of a notification, and has a next step exactly until it has ended",
    subject: { table: "deliveries", key: "id" },
    broken: `SELECT d.id AS deliveryId, d.status FROM deliveries d
             WHERE {page d.id} AND (${notListed("d.status", deliveryStatuses)}
               OR ${notListed("d.channel", outwardChannels)}
               OR (d.status IN ('waiting', 'sending') AND (d.due_at IS NULL OR d.ended_at IS NOT NULL))
               OR (d.status NOT IN ('waiting', 'sending') AND (d.due_at IS NOT NULL OR d.ended_at IS NULL))
               OR NOT EXISTS (SELECT n.id FROM notifications n WHERE n.id = d.notification_id))`,
  },
  {
    code: "notifications.attempts",
    says: "Every delivery that was sent, is being sent or was given up was attempted",
    subject: { table: "deliveries", key: "id" },
    broken: `SELECT d.id AS deliveryId, d.status, d.attempts FROM deliveries d
             WHERE {page d.id} AND (d.attempts < 0 OR (d.attempts = 0 AND d.status IN ('sending', 'sent', 'failed')))`,
  },
  {
    code: "notifications.in-time",
    says: "No delivery waits longer than its end",
    severity: "warning",
    subject: { table: "deliveries", key: "id" },
    broken: `SELECT d.id AS deliveryId, d.status, d.last_error AS lastError FROM deliveries d
             WHERE {page d.id} AND d.due_at IS NOT NULL AND d.ends_at + {graceMs} < {now}`,
  },
  {
    code: "notifications.given-up",
    says: "No delivery was given up",
    severity: "warning",
    subject: { table: "deliveries", key: "id" },
    broken: `SELECT d.id AS deliveryId, d.channel, d.attempts, d.last_error AS lastError FROM deliveries d
             WHERE {page d.id} AND d.status = 'failed'`,
  },
  {
    code: "notifications.announcements",
    says: "Every announcement is of a known kind, and ended or due",
    subject: { table: "announcements", key: "id" },
    broken: `SELECT a.id AS announcementId, a.kind FROM announcements a
             WHERE {page a.id} AND (a.kind NOT IN ('price-fell', 'back-in-stock')
               OR (a.kind = 'price-fell' AND a.price_before IS NULL) OR a.due_at < a.created_at)`,
  },
  ...outboxInvariants,
];
