import type { z } from "zod";
import type { Access } from "../contract/contract.ts";

export type Fields = Readonly<Record<string, z.ZodType>>;

export const operations = ["list", "get", "create", "update", "remove"] as const;
export type Operation = (typeof operations)[number];

export type RowTimes = "createdAt" | "updatedAt";

/** Traits of a resource: a table of plain data without contested rows. */
export interface ResourceTraits<F extends Fields = Fields> {
  /** Name of one row, e.g. `favourite`: the entity in the audit trail and the schema in OpenAPI. */
  readonly item: string;
  readonly summary: string;
  /** Below `/api/v1`; `/<name>` when absent. */
  readonly path?: `/${string}`;
  /** Who may call the operations; `read` applies to `list` and `get`, `write` to the others. */
  readonly access: Access | { readonly read: Access; readonly write: Access };
  /**
   * `caller`: a row belongs to the user who created it. With access `signed-in` users work on their own rows, with
   * `ownerOr` staff work on all rows; foreign rows are `not-found`. Deleting the account deletes its rows.
   */
  readonly owner?: "caller";
  /** Offered operations; default: all. */
  readonly operations?: readonly Operation[];
  /** Fields that are set at creation and cannot be updated. */
  readonly fixed?: readonly (keyof F & string)[];
  /** Fields that the list can be filtered by; each has indexes. */
  readonly filters?: readonly (keyof F & string)[];
  /** Sort keys of the list, each with an index. The first is the default sort, descending with a leading `-`. */
  readonly sorts?: readonly [SortTerm<F>, ...SortTerm<F>[]];
  /** Fields whose combination is unique, per owner if there is one. */
  readonly unique?: readonly (keyof F & string)[];
  /**
   * Effect of creating a duplicate by `unique`: `refuse` (default) fails with `already-exists`, `keep` returns the
   * existing row, `renew` updates its other fields and `updatedAt`.
   */
  readonly onDuplicate?: "refuse" | "keep" | "renew";
  /** Maximum rows per owner. Beyond it, creating fails with `limit-reached` or drops the rows with the oldest `updatedAt`. */
  readonly limit?: { readonly rows: number; readonly beyond: "refuse" | "drop-oldest" };
  /** `false`: changes publish no events, so they are not in the audit trail. */
  readonly audited?: false;
  /** Services without which it cannot work. */
  readonly needs?: readonly string[];
  /**
   * Fields that were added after the first release, grouped by release; each group becomes a migration. They must be
   * optional.
   */
  readonly added?: readonly (readonly (keyof F & string)[])[];
}

/** A whole resource: one service with one table. */
export interface ResourceDeclaration<
  N extends string = string,
  F extends Fields = Fields,
> extends ResourceTraits<F> {
  /** The service's name and its table's, in the plural. */
  readonly name: N;
  /** Fields besides id, version and times. Omitted optional fields are null. */
  readonly fields: F;
}

export type SortTerm<F> = `${"" | "-"}${(keyof F & string) | RowTimes}`;

export function accessOf({ access }: Pick<ResourceDeclaration, "access">, operation: Operation): Access {
  if (typeof access !== "object" || !("read" in access)) return access;
  return operation === "list" || operation === "get" ? access.read : access.write;
}
