import type { Caller } from "../../../mixins/contract/caller.ts";
import { may } from "../../../mixins/contract/caller.ts";
import type { Permission } from "../../../mixins/contract/permissions.ts";
import {
  permissions as declared,
  roleNames,
  roleSummaries,
  roles,
} from "../../../mixins/contract/permissions.ts";

/** A named set of permissions. */
export interface Role {
  readonly name: string;
  readonly summary: string;
  readonly permissions: readonly Permission[];
  readonly version: number;
  /** Milliseconds since the Unix epoch; null for a built-in role. */
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
}

/** Built-in roles. They are fixed in code, so that new permissions reach them with an upgrade. */
export const builtIn: ReadonlyMap<string, Role> = new Map(
  roleNames.map((name) => [
    name,
    {
      name,
      summary: roleSummaries[name],
      permissions: roles[name],
      version: 1,
      createdAt: null,
      updatedAt: null,
    },
  ]),
);

/** Filters names for permissions of this version, each once, in order of declaration. */
export function knownPermissions(names: readonly string[]): Permission[] {
  return (Object.keys(declared) as Permission[]).filter((name) => names.includes(name));
}

/** Permissions that a caller lacks, and so can neither grant nor revoke. */
export function missingPermissions(caller: Caller, permissions: readonly Permission[]): Permission[] {
  return permissions.filter((permission) => !may(caller, permission));
}
