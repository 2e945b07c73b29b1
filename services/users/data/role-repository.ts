import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Permission } from "../../../mixins/contract/permissions.ts";
import type { Role } from "../domain/roles.ts";
import { builtIn, knownPermissions } from "../domain/roles.ts";

type RoleRow = {
  name: string;
  summary: string;
  permissions: string;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "name, summary, permissions, version, created_at, updated_at";

/** All roles: built-in ones, and custom ones from the database. */
export class RoleRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byName(name: string, tx?: Tx): Promise<Role | undefined> {
    return builtIn.get(name) ?? this.#one("name = ?", name, tx);
  }

  /** The role, locked until the transaction ends. */
  async lock(name: string, tx: Tx): Promise<Role | undefined> {
    return builtIn.get(name) ?? this.#one(`name = ?${this.#database.forUpdate}`, name, tx);
  }

  /** Permissions of a role; none for an unknown role. */
  async permissionsOf(name: string, tx?: Tx): Promise<readonly Permission[]> {
    return (await this.byName(name, tx))?.permissions ?? [];
  }

  /** Custom roles by name. */
  async ofTheShop(): Promise<Role[]> {
    const rows = await this.#database.select<RoleRow>(`SELECT ${columns} FROM roles ORDER BY name`);
    return rows.map(fromRow);
  }

  /** @returns false when the name is taken */
  async insert(role: Role, tx: Tx): Promise<boolean> {
    const { name, summary, version } = role;
    if (builtIn.has(name)) return false;
    const times = { created_at: role.createdAt, updated_at: role.updatedAt };
    const permissions = JSON.stringify(role.permissions);
    return this.#database.insertIfAbsent("roles", { name, summary, permissions, version, ...times }, tx);
  }

  async update(role: Role, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE roles SET summary = ?, permissions = ?, version = ?, updated_at = ? WHERE name = ?",
      [role.summary, JSON.stringify(role.permissions), role.version, role.updatedAt, role.name],
      tx,
    );
  }

  async remove(name: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM roles WHERE name = ?", [name], tx);
  }

  async #one(condition: string, name: string, tx?: Tx): Promise<Role | undefined> {
    const sql = `SELECT ${columns} FROM roles WHERE ${condition}`;
    const [row] = await this.#database.select<RoleRow>(sql, [name], tx);
    return row && fromRow(row);
  }
}

function fromRow({ permissions, created_at, updated_at, ...same }: RoleRow): Role {
  const names = knownPermissions(JSON.parse(permissions) as string[]);
  return { ...same, permissions: names, createdAt: created_at, updatedAt: updated_at };
}
