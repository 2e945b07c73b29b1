import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import type { Input } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { callerOf, join, newMerchant, verifiedPerson } from "../support/merchant-of.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const gbp = (amount: number) => ({ amount, currency: "GBP" });
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const tenPercent = { kind: "percent", basisPoints: 1000 } as const;
const newCode = () => `M-${newId().slice(-12)}`.toUpperCase();

let shop: Shop;
let merchantId: string;
let potter: UserCaller;
let bookseller: UserCaller;
let pot: string;
let book: string;

beforeAll(async () => {
  // The mall has staff's coupons without an end approved.
  const env = { SWEEP_INTERVAL_SECONDS: "3600", SHIPPING_MINOR: "0", FOUR_EYES_FROM_MINOR: "100" };
  shop = await startShop({ env });
  const [one, other] = [await newPerson(shop), await newPerson(shop)];
  merchantId = await newMerchant(shop, one);
  await newMerchant(shop, other);
  potter = await callerOf(shop, one);
  bookseller = await callerOf(shop, other);
  pot = await onSale("Pot", potter);
  book = await onSale("Book", bookseller);
});
afterAll(() => shop?.stop());

/** @returns the variant, at 10.00 */
async function onSale(name: string, as: UserCaller): Promise<string> {
  const product = { slug: `p-${newId()}`, name, status: "published" } as const;
  const variants = [{ sku: `S-${newId()}`, priceMinor: 1000 }];
  const made = await shop.call("catalog.products.create", { ...product, variants }, { as });
  const variantId = made.variants[0]?.id ?? "";
  const delivery = { variantId, kind: "receive", quantity: 100, reason: "delivery" } as const;
  await shop.call("catalog.stock.change", delivery, { as });
  return variantId;
}

const make = (terms: Partial<Input<"orders.coupons.create">> = {}, as?: UserCaller) =>
  shop.call("orders.coupons.create", { code: newCode(), discount: tenPercent, ...terms }, as && { as });

async function cartOf(as: UserCaller, ...variantIds: string[]): Promise<string> {
  const { id } = await shop.call("cart.create", {}, { as });
  for (const variantId of variantIds)
    await shop.call("cart.items.add", { id, variantId, quantity: 1 }, { as });
  return id;
}

async function buy(as: UserCaller, cartId: string, total: number) {
  const order = { cartId, idempotencyKey: newId(), total: gbp(total), shippingAddress: address };
  const placed = await shop.call("orders.place", order, { as });
  await shop.call("orders.payments.record", { id: placed.id, idempotencyKey: newId() });
  await shop.settled();
  return placed;
}

const entriesOf = async (id: string) => {
  const { items } = await shop.call("settlements.ledger.list", { merchantId: id, sort: "-sequence" });
  return items[0]?.entries;
};

test("a merchant's coupon discounts its goods only, and the merchant bears the discount", async () => {
  const own = await make({}, potter);
  expect(own).toMatchObject({ merchantId, uses: 0 });
  const buyer = await callerOf(shop, await newPerson(shop));
  const cartId = await cartOf(buyer, pot, book);
  await shop.call("cart.coupon.apply", { id: cartId, code: own.code }, { as: buyer });
  const quote = await shop.call("cart.quote", { id: cartId, country: "GB" }, { as: buyer });
  expect(quote).toMatchObject({ discount: gbp(100), total: gbp(1900) });
  const { lines } = await buy(buyer, cartId, 1900);
  expect(lines.map(({ merchantId: seller, discount }) => [seller === merchantId, discount.amount])).toEqual([
    [true, 100],
    [false, 0],
  ]);
  expect(await entriesOf(merchantId)).toMatchObject({ receipts: 900, pending: -810, commission: -90 });
  expect((await entriesOf(merchantId))?.discounts ?? 0).toBe(0);
});

test("the mall bears the discounts of its own coupons, also for one merchant's goods", async () => {
  const scope = { kind: "merchants" as const, ids: [merchantId] };
  const { code } = await make({ scope });
  const buyer = await callerOf(shop, await newPerson(shop));
  const cartId = await cartOf(buyer, pot, book);
  await shop.call("cart.coupon.apply", { id: cartId, code }, { as: buyer });
  await buy(buyer, cartId, 1900);
  expect(await entriesOf(merchantId)).toMatchObject({
    receipts: 900,
    discounts: 100,
    pending: -900,
    commission: -100,
  });
});

