import type { Database, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import type { Role } from "../../contract/permissions.ts";

/** An account as the database keeps it. Times are milliseconds since 1970, UTC. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: Role;
  readonly status: "active" | "disabled";
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface UserFilter {
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
  readonly status?: User["status"] | undefined;
}

type UserRow = {
  id: string;
  email: string;
  name: string;
  password_hash: string;
  role: Role;
  status: User["status"];
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "id, email, name, password_hash, role, status, version, created_at, updated_at";

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
      "UPDATE users SET name = ?, role = ?, status = ?, version = ?, updated_at = ? WHERE id = ? AND version = ?",
      [user.name, user.role, user.status, user.version, user.updatedAt, user.id, user.version - 1],
      tx,
    );
    return changed === 1;
  }

  async anyAdministrator(tx: Tx): Promise<boolean> {
    const rows = await this.#database.select("SELECT id FROM users WHERE role = ? LIMIT 1", ["administrator"], tx);
    return rows.length > 0;
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

function fromRow({ password_hash, created_at, updated_at, ...same }: UserRow): User {
  return { ...same, passwordHash: password_hash, createdAt: created_at, updatedAt: updated_at };
}

function toRow({ passwordHash, createdAt, updatedAt, ...same }: User): UserRow {
  return { ...same, password_hash: passwordHash, created_at: createdAt, updated_at: updatedAt };
}
