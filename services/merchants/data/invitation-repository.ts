import type { MerchantRole } from "../../../mixins/contract/permissions.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { MerchantStatus } from "../merchants.contract.ts";

export interface Invitation {
  readonly id: string;
  readonly merchantId: string;
  readonly email: string;
  readonly role: MerchantRole;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** With what the invited see of the merchant. */
export type ReceivedInvitation = Invitation & {
  readonly merchant: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly status: MerchantStatus;
  };
};

type InvitationRow = {
  id: string;
  merchant_id: string;
  email: string;
  role: MerchantRole;
  created_at: number;
  expires_at: number;
};

type ReceivedRow = InvitationRow & { slug: string; name: string; status: MerchantStatus };

const columns = "i.id, i.merchant_id, i.email, i.role, i.created_at, i.expires_at";

/** Open invitations of addresses of e-mail; those of one merchant change under its lock. */
export class InvitationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async ofMerchant(merchantId: string, now: number, request: PageRequest): Promise<Page<Invitation>> {
    return readKeysetPage<InvitationRow, Invitation>(this.#database, {
      columns,
      from: "invitations i",
      where: { "i.merchant_id = ?": merchantId, "i.expires_at > ?": now },
      sortColumns: { createdAt: "i.created_at" },
      idColumn: "i.id",
      request,
      present: fromRow,
    });
  }

  async ofAddress(email: string, now: number, request: PageRequest): Promise<Page<ReceivedInvitation>> {
    return readKeysetPage<ReceivedRow, ReceivedInvitation>(this.#database, {
      columns: `${columns}, e.slug, e.name, e.status`,
      from: "(invitations i JOIN merchants e ON e.id = i.merchant_id)",
      where: { "i.email = ?": email, "i.expires_at > ?": now },
      sortColumns: { createdAt: "i.created_at" },
      idColumn: "i.id",
      request,
      present: (row) => ({
        ...fromRow(row),
        merchant: { id: row.merchant_id, slug: row.slug, name: row.name, status: row.status },
      }),
    });
  }

  /** An open invitation of an address. */
  async open(id: string, email: string, now: number): Promise<Invitation | undefined> {
    const [row] = await this.#database.select<InvitationRow>(
      `SELECT ${columns} FROM invitations i WHERE i.id = ? AND i.email = ? AND i.expires_at > ?`,
      [id, email, now],
    );
    return row && fromRow(row);
  }

  async count(merchantId: string, tx: Tx): Promise<number> {
    const sql = "SELECT COUNT(*) AS n FROM invitations WHERE merchant_id = ?";
    const [row] = await this.#database.select<{ n: number }>(sql, [merchantId], tx);
    return row?.n ?? 0;
  }

  /** Adds an invitation in place of the one of the same address, under the merchant's lock. */
  async put(invitation: Invitation, tx: Tx): Promise<void> {
    const { id, merchantId, email, role, createdAt, expiresAt } = invitation;
    const sql = "DELETE FROM invitations WHERE merchant_id = ? AND email = ?";
    await this.#database.execute(sql, [merchantId, email], tx);
    const moments = { created_at: createdAt, expires_at: expiresAt };
    await this.#database.insertIfAbsent(
      "invitations",
      { id, merchant_id: merchantId, email, role, ...moments },
      tx,
    );
  }

  /** Takes back an invitation of a merchant. @returns whether there was one */
  async withdraw(id: string, merchantId: string, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM invitations WHERE id = ? AND merchant_id = ?";
    return (await this.#database.execute(sql, [id, merchantId], tx)) === 1;
  }

  /** Ends an open invitation of an address. @returns whether the caller did, of several at once */
  async claim(id: string, email: string, now: number, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM invitations WHERE id = ? AND email = ? AND expires_at > ?";
    return (await this.#database.execute(sql, [id, email, now], tx)) === 1;
  }

  /** @returns how many it removed */
  async removeExpired(now: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM invitations WHERE expires_at <= ? ORDER BY expires_at LIMIT ?";
    const old = await this.#database.select<{ id: string }>(sql, [now, limit], tx);
    if (old.length === 0) return 0;
    return this.#database.execute("DELETE FROM invitations WHERE id IN (?)", [old.map(({ id }) => id)], tx);
  }
}

function fromRow(row: InvitationRow): Invitation {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    email: row.email,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
