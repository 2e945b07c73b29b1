import type { ServiceBroker } from "moleculer";
import { z } from "zod";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { ActionContract } from "../../mixins/contract/contract.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import { permissions } from "../../mixins/contract/permissions.ts";
import { receive } from "./buyers.ts";
import { ShopTraffic } from "./shop-traffic.ts";
import { customer, operator } from "./shop.ts";
import { allContracts } from "./all-contracts.ts";
import { application } from "./merchant-of.ts";

const visits = 40;
const pageLength = 2;

/** A caller with all permissions and their own data. */
const administrator: Caller = {
  ...customer(),
  role: "administrator",
  permissions: Object.keys(permissions) as Permission[],
};

/** Values of list filters by param name. A param without one fails the tour, so that none is skipped. */
function filters(known: {
  readonly category: string;
  readonly collection: string;
  readonly variantId: string;
  readonly productId: string;
  readonly brand: string;
  readonly attribute: string;
  readonly number: string;
  readonly reviewId: string;
  readonly merchantId: string;
  readonly merchantCategory: string;
  readonly webhookId: string;
}): Readonly<Record<string, readonly unknown[]>> {
  const long = new Date(0).toISOString();
  const today = new Date().toISOString().slice(0, 10);
  return {
    q: ["product", "product s", "no", "no sku"],
    category: [known.category],
    collection: [known.collection],
    parent: [known.category],
    productId: [known.productId],
    variantId: [known.variantId],
    minPrice: [500],
    maxPrice: [100_000],
    inStock: [true, false],
    kind: ["receive", "exchange", "sale"],
    status: [
      "published",
      "placed",
      "active",
      "archived",
      "placed,paid",
      "pending",
      "paid",
      "requested",
      "waiting",
    ],
    orderId: [newId()],
    zoneId: [newId()],
    dueBefore: [new Date().toISOString()],
    unshipped: [true],
    unread: [true, false],
    number: ["K7Q2-9XMD"],
    customerId: [newId()],
    placedFrom: [long],
    placedBefore: [new Date().toISOString()],
    minTotal: [1],
    maxTotal: [1_000_000],
    sku: ["SKU-7"],
    active: [true, false],
    state: ["queued", "pending", "published", "to-receive", "closed", "usable", "used", "expired"],
    name: ["Shop"],
    type: ["orders.placed"],
    entity: ["order"],
    entityId: [newId()],
    actorId: [newId()],
    from: [long, today],
    to: [today],
    merchantId: ["shop", known.merchantId],
    merchant: [known.merchantId],
    merchantCategory: [known.merchantCategory],
    before: [new Date().toISOString()],
    email: ["ada@example.org"],
    role: ["customer"],
    idOrSlug: [known.productId],
    id: [known.webhookId, known.reviewId],
    subjectId: [known.reviewId],
    rating: [5],
    withPictures: [true],
    locale: ["ja"],
    highlight: [true],
    brand: [known.brand],
    tag: ["new"],
    attr: [{ [known.attribute]: "red,blue" }, { [known.number]: "1..20" }],
    facets: [`brand,tag,price,category,attr.${known.attribute},attr.${known.number}`],
  };
}

/** Sells goods, then reads every list with every filter and every sort order, the first page and the next. */
export async function readEveryList(broker: ServiceBroker): Promise<void> {
  const shop = new ShopTraffic(broker, seededRandom(7));
  const category = `category-${newId()}`;
  await shop.call("catalog.categories.create", { slug: category, name: "Category" });
  const collection = `collection-${newId()}`;
  const rule = { match: "all", conditions: [{ on: "price" }] } as const;
  await shop.call("catalog.collections.create", { slug: collection, name: "Everything", rule });
  const [variantId = ""] = await shop.stock(50, 50, 0, 5);
  await shop.issue(100, 3);
  for (let visit = 0; visit < visits; visit += 1) await shop.visit();
  const { productId } = await shop.call("catalog.variants.get", { id: variantId });
  const has = await giveFacets(shop, productId);
  await tuneSearch(shop, productId);
  const reviewId = await reviewGoods(shop, productId, variantId);
  const trade = await tradeGoods(shop);
  const webhookId = await tellOthers(shop);
  const known = filters({
    category,
    collection,
    variantId,
    productId,
    reviewId,
    webhookId,
    ...has,
    ...trade,
  });
  for (const contract of allContracts)
    for (const [key, { params }] of Object.entries<ActionContract>(contract.actions))
      if (isList(params)) await readList(broker, `${contract.name}.${key}`, params, known);
}

/** Some buyers review a product and talk about it. @returns one of the reviews */
async function reviewGoods(shop: ShopTraffic, productId: string, variantId: string): Promise<string> {
  const lines = await Promise.all([1, 2, 3].map(() => receive(shop, variantId)));
  await shop.settled();
  const made = await Promise.all(
    lines.map(({ buyer, lineId }) => shop.call("reviews.create", { productId, lineId, rating: 5 }, buyer)),
  );
  const id = made[0]?.id ?? "";
  const other = await shop.newCustomer();
  for (const text of ["Which?", "When?", "How?"])
    await shop.call("reviews.replies.create", { id, text }, other);
  await shop.call("reviews.votes.put", { id, vote: "up" }, other);
  await shop.call("reviews.reports.create", { id, reason: "spam" }, other);
  return id;
}

