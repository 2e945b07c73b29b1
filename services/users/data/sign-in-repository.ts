import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { SignInOutcome } from "../domain/sign-in-outcomes.ts";

/** A login attempt. */
export interface SignIn {
  readonly id: string;
  readonly userId: string | null;
  readonly outcome: SignInOutcome;
  readonly sessionId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

type SignInRow = Omit<SignIn, "createdAt"> & { created_at: number };

const columns =
  "id, user_id AS userId, outcome, session_id AS sessionId, address, user_agent AS userAgent, created_at";

/** A new device is none of the last sign-ins. */
const comparedSignIns = 100;

export class SignInRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(signIn: SignIn, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO sign_ins (id, user_id, outcome, session_id, address, user_agent, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [
        signIn.id,
        signIn.userId,
        signIn.outcome,
        signIn.sessionId,
        signIn.address,
        signIn.userAgent,
        signIn.createdAt,
      ],
      tx,
    );
  }

  /** Whether one of the last sign-ins of a user, failed ones counted, succeeded from this address and program. */
  async isKnown(userId: string, { address, userAgent }: Pick<SignIn, "address" | "userAgent">, tx: Tx) {
    const sql = `SELECT outcome, address, user_agent AS userAgent FROM sign_ins WHERE user_id = ?
      ORDER BY created_at DESC, id DESC LIMIT ?`;
    type Recent = Pick<SignIn, "outcome" | "address" | "userAgent">;
    const recent = await this.#database.select<Recent>(sql, [userId, comparedSignIns], tx);
    return recent.some(
      (past) => past.outcome === "succeeded" && past.address === address && past.userAgent === userAgent,
    );
  }

  async list(userId: string, request: PageRequest): Promise<Page<SignIn>> {
    return readKeysetPage<SignInRow, SignIn>(this.#database, {
      columns,
      from: "sign_ins",
      where: { "user_id = ?": userId },
      sortColumns: { createdAt: "created_at" },
      request,
      present: ({ created_at, ...same }) => ({ ...same, createdAt: created_at }),
    });
  }

  async removeAllOf(userId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM sign_ins WHERE user_id = ?", [userId], tx);
  }

  /** @returns how many it removed */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM sign_ins WHERE created_at < ? ORDER BY created_at LIMIT ?";
    const old = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    return this.#database.execute("DELETE FROM sign_ins WHERE id IN (?)", [old.map(({ id }) => id)], tx);
  }
}
