import type { ActionContext } from "../service/action-runtime.ts";
import type { ActionName, EventName, EventPayload } from "../contract/calls.ts";
import type { Caller } from "../contract/caller.ts";
import { ownerFilter } from "../contract/caller.ts";
import { difference } from "../contract/changes.ts";
import { ShopError } from "../contract/errors.ts";
import type { PageRequest } from "../contract/paging.ts";
import type { Tx } from "../database/database.ts";
import type { Operation, ResourceDeclaration } from "./declaration.ts";
import { accessOf } from "./declaration.ts";
import type { ResourceRow, ResourceRows, Values } from "./resource-rows.ts";
import { presentRow } from "./resource-rows.ts";
import { assertVersion } from "../contract/if-match.ts";

/** Subset of an action's context that the standard operations use. */
export type OperationContext = Pick<ActionContext<ActionName>, "now" | "transaction"> & {
  readonly params: Values;
  readonly caller: Caller;
};

/** Standard operations. */
export type Handlers = Readonly<Record<Operation, (context: OperationContext) => Promise<unknown>>>;

export function resourceHandlers(declaration: ResourceDeclaration, rows: ResourceRows): Handlers {
  const { name, owner, audited, unique = [], onDuplicate = "refuse", limit, item } = declaration;

  /** Owner that the operation is restricted to; undefined for unrestricted access. */
  const ownerOf = (operation: Operation, caller: Caller): string | undefined => {
    const access = accessOf(declaration, operation);
    if (!owner || caller.kind === "guest") return undefined;
    if (access === "signed-in") return caller.kind === "user" ? caller.userId : undefined;
    return typeof access === "object" && "ownerOr" in access
      ? ownerFilter(caller, access.ownerOr)
      : undefined;
  };
  const publish = (
    tx: Tx,
    change: "created" | "updated" | "removed",
    before: ResourceRow | undefined,
    after: ResourceRow | undefined,
  ) => {
    const row = after ?? before;
    if (audited === false || !row) return;
    const payload = {
      id: row.id,
      ...(row.ownerId === undefined ? snapshotsOf(before, after) : { ownerId: row.ownerId }),
    };
    tx.publish(`${name}.${change}` as EventName, payload as EventPayload<EventName>);
  };
  const find = async (
    operation: Operation,
    { params, caller }: OperationContext,
    tx?: Tx,
  ): Promise<ResourceRow> => {
    const row = await rows.find(String(params["id"]), ownerOf(operation, caller), tx);
    if (!row) throw new ShopError("not-found");
    if (tx) assertVersion(row, params);
    return row;
  };
  const duplicate = () =>
    new ShopError("already-exists", undefined, {
      errors: unique.map((path) => ({
        path,
        code: "already-exists",
        message: `there is one ${item} with it already`,
      })),
    });

  const renew = async (row: ResourceRow, values: Values, now: number, tx: Tx): Promise<ResourceRow> => {
    const renewed = await rows.update(row, values, now, tx);
    if (typeof renewed === "string") throw new ShopError("unavailable", undefined, { cause: "database" });
    publish(tx, "updated", row, renewed);
    return renewed;
  };
  const insert = async (
    values: Values,
    ownerId: string | undefined,
    now: number,
    tx: Tx,
  ): Promise<ResourceRow | undefined> => {
    if (
      limit?.beyond === "refuse" &&
      ownerId !== undefined &&
      (await rows.lockAndCount(ownerId, tx)) >= limit.rows
    )
      throw new ShopError("limit-reached", `There can be at most ${limit.rows}`, { limit: limit.rows });
    const row = await rows.insert(values, ownerId, now, tx);
    if (!row) return undefined;
    if (limit?.beyond === "drop-oldest" && ownerId !== undefined)
      await rows.removeBeyond(ownerId, limit.rows, tx);
    publish(tx, "created", undefined, row);
    return row;
  };

  return {
    async list({ params, caller }) {
      const page = await rows.list(ownerOf("list", caller), params as PageRequest & Values);
      return { ...page, items: page.items.map(presentRow) };
    },
    get: async (context) => presentRow(await find("get", context)),
    async create({ params, caller, now, transaction }) {
      if (owner && caller.kind !== "user")
        throw new ShopError("forbidden", "Only a user has this; call it on a user's behalf");
      const ownerId = owner && caller.kind === "user" ? caller.userId : undefined;
      const row = await transaction(async (tx) => {
        const existing = async () =>
          onDuplicate === "refuse" ? undefined : rows.findDuplicate(params, ownerId, tx);
        const known = await existing();
        const inserted = known ? undefined : await insert(params, ownerId, now, tx);
        // A concurrent request may have inserted it since.
        const kept = known ?? (inserted ? undefined : await existing());
        if (!kept) return inserted;
        return onDuplicate === "renew" ? renew(kept, params, now, tx) : kept;
      });
      if (!row) throw duplicate();
      return presentRow(row);
    },
    update: async (context) =>
      context.transaction(async (tx) => {
        const before = await find("update", context, tx);
        const { id: _id, expectedVersion: _version, ...values } = context.params;
        if (!difference(before.values, { ...before.values, ...values })) return presentRow(before);
        const after = await rows.update(before, values, context.now, tx);
        if (after === "stale") throw new ShopError("precondition-failed");
        if (after === "duplicate") throw duplicate();
        publish(tx, "updated", before, after);
        return presentRow(after);
      }),
    remove: async (context) =>
      context.transaction(async (tx) => {
        const row = await find("remove", context, tx);
        if (!(await rows.remove(row, tx))) throw new ShopError("precondition-failed");
        publish(tx, "removed", row, undefined);
        return null;
      }),
  };
}

/** Before and after of a change. Used for rows without an owner only: the audit trail cannot erase personal data. */
function snapshotsOf(
  before: ResourceRow | undefined,
  after: ResourceRow | undefined,
): { before?: Values; after?: Values } {
  if (before && after) return difference(before.values, after.values) ?? {};
  return { ...(before ? { before: before.values } : {}), ...(after ? { after: after.values } : {}) };
}
