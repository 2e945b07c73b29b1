import type { ServiceBroker } from "moleculer";
import { z } from "zod";
import type { Caller } from "../../services/contract/caller.ts";
import type { ActionContract } from "../../services/contract/contract.ts";
import { newId } from "../../services/contract/ids.ts";
import type { Permission } from "../../services/contract/permissions.ts";
import { permissions } from "../../services/contract/permissions.ts";
import { allContracts } from "../../services/contracts.ts";
import { BusyShop } from "./busy-shop.ts";
import { customer, operator } from "./shop.ts";

const visits = 40;
const pageLength = 2;

/** Someone who may do everything, and has things of their own. */
const everybody: Caller = { ...customer(), role: "administrator", permissions: Object.keys(permissions) as Permission[] };

/** What lists are asked for, by the param's name. A list with a param that is not here fails the tour: none is left out. */
function filters(known: { readonly category: string; readonly variantId: string; readonly productId: string }): Readonly<Record<string, readonly unknown[]>> {
  const long = new Date(0).toISOString();
  return {
    q: ["product", "product s", "no", "no sku"],
    category: [known.category],
    parent: [known.category],
    productId: [known.productId],
    variantId: [known.variantId],
    minPrice: [500],
    maxPrice: [100_000],
    inStock: [true, false],
    kind: ["receive"],
    status: ["published", "placed", "active", "archived", "placed,paid"],
    unshipped: [true],
    number: ["K7Q2-9XMD"],
    customerId: [newId()],
    placedFrom: [long],
    placedBefore: [new Date().toISOString()],
    minTotal: [1],
    maxTotal: [1_000_000],
    sku: ["SKU-7"],
    active: [true, false],
    state: ["queued"],
    type: ["orders.placed"],
    entity: ["order"],
    entityId: [newId()],
    actorId: [newId()],
    from: [long],
    before: [new Date().toISOString()],
    email: ["ada@example.org"],
    role: ["customer"],
  };
}

/** Has things sold, and then reads every list with every filter, in every order, from the first page and from the next. */
export async function tourTheShop(broker: ServiceBroker): Promise<void> {
  const shop = new BusyShop(broker, madeUpChance(7));
  const category = `category-${newId()}`;
  await shop.call("catalog.categories.create", { slug: category, name: "Category" });
  const [variantId = ""] = await shop.stock(50, 50, 0, 5);
  await shop.issue(100, 3);
  for (let visit = 0; visit < visits; visit += 1) await shop.visit();
  const { productId } = await shop.call("catalog.variants.get", { id: variantId });
  const known = filters({ category, variantId, productId });
  for (const contract of allContracts)
    for (const [key, { params }] of Object.entries<ActionContract>(contract.actions))
      if (isList(params)) await readList(broker, `${contract.name}.${key}`, params, known);
}

function isList(params: z.ZodType): params is z.ZodObject {
  return params instanceof z.ZodObject && "sort" in params.shape && "cursor" in params.shape;
}

const paging = new Set(["limit", "cursor", "sort", "count"]);

async function readList(broker: ServiceBroker, name: string, params: z.ZodObject, known: Readonly<Record<string, readonly unknown[]>>): Promise<void> {
  const fields = Object.keys(params.shape).filter((field) => !paging.has(field));
  const values = new Map(fields.map((field) => [field, (known[field] ?? []).filter((value) => params.shape[field] && accepts(params.shape[field], value))]));
  for (const [field, possible] of values) if (possible.length === 0) throw new Error(`the tour does not know what to ask ${name} for as ${field}`);
  const needed = Object.fromEntries(fields.filter((field) => params.shape[field] && !accepts(params.shape[field], undefined)).map((field) => [field, values.get(field)?.[0]]));
  const narrowed = [{}, ...[...values].flatMap(([field, possible]) => possible.map((value) => ({ [field]: value })))];
  for (const narrow of narrowed)
    for (const sort of sortsOf(params))
      for (const caller of [operator, everybody]) {
        const asked = { ...needed, ...narrow, sort, limit: pageLength };
        const first = await read(broker, name, { ...asked, count: true }, caller);
        if (first?.nextCursor) await read(broker, name, { ...asked, cursor: first.nextCursor }, caller);
      }
}

/** @returns undefined when the caller is none who can ask for it */
async function read(broker: ServiceBroker, name: string, params: object, caller: Caller): Promise<{ nextCursor: string | null } | undefined> {
  try {
    return await broker.call<{ nextCursor: string | null }, object>(name, params, { meta: { caller } });
  } catch (error) {
    if (error instanceof Error && "type" in error && ["unauthenticated", "forbidden", "not-found"].includes(String(error.type))) return undefined;
    throw error;
  }
}

function accepts(field: z.core.$ZodType, value: unknown): boolean {
  return z.safeParse(field, value).success;
}

/** Every way in which it can be sorted, as its declaration says. */
function sortsOf(params: z.ZodObject): string[] {
  const { description = "" } = z.toJSONSchema(params.shape["sort"] as z.ZodType, { io: "input", unrepresentable: "any" });
  const [, list = ""] = /: ([\w, ]+);/.exec(description) ?? [];
  return list.split(", ").flatMap((name) => [name, `-${name}`]);
}

/** Numbers from 0 to 1 that are the same each time. */
function madeUpChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
