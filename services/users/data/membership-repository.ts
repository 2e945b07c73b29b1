import type { MerchantRole } from "../../../mixins/contract/permissions.ts";
import { merchantRoles } from "../../../mixins/contract/permissions.ts";
import type { Membership } from "../../../mixins/contract/caller.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Upsert } from "../../../mixins/database/query/upsert.ts";

/** A user's membership in a merchant; without a role once it has ended. */
export interface MembershipState {
  readonly userId: string;
  readonly merchantId: string;
  readonly role: MerchantRole | null;
  readonly version: number;
}

/** SQL: the current memberships of the user with the id `user`, as `membershipsFrom` reads them. */
export const membershipsOf = (user: string): string =>
  `(SELECT GROUP_CONCAT(CONCAT(m.merchant_id, ':', m.role)) FROM memberships m
    WHERE m.user_id = ${user} AND m.role IS NOT NULL)`;

/** Roles that this version does not know are omitted. */
export function membershipsFrom(concatenated: string | null): Membership[] {
  return (concatenated ?? "")
    .split(",")
    .map((one) => one.split(":"))
    .flatMap(([merchantId = "", role = ""]) => (isKnown(role) ? [{ merchantId, role }] : []));
}

function isKnown(role: string): role is MerchantRole {
  return Object.hasOwn(merchantRoles, role);
}

const newest: Upsert = {
  table: "memberships",
  key: ["user_id", "merchant_id"],
  set: { role: { newerBy: "version" }, version: "greatest" },
};

/** The merchants' members, copied from their events. */
export class MembershipRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores a state unless a later one is stored; events may arrive out of order. */
  async put({ userId, merchantId, role, version }: MembershipState, tx: Tx): Promise<void> {
    const row = { user_id: userId, merchant_id: merchantId, role, version };
    await this.#database.upsert(newest, [row], tx);
  }
}
