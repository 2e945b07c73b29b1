import type { Caller } from "../../contract/caller.ts";
import { may } from "../../contract/caller.ts";
import type { Permission } from "../../contract/permissions.ts";
import { permissions as declared, roleNames, roleSummaries, roles } from "../../contract/permissions.ts";

/** A named set of permissions. */
export interface Role {
  readonly name: string;
  readonly summary: string;
  readonly permissions: readonly Permission[];
  readonly version: number;
  /** Milliseconds since 1970, UTC; null for a role that comes with the shop. */
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
}

/** The roles that come with the shop; they cannot be changed, so that a new permission reaches those it is meant for. */
export const builtIn: ReadonlyMap<string, Role> = new Map(
  roleNames.map((name) => [
    name,
    { name, summary: roleSummaries[name], permissions: roles[name], version: 1, createdAt: null, updatedAt: null },
  ]),
);

/** Names that are permissions of this version of the shop, each once, in the order of their declaration. */
export function knownPermissions(names: readonly string[]): Permission[] {
  return (Object.keys(declared) as Permission[]).filter((name) => names.includes(name));
}

/** What a caller does not have and so can neither give to others nor take from them. */
export function beyond(caller: Caller, permissions: readonly Permission[]): Permission[] {
  return permissions.filter((permission) => !may(caller, permission));
}