/** A merchant with a category of its own. */
async function tradeGoods(shop: ShopTraffic): Promise<{ merchantId: string; merchantCategory: string }> {
  const { id: merchantId } = await shop.call("merchants.apply", application(), await shop.newCustomer());
  await shop.call("merchants.approve", { id: merchantId });
  await shop.settled();
  const own = await shop.call("catalog.merchant-categories.create", { merchantId, name: "Pots" });
  return { merchantId, merchantCategory: own.id };
}

/** A webhook that past events wait for. */
async function tellOthers(shop: ShopTraffic): Promise<string> {
  const hook = { url: "https://hooks.example.com/", events: ["*"], enabled: false };
  const { id } = await shop.call("webhooks.create", hook);
  await shop.call("merchants.apply", application(), await shop.newCustomer());
  await shop.settled();
  await shop.call("webhooks.replay", {
    id,
    from: new Date(0).toISOString(),
    before: new Date().toISOString(),
  });
  return id;
}

/** Lets one of the searches find what another one says, and shows a product first in it. */
async function tuneSearch(shop: ShopTraffic, productId: string): Promise<void> {
  const { items } = await shop.call("catalog.pins.list", {});
  if (items.length > 0) return;
  await shop.call("catalog.synonyms.create", { words: ["product", "no sku"] });
  await shop.call("catalog.pins.create", { query: "product", productIds: [productId] });
}

/** Gives a product what lists are filtered and counted by. */
async function giveFacets(
  shop: ShopTraffic,
  productId: string,
): Promise<{ brand: string; attribute: string; number: string }> {
  const suffix = newId().replaceAll("-", "");
  const [attribute, number, brand] = [`colour_${suffix}`, `weight_${suffix}`, `brand-${suffix}`];
  await shop.call("catalog.attributes.create", {
    code: attribute,
    name: "Colour",
    kind: "choice",
    choices: [{ code: "red", label: "Red" }],
  });
  await shop.call("catalog.attributes.create", { code: number, name: "Weight", kind: "number" });
  const attributes = [{ code: attribute }, { code: number }];
  const type = await shop.call("catalog.types.create", { slug: `type-${suffix}`, name: "Type", attributes });
  const { id: brandId } = await shop.call("catalog.brands.create", { slug: brand, name: "Brand" });
  const { version } = await shop.call("catalog.products.get", { idOrSlug: productId });
  await shop.call("catalog.products.update", {
    id: productId,
    brandId,
    tags: ["new"],
    typeId: type.id,
    attributes: { [attribute]: "red", [number]: 10 },
    expectedVersion: version,
  });
  return { brand, attribute, number };
}

function isList(params: z.core.$ZodType): params is z.ZodObject {
  return params instanceof z.ZodObject && "sort" in params.shape && "cursor" in params.shape;
}

const paging = new Set(["limit", "cursor", "sort", "count"]);

async function readList(
  broker: ServiceBroker,
  name: string,
  params: z.ZodObject,
  known: Readonly<Record<string, readonly unknown[]>>,
): Promise<void> {
  const fields = Object.keys(params.shape).filter((field) => !paging.has(field));
  const values = new Map(
    fields.map((field) => [
      field,
      (known[field] ?? []).filter((value) => params.shape[field] && accepts(params.shape[field], value)),
    ]),
  );
  for (const [field, possible] of values)
    if (possible.length === 0) throw new Error(`the tour does not know what to ask ${name} for as ${field}`);
  const needed = Object.fromEntries(
    fields
      .filter((field) => params.shape[field] && !accepts(params.shape[field], undefined))
      .map((field) => [field, values.get(field)?.[0]]),
  );
  const narrowed = [
    {},
    ...[...values].flatMap(([field, possible]) =>
      possible.map((value) => ({ ...companionOf(field, values), [field]: value })),
    ),
  ];
  for (const narrow of narrowed)
    for (const sort of [...sortsOf(params), ...("q" in narrow ? ["relevance"] : [])])
      for (const caller of [operator, administrator]) {
        const asked = { ...needed, ...narrow, sort, limit: pageLength };
        const first = await read(broker, name, { ...asked, count: true }, caller);
        if (first?.nextCursor) await read(broker, name, { ...asked, cursor: first.nextCursor }, caller);
      }
}

/** What a filter is asked with: the state of orders is that of a customer's. */
function companionOf(
  field: string,
  values: ReadonlyMap<string, readonly unknown[]>,
): Readonly<Record<string, unknown>> {
  const [customerId] = values.get("customerId") ?? [];
  return field === "state" && customerId !== undefined ? { customerId } : {};
}

/** @returns undefined for a caller without access */
async function read(
  broker: ServiceBroker,
  name: string,
  params: object,
  caller: Caller,
): Promise<{ nextCursor: string | null } | undefined> {
  try {
    return await broker.call<{ nextCursor: string | null }, object>(name, params, { meta: { caller } });
  } catch (error) {
    if (
      error instanceof Error &&
      "type" in error &&
      ["unauthenticated", "forbidden", "not-found"].includes(String(error.type))
    )
      return undefined;
    throw error;
  }
}

function accepts(field: z.core.$ZodType, value: unknown): boolean {
  return z.safeParse(field, value).success;
}

/** All sort orders declared in the contract. */
function sortsOf(params: z.ZodObject): string[] {
  const { description = "" } = z.toJSONSchema(params.shape["sort"] as z.core.$ZodType, {
    io: "input",
    unrepresentable: "any",
  });
  const [, list = ""] = /: ([\w, ]+);/.exec(description) ?? [];
  return list.split(", ").flatMap((name) => [name, `-${name}`]);
}

/** Seeded pseudo-random numbers in [0, 1). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
