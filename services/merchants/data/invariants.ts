import type { Invariant } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, lacksText, notListed } from "../../../mixins/database/invariant.ts";
import { merchantRoleNames } from "../../../mixins/contract/permissions.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { imageInvariants } from "../../../mixins/media/image-invariants.ts";
import { taskInvariants } from "../../../mixins/tasks/task-invariants.ts";
import { maxMemberships } from "../domain/member.ts";
import type { MerchantStatus } from "../merchants.contract.ts";

const statuses = exhaustiveKeys<MerchantStatus>({
  pending: true,
  active: true,
  suspended: true,
  rejected: true,
  closed: true,
});
const merchants = { table: "merchants", key: "id" } as const;

/** SQL condition: `column` refers to a missing merchant. */
const hasNoMerchant = (column: string) => `NOT EXISTS (SELECT e.id FROM merchants e WHERE e.id = ${column})`;

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "merchants.profiles",
    says: "Every merchant has a known status, an address, whom to talk to, and terms",
    subject: merchants,
    broken: `SELECT m.id AS merchantId, m.slug, m.status, m.version, m.terms_version AS termsVersion FROM merchants m
             WHERE {page m.id} AND (${notListed("m.status", statuses)} OR m.slug = '' OR m.version < 1
               OR ${lacksText("m.contact", ["name", "email"])} OR ${lacksText("m.legal", ["name"])}
               OR m.updated_at + {graceMs} < m.created_at
               OR m.terms_version <> COALESCE((SELECT MAX(t.version) FROM terms t WHERE t.merchant_id = m.id), 0)
               OR m.terms_version <> (SELECT COUNT(*) FROM terms t WHERE t.merchant_id = m.id))`,
  },
  {
    code: "merchants.counts",
    says: "A merchant's followers are counted, and its products are not negative",
    subject: merchants,
    broken: `SELECT t.* FROM (
               SELECT m.id AS merchantId, m.slug, m.products, m.followers,
                 (SELECT COUNT(*) FROM followers f WHERE f.merchant_id = m.id) AS counted
               FROM merchants m WHERE {page m.id}
             ) t WHERE t.followers <> t.counted OR t.products < 0`,
  },
  {
    code: "merchants.members",
    says: "Every member has a known role at an existing merchant, or none after leaving",
    subject: { table: "members", key: "user_id" },
    broken: `SELECT m.merchant_id AS merchantId, m.user_id AS userId, m.role, m.version FROM members m
             WHERE {page m.user_id} AND (${hasNoMerchant("m.merchant_id")} OR m.version < 1
               OR (m.role IS NOT NULL AND ${notListed("m.role", merchantRoleNames)})
               OR (m.role IS NULL AND m.email IS NOT NULL))`,
  },
  {
    code: "merchants.invitations",
    says: "Every invitation is to a known role at an existing merchant, and ends",
    subject: { table: "invitations", key: "id" },
    broken: `SELECT i.id AS invitationId, i.merchant_id AS merchantId, i.role FROM invitations i
             WHERE {page i.id} AND (${hasNoMerchant("i.merchant_id")} OR ${notListed("i.role", merchantRoleNames)}
               OR i.expires_at <= i.created_at OR HEX(i.email) <> HEX(LOWER(i.email)))`,
  },
  {
    code: "merchants.terms",
    says: "Every commission is between 0 and 100 %, and begins no earlier than it was set",
    subject: { table: "terms", key: "merchant_id" },
    broken: `SELECT t.merchant_id AS merchantId, t.version, t.basis_points AS basisPoints FROM terms t
             WHERE {page t.merchant_id} AND (${hasNoMerchant("t.merchant_id")} OR t.basis_points < 0 OR t.basis_points > 10000
               OR t.version < 1 OR t.valid_from + {graceMs} < t.created_at
               OR (t.categories IS NOT NULL AND NOT JSON_VALID(t.categories)))`,
  },
  {
    code: "merchants.limits",
    says: `A user's memberships and followed merchants are counted, and the memberships are at most ${maxMemberships}`,
    subject: { table: "user_counts", key: "user_id" },
    broken: `SELECT t.* FROM (
               SELECT c.user_id AS userId, c.memberships, c.followed,
                 (SELECT COUNT(*) FROM members m WHERE m.user_id = c.user_id AND m.role IS NOT NULL) AS ofMembers,
                 (SELECT COUNT(*) FROM followers f WHERE f.user_id = c.user_id) AS ofFollowers
               FROM user_counts c WHERE {page c.user_id}
             ) t WHERE t.memberships <> t.ofMembers OR t.followed <> t.ofFollowers OR t.memberships > ${maxMemberships}`,
  },
  ...outboxInvariants,
  ...taskInvariants,
  ...imageInvariants,
];
