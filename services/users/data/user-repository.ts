import { UniqueConstraintError } from "sequelize";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";

/** An account as the database keeps it. Times are milliseconds since 1970, UTC. */
export interface User {
  readonly id: string;
  readonly email: string;
  /** Null until its owner has shown that mail to the address reaches them. */
  readonly emailVerifiedAt: number | null;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: string;
  readonly status: "active" | "disabled" | "deleted";
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface UserFilter {
  readonly email?: string | undefined;
  readonly role?: string | undefined;
  readonly status?: User["status"] | undefined;
}

type UserRow = {
  id: string;
  email: string;
  email_verified_at: number | null;
  name: string;
  password_hash: string;
  role: string;
  status: User["status"];
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "id, email, email_verified_at, name, password_hash, role, status, version, created_at, updated_at";

export class UserRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string, tx?: Tx): Promise<User | undefined> {
    return this.#one("id = ?", id, tx);
  }

  /** @param email in small letters */
  async byEmail(email: string, tx?: Tx): Promise<User | undefined> {
    return this.#one("email = ?", email, tx);
  }

  /** @returns false when the address has an account already; then nothing is changed */
  async insert(user: User, tx: Tx): Promise<boolean> {
    return this.#database.insertNew("users", toRow(user), tx);
  }

  /** Saves a change that was decided on the version before it. @returns false when someone else was faster */
  async update(user: User, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      `UPDATE users SET email = ?, email_verified_at = ?, name = ?, password_hash = ?, role = ?, status = ?,
              version = ?, updated_at = ? WHERE id = ? AND version = ?`,
      [
        user.email,
        user.emailVerifiedAt,
        user.name,
        user.passwordHash,
        user.role,
        user.status,
        user.version,
        user.updatedAt,
        user.id,
        user.version - 1,
      ],
      tx,
    );
    return changed === 1;
  }

  /** `update` for a new address. @returns false also when the address has an account meanwhile */
  async updateAddress(user: User, tx: Tx): Promise<boolean> {
    try {
      return await this.update(user, tx);
    } catch (error) {
      if (error instanceof UniqueConstraintError) return false;
      throw error;
    }
  }

  /** The account, which no other transaction changes meanwhile. */
  async lock(id: string, tx: Tx): Promise<User | undefined> {
    return this.#one(`id = ?${this.#database.forUpdate}`, id, tx);
  }

  /** How many can still administer the shop; none of them can be changed by others meanwhile. */
  async lockAdministrators(tx: Tx): Promise<number> {
    const sql = `SELECT id FROM users WHERE role = ? AND status = ? ORDER BY id${this.#database.forUpdate}`;
    return (await this.#database.select(sql, ["administrator", "active"], tx)).length;
  }

  /** Whether anyone has this role. */
  async anyWithRole(role: string, tx: Tx): Promise<boolean> {
    return (await this.#database.select("SELECT id FROM users WHERE role = ? LIMIT 1", [role], tx)).length > 0;
  }

  async list(filter: UserFilter, request: PageRequest): Promise<Page<User>> {
    return listPage<UserRow, User>(this.#database, {
      columns,
      from: "users",
      where: { "email = ?": filter.email, "role = ?": filter.role, "status = ?": filter.status },
      sortColumns: { createdAt: "created_at", email: "email" },
      request,
      present: fromRow,
    });
  }

  async #one(condition: string, value: string, tx?: Tx): Promise<User | undefined> {
    const sql = `SELECT ${columns} FROM users WHERE ${condition}`;
    const [row] = await this.#database.select<UserRow>(sql, [value], tx);
    return row && fromRow(row);
  }
}

function fromRow({ email_verified_at, password_hash, created_at, updated_at, ...same }: UserRow): User {
  return {
    ...same,
    emailVerifiedAt: email_verified_at,
    passwordHash: password_hash,
    createdAt: created_at,
    updatedAt: updated_at,
  };
}

function toRow({ emailVerifiedAt, passwordHash, createdAt, updatedAt, ...same }: User): UserRow {
  return {
    ...same,
    email_verified_at: emailVerifiedAt,
    password_hash: passwordHash,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
