import type { Invariant } from "../../../mixins/database/invariant.ts";
import { notListed } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { imageInvariants } from "../../../mixins/media/image-invariants.ts";
import { taskInvariants } from "../../../mixins/tasks/task-invariants.ts";
import { kinds } from "../domain/after-sale-model.ts";
import { never } from "../domain/deadlines.ts";
import { afterSaleStatuses, openStatuses } from "../domain/transitions.ts";

const afterSales = { table: "after_sales", key: "id" } as const;
const claims = { table: "claims", key: "order_line_id" } as const;

/** Units of after-sales of a line, by a condition on the after-sale `a`. */
const units = (condition: string) => `CAST(COALESCE((SELECT SUM(g.quantity) FROM after_sale_lines g
  JOIN after_sales a ON a.id = g.after_sale_id WHERE g.order_line_id = c.order_line_id AND ${condition}), 0) AS SIGNED)`;
const isOpen = `NOT (${notListed("a.status", openStatuses)})`;

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "after-sales.states",
    // The price of some units of a line is rounded, and depends on those that came back before.
    says: "Every after-sale is of a known kind and status, asks for an amount, has lines, and has a refund exactly when it was refunded",
    subject: afterSales,
    broken: `SELECT a.id AS afterSaleId, a.order_number AS number, a.kind, a.status, a.amount, a.refund FROM after_sales a
             WHERE {page a.id} AND (${notListed("a.kind", kinds)} OR ${notListed("a.status", afterSaleStatuses)}
               OR a.amount < 0 OR (a.status = 'refunded') = (a.refund IS NULL) OR a.refund < 0
               OR a.updated_at < a.created_at OR LENGTH(a.order_number) <> 9
               OR a.refund > a.amount + (SELECT COUNT(*) FROM after_sale_lines g WHERE g.after_sale_id = a.id)
               OR NOT EXISTS (SELECT g.quantity FROM after_sale_lines g WHERE g.after_sale_id = a.id))`,
  },
  {
    code: "after-sales.lines",
    says: "Every line of an after-sale has a positive quantity and belongs to one",
    subject: { table: "after_sale_lines", key: "after_sale_id" },
    broken: `SELECT g.after_sale_id AS afterSaleId, g.sku, g.quantity FROM after_sale_lines g
             LEFT JOIN after_sales a ON a.id = g.after_sale_id
             WHERE {page g.after_sale_id} AND (a.id IS NULL OR g.quantity < 1 OR g.worth < 0)`,
  },
  {
    code: "after-sales.claims",
    says: "Of every order line, after-sales claim and have refunded at most what was bought, and exactly what their requests say",
    subject: claims,
    broken: `SELECT t.* FROM (
               SELECT c.order_line_id AS lineId, c.order_id AS orderId, c.bought, c.claimed, c.returned, c.kept,
                 ${units(isOpen)} AS ofOpen,
                 ${units("a.status = 'refunded' AND a.goods <> 'kept'")} AS ofReturned,
                 ${units("a.status = 'refunded' AND a.goods = 'kept'")} AS ofKept
               FROM claims c WHERE {page c.order_line_id}
             ) t WHERE t.claimed + t.returned + t.kept > t.bought OR t.claimed < 0
               OR t.claimed <> t.ofOpen OR t.returned <> t.ofReturned OR t.kept <> t.ofKept`,
  },
  {
    code: "after-sales.timers",
    says: "Every open after-sale has a timer or an owed refund; one that has ended has neither",
    subject: afterSales,
    broken: `SELECT a.id AS afterSaleId, a.order_number AS number, a.status, a.due_at AS dueAt, a.refund_at AS refundAt
             FROM after_sales a
             WHERE {page a.id} AND ((${isOpen}) = (a.due_at = ${never} AND a.refund_at = ${never})
               OR (a.refund_at <> ${never} AND a.due_at <> ${never}))`,
  },
  {
    code: "after-sales.none-overdue",
    says: "No status of an after-sale has outlived its time, no owed refund waits, and orders knows which are open",
    whenSettled: true,
    subject: afterSales,
    broken: `SELECT a.id AS afterSaleId, a.order_number AS number, a.status, a.due_at AS dueAt, a.refund_at AS refundAt, a.hold_at AS holdAt
             FROM after_sales a WHERE {page a.id} AND (a.due_at + {graceMs} < {now} OR a.refund_at + {graceMs} < {now} OR a.hold_at + {graceMs} < {now})`,
  },
  {
    code: "after-sales.timeline",
    says: "The timeline of an after-sale has one entry for each version, in chronological order, and ends with its status",
    subject: afterSales,
    broken: `SELECT t.* FROM (
               SELECT a.id AS afterSaleId, a.order_number AS number, a.status, a.version,
                 (SELECT COUNT(*) FROM after_sale_steps s WHERE s.after_sale_id = a.id AND s.version BETWEEN 1 AND a.version) AS entries,
                 (SELECT s.status FROM after_sale_steps s WHERE s.after_sale_id = a.id AND s.version = a.version) AS lastStatus,
                 (SELECT COUNT(*) FROM after_sale_steps s JOIN after_sale_steps f
                    ON f.after_sale_id = s.after_sale_id AND f.version = s.version - 1
                  WHERE s.after_sale_id = a.id AND s.happened_at < f.happened_at) AS backwards
               FROM after_sales a WHERE {page a.id}
             ) t WHERE t.entries <> t.version OR t.lastStatus IS NULL OR t.lastStatus <> t.status OR t.backwards > 0`,
  },
  {
    code: "after-sales.replacements",
    says: "An after-sale with a replacement has promised or sent exactly it",
    subject: { table: "replacements", key: "id" },
    broken: `SELECT r.id AS replacementId, r.after_sale_id AS afterSaleId, r.state, a.status
             FROM replacements r LEFT JOIN after_sales a ON a.id = r.after_sale_id
             WHERE {page r.id} AND (a.id IS NULL OR r.state NOT IN ('open', 'promised', 'abandoned', 'released', 'sent')
               OR (r.state = 'promised') <> (COALESCE(a.replacement_id, '') = r.id AND a.status <> 'replaced')
               OR (r.state = 'sent') <> (COALESCE(a.replacement_id, '') = r.id AND a.status = 'replaced'))`,
  },
  {
    code: "after-sales.messages",
    says: "Every message has a text, and belongs to an after-sale and one of its sides",
    subject: { table: "messages", key: "after_sale_id" },
    broken: `SELECT m.id AS messageId, m.after_sale_id AS afterSaleId, m.author FROM messages m
             LEFT JOIN after_sales a ON a.id = m.after_sale_id
             WHERE {page m.after_sale_id} AND (a.id IS NULL OR m.author NOT IN ('buyer', 'merchant', 'staff') OR m.text = '')`,
  },
  ...outboxInvariants,
  ...taskInvariants,
  ...imageInvariants,
];
