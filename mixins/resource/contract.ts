import { z } from "zod";
import type { ActionContract, Route, ServiceContract } from "../contract/contract.ts";
import { action, defineContract, event } from "../contract/contract.ts";
import type { ErrorCode } from "../contract/errors.ts";
import { expectedVersion, timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";
import { page, pageParams } from "../contract/paging.ts";
import { assertSound } from "./assert-declaration.ts";
import { unwrapped } from "./columns.ts";
import type { Fields, Operation, ResourceDeclaration, ResourceTraits } from "./declaration.ts";
import { accessOf, operations } from "./declaration.ts";

/** Durable event of account deletion. */
export const accountDeleted = "users.account-deleted";

/** A field without `optional` and `default`. */
type Inner<T> =
  T extends z.ZodOptional<infer I extends z.ZodType>
    ? Inner<I>
    : T extends z.ZodDefault<infer I extends z.ZodType>
      ? Inner<I>
      : T;
/** A field in results: optional fields are nullable. */
type Shown<T> =
  T extends z.ZodOptional<infer I extends z.ZodType>
    ? z.ZodNullable<I>
    : T extends z.ZodDefault<infer I extends z.ZodType>
      ? I
      : T;
/** A field in updates: null clears an optional field. */
type Changed<T> = z.ZodOptional<Shown<T> extends infer S extends z.ZodType ? S : never>;

type Strict<S> = z.ZodObject<
  { -readonly [K in keyof S]: S[K] extends z.ZodType ? S[K] : never },
  z.core.$strict
>;

export type ItemSchema<F extends Fields> = Strict<
  { [K in keyof F]: Shown<F[K]> } & {
    id: typeof id;
    version: z.ZodInt;
    createdAt: typeof timestamp;
    updatedAt: typeof timestamp;
  }
>;

type Filters<D> = D extends { readonly filters: readonly (infer X extends string)[] } ? X : never;
type Fixed<D> = D extends { readonly fixed: readonly (infer X extends string)[] } ? X : never;
type Offered<D> = D extends { readonly operations: readonly (infer O extends Operation)[] } ? O : Operation;
/** `If-Match` is optional for owners and required for staff. */
type Version<D> = D extends { readonly owner: "caller" }
  ? z.ZodOptional<typeof expectedVersion>
  : typeof expectedVersion;

interface ActionsOf<F extends Fields, D> {
  list: ActionContract<
    Strict<
      ReturnType<typeof pageParams> & {
        [K in Filters<D>]: z.ZodOptional<Inner<F[K]> extends infer I extends z.ZodType ? I : never>;
      }
    >,
    ReturnType<typeof page<ItemSchema<F>>>,
    never
  >;
  get: ActionContract<Strict<{ id: typeof id }>, ItemSchema<F>, "not-found">;
  create: ActionContract<Strict<F>, ItemSchema<F>, "not-found" | "already-exists" | "limit-reached">;
  update: ActionContract<
    Strict<
      { [K in Exclude<keyof F, Fixed<D>>]: Changed<F[K]> } & { id: typeof id; expectedVersion: Version<D> }
    >,
    ItemSchema<F>,
    "not-found" | "already-exists" | "precondition-failed"
  >;
  remove: ActionContract<
    Strict<{ id: typeof id; expectedVersion: Version<D> }>,
    z.ZodNull,
    "not-found" | "precondition-failed"
  >;
}

const snapshot = z.record(z.string(), z.json());

function eventsOf(item: string) {
  const payload = z.strictObject({
    id,
    ownerId: id.optional(),
    before: snapshot.optional(),
    after: snapshot.optional(),
  });
  const about = { entity: item, id: "id" } as const;
  return {
    created: event({ summary: `One ${item} was created`, about, payload }),
    updated: event({ summary: `One ${item} was changed`, about, payload }),
    removed: event({ summary: `One ${item} was removed`, about, payload }),
  };
}

type Events = ReturnType<typeof eventsOf>;

/** A resource's contract: its operations are its actions, under their own names. */
export type ResourceContract<N extends string, F extends Fields, D> = ServiceContract<
  N,
  Pick<ActionsOf<F, D>, Offered<D>>,
  D extends { readonly audited: false } ? {} : Events
>;

export function resourceContract<
  const N extends string,
  const F extends Fields,
  const D extends ResourceTraits<F>,
>(declaration: { readonly name: N; readonly fields: F } & D): ResourceContract<N, F, D> {
  const { name, item, summary, owner, audited, needs } = declaration;
  assertSound(declaration);
  const all = actionsOf(declaration);
  const offered = (declaration.operations ?? operations).map(
    (operation) => [operation, all[operation]] as const,
  );
  const contract: ServiceContract = {
    name,
    summary,
    actions: Object.fromEntries(offered),
    events: audited === false ? {} : eventsOf(item),
    consumes: owner ? [accountDeleted] : [],
    ...(needs ? { needs } : {}),
  };
  return defineContract(contract) as unknown as ResourceContract<N, F, D>;
}

function actionsOf(declaration: ResourceDeclaration): Record<Operation, ActionContract> {
  const { name, item, fields, owner, onDuplicate = "refuse" } = declaration;
  const path = declaration.path ?? `/${name}`;
  const words = name.replaceAll("-", " ");
  const shown = z
    .strictObject({
      id,
      ...shownFields(fields),
      version: z.int(),
      createdAt: timestamp,
      updatedAt: timestamp,
    })
    .meta({ id: pascalCase(item) });
  const version = owner ? expectedVersion.optional() : expectedVersion;
  const one = { method: "GET", path: `${path}/{id}` } as const;
  const change = { headers: { expectedVersion: "If-Match" } };
  const made = (
    operation: Operation,
    summary: string,
    route: Route,
    params: z.ZodObject,
    result: z.ZodType,
    errors: readonly ErrorCode[],
    idempotent: boolean,
  ) =>
    // Owners read their own writes, so their reads go to the primary.
    action({
      summary,
      access: accessOf(declaration, operation),
      route,
      params,
      result,
      errors,
      idempotent,
      reads: owner ? "primary" : "replica",
    });
  return {
    list: made(
      "list",
      `List ${words}`,
      { method: "GET", path },
      listParams(declaration),
      page(shown),
      [],
      true,
    ),
    get: made("get", `Get one ${item}`, one, z.strictObject({ id }), shown, ["not-found"], true),
    create: made(
      "create",
      `Create one ${item}`,
      {
        method: "POST",
        path,
        status: 201,
        ...(isOffered(declaration, "get") ? { location: `${path}/{id}` } : {}),
      },
      z.strictObject(fields),
      shown,
      ["not-found", "already-exists", "limit-reached"],
      onDuplicate !== "refuse",
    ),
    update: made(
      "update",
      `Change one ${item}`,
      { ...one, ...change, method: "PATCH" },
      z.strictObject({ id, ...changedFields(declaration), expectedVersion: version }),
      shown,
      ["not-found", "already-exists", "precondition-failed"],
      true,
    ),
    remove: made(
      "remove",
      `Remove one ${item}`,
      { ...one, ...change, method: "DELETE" },
      z.strictObject({ id, expectedVersion: version }),
      z.null(),
      ["not-found", "precondition-failed"],
      true,
    ),
  };
}

export function isOffered(
  { operations: offered = operations }: Pick<ResourceDeclaration, "operations">,
  operation: Operation,
): boolean {
  return offered.includes(operation);
}

function listParams({ fields, filters = [], sorts = ["-createdAt"] }: ResourceDeclaration): z.ZodObject {
  const terms = sorts.map((term) => term.replace("-", ""));
  const filtered = filters.flatMap((field) =>
    fields[field] ? [[field, unwrapped(fields[field]).inner.optional()] as const] : [],
  );
  return z.strictObject({ ...pageParams(terms, sorts[0]), ...Object.fromEntries(filtered) });
}

function shownFields(fields: Fields): Record<string, z.ZodType> {
  return mapFields(fields, ({ inner, nullable }) => (nullable ? inner.nullable() : inner));
}

function changedFields({ fields, fixed = [] }: ResourceDeclaration): Record<string, z.ZodType> {
  const changing = Object.fromEntries(Object.entries(fields).filter(([field]) => !fixed.includes(field)));
  return mapFields(changing, ({ inner, nullable }) =>
    nullable ? inner.nullable().optional() : inner.optional(),
  );
}

function mapFields(
  fields: Fields,
  map: (field: ReturnType<typeof unwrapped>) => z.ZodType,
): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, map(unwrapped(schema))]));
}

function pascalCase(words: string): string {
  return words.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
