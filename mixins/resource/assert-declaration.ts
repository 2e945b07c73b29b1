import type { Column } from "./columns.ts";
import { columnOf } from "./columns.ts";
import type { Operation, ResourceDeclaration } from "./declaration.ts";
import { accessOf, operations } from "./declaration.ts";

/** Names of common columns, list params and headers. */
const reserved = new Set([
  "id",
  "ownerId",
  "version",
  "createdAt",
  "updatedAt",
  "expectedVersion",
  "limit",
  "cursor",
  "sort",
  "count",
]);

/** @throws Error for an inconsistent declaration */
export function assertSound(declaration: ResourceDeclaration): void {
  const {
    name,
    fields,
    owner,
    unique,
    onDuplicate,
    limit,
    filters = [],
    sorts = [],
    added = [],
  } = declaration;
  const assert = (holds: boolean, says: string) => {
    if (!holds) throw new Error(`resource ${name}: ${says}`);
  };
  const columns = new Map(Object.entries(fields).map(([field, schema]) => [field, columnOf(field, schema)]));
  for (const field of columns.keys()) assert(!reserved.has(field), `${field} is a name of the platform`);
  const indexed = (field: string, demand: (column: Column) => boolean, says: string) => {
    const column = columns.get(field);
    if (column) assert(demand(column), `${field} ${says}`);
  };
  for (const field of [...filters, ...(unique ?? [])])
    indexed(
      field,
      ({ indexable }) => indexable,
      "is too long for an index (text has at most 200 characters)",
    );
  for (const term of sorts)
    indexed(
      term.replace("-", ""),
      ({ indexable, nullable }) => indexable && !nullable,
      "cannot be sorted by: it may be null, or is too long for an index",
    );
  for (const field of added.flat())
    assert(columns.get(field)?.nullable ?? false, `${field} was added later and must be optional`);
  assert(onDuplicate === undefined || unique !== undefined, "onDuplicate needs unique");
  assert(limit === undefined || owner !== undefined, "a limit is per owner");
  assert(
    owner !== undefined || !operations.some((operation) => isOwnerOr(declaration, operation)),
    "ownerOr needs an owner",
  );
}

function isOwnerOr(declaration: ResourceDeclaration, operation: Operation): boolean {
  const access = accessOf(declaration, operation);
  return typeof access === "object" && "ownerOr" in access;
}
