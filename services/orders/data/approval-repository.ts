import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";

/** A money movement that needs a second person's approval. Times are milliseconds since the Unix epoch. */
export interface Approval {
  readonly id: string;
  /** Full name of the action. */
  readonly action: string;
  /** The requester: `user:<id>` or `key:<id>`. */
  readonly actor: string;
  /** Of the request; see `fingerprintOf`. */
  readonly fingerprint: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** Minor units; null when unknown beforehand. */
  readonly amount: number | null;
  readonly status: "pending" | "approved" | "used";
  readonly approvedBy: string | null;
  readonly requestedAt: number;
  readonly approvedAt: number | null;
}

/** Identifies a request of one requester. */
export type RequestKey = Pick<Approval, "actor" | "action" | "fingerprint">;

type Row = Omit<Approval, "request"> & { readonly request: string };

const columns = `id, action, actor, fingerprint, request, amount, status, approved_by AS approvedBy, requested_at AS requestedAt,
  approved_at AS approvedAt`;

export class ApprovalRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns false when this request is pending or approved already */
  async insert(
    { approvedBy, requestedAt, approvedAt, request, ...approval }: Approval,
    tx: Tx,
  ): Promise<boolean> {
    const row = {
      ...approval,
      request: JSON.stringify(request),
      approved_by: approvedBy,
      requested_at: requestedAt,
      approved_at: approvedAt,
    };
    return this.#database.insertIfAbsent("approvals", { ...row, used_at: 0 }, tx);
  }

  /** The request's unused approval. */
  async open({ actor, action, fingerprint }: RequestKey, tx: Tx): Promise<Approval | undefined> {
    return this.#one(
      "actor = ? AND action = ? AND fingerprint = ? AND used_at = 0",
      [actor, action, fingerprint],
      tx,
    );
  }

  async byId(id: string, tx: Tx): Promise<Approval | undefined> {
    return this.#one("id = ?", [id], tx);
  }

  async list(
    filter: { readonly status?: string | undefined },
    request: PageRequest,
  ): Promise<Page<Approval>> {
    return readKeysetPage<Row, Approval>(this.#database, {
      columns,
      from: "approvals",
      where: { "status = ?": filter.status },
      sortColumns: { requestedAt: "requested_at" },
      request,
      present: fromRow,
    });
  }

  /** @returns false when it is not pending */
  async approve(id: string, approvedBy: string, now: number, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE approvals SET status = 'approved', approved_by = ?, approved_at = ? WHERE id = ? AND status = 'pending'";
    return (await this.#database.execute(sql, [approvedBy, now, id], tx)) === 1;
  }

  /**
   * Consumes the approval of a request.
   *
   * @returns false when there is none requested after `since` (ms)
   */
  async use(
    { actor, action, fingerprint }: RequestKey,
    since: number,
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    const sql = `UPDATE approvals SET status = 'used', used_at = ?
      WHERE actor = ? AND action = ? AND fingerprint = ? AND used_at = 0 AND status = 'approved' AND requested_at > ?`;
    return (await this.#database.execute(sql, [now, actor, action, fingerprint, since], tx)) === 1;
  }

  /**
   * Removes up to `limit` requests made before `before`.
   *
   * @returns how many
   */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = `SELECT id FROM approvals WHERE requested_at < ? ORDER BY requested_at LIMIT ?${this.#database.forUpdate}`;
    const rows = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    return this.#database.execute("DELETE FROM approvals WHERE id IN (?)", [rows.map(({ id }) => id)], tx);
  }

  async #one(where: string, values: readonly string[], tx: Tx): Promise<Approval | undefined> {
    const [row] = await this.#database.select<Row>(
      `SELECT ${columns} FROM approvals WHERE ${where}`,
      values,
      tx,
    );
    return row && fromRow(row);
  }
}

function fromRow({
  id,
  action,
  actor,
  fingerprint,
  request,
  amount,
  status,
  approvedBy,
  requestedAt,
  approvedAt,
}: Row): Approval {
  const original = JSON.parse(request) as Approval["request"];
  return {
    id,
    action,
    actor,
    fingerprint,
    request: original,
    amount,
    status,
    approvedBy,
    requestedAt,
    approvedAt,
  };
}