test("members see and change their merchant's coupons; another's and the mall's are not there", async () => {
  const { code } = await make({}, potter);
  const mall = await make();
  expect(mall.merchantId).toBeNull();
  const change = { code, expectedVersion: 1, active: false };
  for (const [as, foreign] of [
    [bookseller, code],
    [potter, mall.code],
  ] as const)
    for (const attempt of [
      shop.call("orders.coupons.get", { code: foreign }, { as }),
      shop.call("orders.coupons.update", { ...change, code: foreign }, { as }),
      shop.call("orders.coupons.remove", { code: foreign }, { as }),
    ])
      await expect(attempt).rejects.toMatchObject({ type: "not-found" });
  await expect(make({ merchantId }, bookseller)).rejects.toMatchObject({ type: "not-found" });
  const seen = async (params: Input<"orders.coupons.list">, as?: UserCaller) =>
    (await shop.call("orders.coupons.list", params, as && { as })).items.map((coupon) => coupon.code);
  expect(await seen({}, potter)).toContain(code);
  expect(await seen({}, potter)).not.toContain(mall.code);
  expect(await seen({}, bookseller)).toEqual([]);
  expect(await seen({ merchantId }, bookseller)).toEqual([]);
  expect(await seen({ merchantId })).toContain(code);
  expect(await seen({})).toEqual(expect.arrayContaining([code, mall.code]));

  expect(await shop.call("orders.coupons.update", change, { as: potter })).toMatchObject({ active: false });
  await shop.call("orders.coupons.remove", { code }, { as: potter });
  await shop.settled();
  const { items } = await shop.call("audit.list", { entity: "coupon", actorId: potter.userId, limit: 3 });
  expect(items.map(({ details }) => details["change"])).toEqual(["removed", "updated", "created"]);
});

test("a merchant pays for its coupons, so the mall approves only those that its staff make", async () => {
  await expect(make({ perCustomerLimit: 1 }, potter)).resolves.toMatchObject({ merchantId });
  const desk = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] } as const;
  for (const whose of [null, merchantId])
    await expect(make({ merchantId: whose }, desk)).rejects.toMatchObject({ type: "approval-required" });
});

test("roles that do not work on orders make none", async () => {
  const merchandiser = await verifiedPerson(shop);
  await join(shop, merchantId, merchandiser, "merchandiser");
  const as = await callerOf(shop, merchandiser);
  await expect(make({}, as)).rejects.toMatchObject({ type: "forbidden" });
});

test("a suspended merchant's coupon does not apply until it is resumed", async () => {
  const { code } = await make({}, potter);
  const buyer = await callerOf(shop, await newPerson(shop));
  const cartId = await cartOf(buyer, pot, book);
  await shop.call("cart.coupon.apply", { id: cartId, code }, { as: buyer });
  const outcome = async () =>
    (await shop.call("cart.quote", { id: cartId, country: "GB" }, { as: buyer })).coupon?.reason;
  expect(await outcome()).toBeNull();
  await shop.call("merchants.suspend", { id: merchantId, reason: "Complaints" });
  await shop.settled();
  expect(await outcome()).toBe("nothing-eligible");
  await shop.call("merchants.resume", { id: merchantId });
  await shop.settled();
  expect(await outcome()).toBeNull();
});

test("the books agree with all of it", async () => {
  const { findings } = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 0 });
  expect(findings.filter(({ broken }) => broken > 0)).toEqual([]);
});

test("the books notice when the mall bears a merchant's discount", async () => {
  const { database } = shop.broker.getLocalService("settlements") as Service & ServiceWithDatabase;
  const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
  const spoil = "UPDATE sales SET borne_by_mall = 100 WHERE merchant_id = ? AND borne_by_mall = 0";
  await database.transaction(origin, (tx) => database.execute(spoil, [merchantId], tx));
  const { findings } = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 0 });
  const broken = findings.flatMap((finding) => (finding.broken > 0 ? [finding.code] : []));
  expect(broken.toSorted()).toEqual(["settlements.orders", "settlements.sales"]);
});
