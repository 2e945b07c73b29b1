import type { MerchantRole } from "../../../mixins/contract/permissions.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { MerchantStatus } from "../merchants.contract.ts";

/** A user's membership in a merchant. */
export interface Member {
  readonly merchantId: string;
  readonly userId: string;
  /** Null after its end. */
  readonly role: MerchantRole | null;
  readonly email: string | null;
  readonly version: number;
  readonly joinedAt: number;
}

/** A current one. */
export type CurrentMember = Member & { readonly role: MerchantRole };

type MemberRow = {
  merchant_id: string;
  user_id: string;
  role: MerchantRole | null;
  email: string | null;
  version: number;
  joined_at: number;
};

/** What users see of the merchants that they work for. */
export interface Membership {
  readonly merchantId: string;
  readonly slug: string;
  readonly name: string;
  readonly status: MerchantStatus;
  readonly role: MerchantRole;
  readonly joinedAt: number;
}

const columns = "merchant_id, user_id, role, email, version, joined_at";

/** Members of merchants. Those of one merchant change under its lock. */
export class MemberRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(merchantId: string, request: PageRequest): Promise<Page<CurrentMember>> {
    return readKeysetPage<MemberRow, CurrentMember>(this.#database, {
      columns,
      from: "members",
      where: { "merchant_id = ? AND role IS NOT NULL": merchantId },
      sortColumns: { joinedAt: "joined_at" },
      idColumn: "user_id",
      request,
      present: (row) => fromRow(row) as CurrentMember,
    });
  }

  /** All current memberships of a user, of which there are few. */
  async of(userId: string): Promise<Membership[]> {
    return this.#database.select<Membership>(
      `SELECT e.id AS merchantId, e.slug, e.name, e.status, m.role, m.joined_at AS joinedAt
       FROM members m JOIN merchants e ON e.id = m.merchant_id
       WHERE m.user_id = ? AND m.role IS NOT NULL ORDER BY m.joined_at, m.merchant_id`,
      [userId],
    );
  }

  /** Merchants that the user has ever worked for. */
  async merchantsOf(userId: string, tx: Tx): Promise<string[]> {
    const sql = "SELECT merchant_id FROM members WHERE user_id = ? ORDER BY merchant_id";
    const rows = await this.#database.select<{ merchant_id: string }>(sql, [userId], tx);
    return rows.map((row) => row.merchant_id);
  }

  /** A membership, current or ended. */
  async find(merchantId: string, userId: string, tx: Tx): Promise<Member | undefined> {
    const [row] = await this.#database.select<MemberRow>(
      `SELECT ${columns} FROM members WHERE merchant_id = ? AND user_id = ?`,
      [merchantId, userId],
      tx,
    );
    return row && fromRow(row);
  }

  /** Number of current members, and of owners among them. */
  async count(merchantId: string, tx: Tx): Promise<{ readonly members: number; readonly owners: number }> {
    const [row] = await this.#database.select<{ members: number; owners: number }>(
      `SELECT COUNT(*) AS members, COUNT(CASE WHEN role = 'owner' THEN 1 END) AS owners
       FROM members WHERE merchant_id = ? AND role IS NOT NULL`,
      [merchantId],
      tx,
    );
    return row ?? { members: 0, owners: 0 };
  }

  /** Saves a membership. */
  async put(member: Member, tx: Tx): Promise<void> {
    const { merchantId, userId, role, email, version, joinedAt } = member;
    const changed = await this.#database.execute(
      "UPDATE members SET role = ?, email = ?, version = ?, joined_at = ? WHERE merchant_id = ? AND user_id = ?",
      [role, email, version, joinedAt, merchantId, userId],
      tx,
    );
    if (changed > 0) return;
    const row = { merchant_id: merchantId, user_id: userId, role, email, version, joined_at: joinedAt };
    await this.#database.insertIfAbsent("members", row, tx);
  }
}

function fromRow(row: MemberRow): Member {
  return {
    merchantId: row.merchant_id,
    userId: row.user_id,
    role: row.role,
    email: row.email,
    version: row.version,
    joinedAt: row.joined_at,
  };
}
