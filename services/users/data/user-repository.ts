import { UniqueConstraintError } from "sequelize";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { genders } from "../domain/genders.ts";

/** What users say of themselves. */
export interface Profile {
  readonly nickname: string | null;
  readonly gender: (typeof genders)[number] | null;
  /** `YYYY-MM-DD`. */
  readonly birthday: string | null;
  /** BCP 47 tag. */
  readonly locale: string | null;
  /** Whether the products that they look at are recorded. */
  readonly keepsHistory: boolean;
}

/** Of an account whose owner has said nothing. */
export const noDetails = {
  nickname: null,
  gender: null,
  birthday: null,
  locale: null,
  keepsHistory: true,
  phone: null,
  phoneVerifiedAt: null,
} as const;

/** An account's row. Times are milliseconds since the Unix epoch. */
export interface User extends Profile {
  readonly id: string;
  readonly email: string;
  /** Null until the address is verified by mail. */
  readonly emailVerifiedAt: number | null;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: string;
  readonly status: "active" | "disabled" | "deleted";
  /** E.164, verified by a code; no other account has it. */
  readonly phone: string | null;
  readonly phoneVerifiedAt: number | null;
  /** Only `setAvatar` writes it. */
  readonly avatar: StoredImage | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface UserFilter {
  readonly email?: string | undefined;
  readonly role?: string | undefined;
  readonly status?: User["status"] | undefined;
}

/** Where an account is written to. */
export type AccountRecipient = Pick<User, "id" | "name" | "email" | "phone" | "locale">;

type UserRow = {
  id: string;
  email: string;
  email_verified_at: number | null;
  name: string;
  password_hash: string;
  role: string;
  status: User["status"];
  avatar: string | null;
  nickname: string | null;
  gender: User["gender"];
  birthday: string | null;
  locale: string | null;
  history_off: number;
  phone: string | null;
  phone_verified_at: number | null;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = `id, email, email_verified_at, name, password_hash, role, status, avatar, nickname, gender,
  birthday, locale, history_off, phone, phone_verified_at, version, created_at, updated_at`;

export class UserRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string, tx?: Tx): Promise<User | undefined> {
    return this.#one("id = ?", id, tx);
  }

  /** @param email in lower case */
  async byEmail(email: string, tx?: Tx): Promise<User | undefined> {
    return this.#one("email = ?", email, tx);
  }

  /** @param phone in E.164 */
  async byPhone(phone: string, tx?: Tx): Promise<User | undefined> {
    return this.#one("phone = ?", phone, tx);
  }

  /** @returns false, without a change, when the address has an account */
  async insert(user: User, tx: Tx): Promise<boolean> {
    return this.#database.insertIfAbsent("users", toRow(user), tx);
  }

  /**
   * Opens an account unless its address has one, in the same time either way: equal statements and page
   * writes. Inserts the row with its id as address, then sets the address or deletes the row. A violated
   * unique key would cost several times an insert.
   *
   * @returns id of the account that has the address then: the given one if it was opened
   */
  async open(user: User, tx: Tx): Promise<string> {
    await this.insert({ ...user, email: user.id, version: user.version - 1 }, tx);
    const holder = await this.byEmail(user.email, tx);
    if (!holder && (await this.updateAddress(user, tx))) return user.id;
    await this.#database.execute("DELETE FROM users WHERE id = ?", [user.id], tx);
    // Without a holder, another transaction committed the address after the read.
    return (holder ?? (await this.byEmail(user.email, tx)))?.id ?? user.id;
  }

  /**
   * Saves a change under optimistic locking.
   *
   * @returns false on a conflict
   */
  async update(user: User, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      `UPDATE users SET email = ?, email_verified_at = ?, name = ?, password_hash = ?, role = ?, status = ?,
              nickname = ?, gender = ?, birthday = ?, locale = ?, history_off = ?, phone = ?, phone_verified_at = ?,
              version = ?, updated_at = ? WHERE id = ? AND version = ?`,
      [
        user.email,
        user.emailVerifiedAt,
        user.name,
        user.passwordHash,
        user.role,
        user.status,
        user.nickname,
        user.gender,
        user.birthday,
        user.locale,
        Number(!user.keepsHistory),
        user.phone,
        user.phoneVerifiedAt,
        user.version,
        user.updatedAt,
        user.id,
        user.version - 1,
      ],
      tx,
    );
    return changed === 1;
  }

  async setAvatar(id: string, avatar: StoredImage | null, tx: Tx): Promise<void> {
    const sql = "UPDATE users SET avatar = ? WHERE id = ?";
    await this.#database.execute(sql, [avatar && JSON.stringify(avatar), id], tx);
  }

  /**
   * `update` with a new address or phone.
   *
   * @returns false also when another account has it meanwhile
   */
  async updateAddress(user: User, tx: Tx): Promise<boolean> {
    try {
      return await this.update(user, tx);
    } catch (error) {
      if (error instanceof UniqueConstraintError) return false;
      throw error;
    }
  }

  /** The account, locked until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<User | undefined> {
    return this.#one(`id = ?${this.#database.forUpdate}`, id, tx);
  }

  /** Number of active administrators, locked until the transaction ends. */
  async lockAdministrators(tx: Tx): Promise<number> {
    const sql = `SELECT id FROM users WHERE role = ? AND status = ? ORDER BY id${this.#database.forUpdate}`;
    return (await this.#database.select(sql, ["administrator", "active"], tx)).length;
  }

  /** True when any account has this role. */
  async anyWithRole(role: string, tx: Tx): Promise<boolean> {
    return (
      (await this.#database.select("SELECT id FROM users WHERE role = ? LIMIT 1", [role], tx)).length > 0
    );
  }

  /** Where these accounts are written to, as far as they are active. */
  async activeRecipients(ids: readonly string[]): Promise<AccountRecipient[]> {
    const sql = "SELECT id, name, email, phone, locale FROM users WHERE id IN (?) AND status = 'active'";
    return this.#database.select<AccountRecipient>(sql, [ids]);
  }

  async list(filter: UserFilter, request: PageRequest): Promise<Page<User>> {
    return readKeysetPage<UserRow, User>(this.#database, {
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

function fromRow({
  email_verified_at,
  password_hash,
  avatar,
  history_off,
  phone_verified_at,
  created_at,
  updated_at,
  ...same
}: UserRow): User {
  return {
    ...same,
    emailVerifiedAt: email_verified_at,
    passwordHash: password_hash,
    avatar: avatar === null ? null : (JSON.parse(avatar) as StoredImage),
    keepsHistory: history_off === 0,
    phoneVerifiedAt: phone_verified_at,
    createdAt: created_at,
    updatedAt: updated_at,
  };
}

function toRow(user: User): UserRow {
  const {
    emailVerifiedAt,
    passwordHash,
    avatar,
    keepsHistory,
    phoneVerifiedAt,
    createdAt,
    updatedAt,
    ...same
  } = user;
  return {
    ...same,
    email_verified_at: emailVerifiedAt,
    password_hash: passwordHash,
    avatar: avatar && JSON.stringify(avatar),
    history_off: Number(!keepsHistory),
    phone_verified_at: phoneVerifiedAt,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
