import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Context, ServiceBroker } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Tx } from "../../mixins/database/database.ts";
import { maxItems, maxQuantity } from "../../services/cart/cart.contract.ts";
import { FilledCarts } from "../../services/cart/filled-carts.ts";
import { CartRepository } from "../../services/cart/data/cart-repository.ts";
import { removeExpiredCarts } from "../../services/cart/jobs/remove-expired-carts.job.ts";
import { catalog } from "../../services/catalog/catalog.contract.ts";
import type { Input, Params, Result } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { checkParams } from "../../mixins/contract/validate.ts";
import { couponRefusals } from "../../services/orders/contract/coupons.ts";
import { orders } from "../../services/orders/orders.contract.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";

type Variant = Result<"catalog.variants.lookup">[number];
type Cart = Result<"cart.get">;

const day = 24 * 60 * 60 * 1000;
const gbp = (amount: number) => ({ amount, currency: "GBP" });

describe("carts", () => {
  let shop: Shop;
  /** Variants of the fake catalogue, and whether it responds. */
  const shelf = new Map<string, Variant>();
  let catalogIsAway = false;
  /** The latest pricing request to the orders service, without its lines. */
  let asked: object = {};

  beforeAll(async () => {
    shop = await startShop({ services: ["cart"], prepare: addStandIns });
  });
  afterAll(() => shop.stop());

  function addStandIns(broker: ServiceBroker): void {
    broker.createService({
      name: "catalog",
      actions: {
        "variants.lookup": (ctx: Context<Params<"catalog.variants.lookup">>) => {
          if (catalogIsAway) throw new ShopError("unavailable");
          const { ids } = checkParams(catalog.actions["variants.lookup"].params, ctx.params);
          return ids.flatMap((id) => shelf.get(id) ?? []);
        },
      },
    });
    broker.createService({
      name: "orders",
      actions: {
        price: (ctx: Context<Params<"orders.price">>) => {
          const { lines, couponCode, country, customerId } = checkParams(
            orders.actions.price.params,
            ctx.params,
          );
          asked = { couponCode, country, customerId };
          const subtotal = lines.reduce(
            (sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount,
            0,
          );
          const coupon = couponCode === null ? null : outcomeOf(couponCode);
          const [discount, shipping, tax] = [gbp(coupon?.reason === null ? 500 : 0), gbp(495), gbp(100)];
          const total = gbp(subtotal - discount.amount + 495);
          return { subtotal: gbp(subtotal), discount, shipping, tax, total, coupon, parts: [] };
        },
      },
    });
  }

  /** Codes that start with a reason are refused for it; others give 5.00. */
  function outcomeOf(code: string): Result<"orders.price">["coupon"] {
    const reason = couponRefusals.find((refusal) => code.startsWith(refusal.toUpperCase())) ?? null;
    return { code, reason, minimumSubtotal: reason === "minimum-not-reached" ? gbp(5000) : null };
  }

  /** Adds a variant to the fake catalogue. */
  function newVariant(changes: Partial<Variant> = {}): string {
    const variantId = newId();
    const product = { productId: newId(), productSlug: "mug", merchantId: null, name: "Mug" };
    const shown = { ...product, sku: "MUG", options: { size: "M" } };
    shelf.set(variantId, { variantId, ...shown, price: gbp(1000), onSale: true, available: 10, ...changes });
    return variantId;
  }

  function change(variantId: string, changes: Partial<Variant>): void {
    const variant = shelf.get(variantId);
    if (variant) shelf.set(variantId, { ...variant, ...changes });
  }

  /** Operations on one cart by its owner. */
  function onCart(id: string, as: Caller, cartToken?: string) {
    const access = { id, cartToken };
    return {
      id,
      as,
      cartToken: cartToken ?? "",
      get: () => shop.call("cart.get", access, { as }),
      add: (variantId: string, quantity = 1, expectedVersion?: number) =>
        shop.call("cart.items.add", { ...access, variantId, quantity, expectedVersion }, { as }),
      change: (itemId: string, quantity: number, expectedVersion?: number) =>
        shop.call("cart.items.change", { ...access, itemId, quantity, expectedVersion }, { as }),
      takeOut: (itemId: string, expectedVersion?: number) =>
        shop.call("cart.items.remove", { ...access, itemId, expectedVersion }, { as }),
      quote: (country?: string, items?: string) =>
        shop.call("cart.quote", { ...access, country, items }, { as }),
      apply: (code: string, expectedVersion?: number) =>
        shop.call("cart.coupon.apply", { ...access, code, expectedVersion }, { as }),
      takeCouponOff: () => shop.call("cart.coupon.remove", access, { as }),
      snapshot: (items?: string[]) => shop.call("cart.snapshot", { ...access, items }, { as }),
      remove: () => shop.call("cart.remove", access, { as }),
    };
  }

  async function guestCart() {
    const { id, token } = await shop.call("cart.create", {}, { as: guest });
    return onCart(id, guest, token ?? "");
  }

  async function customerCart(as = customer()) {
    const { id } = await shop.call("cart.create", {}, { as });
    return onCart(id, as);
  }

  const onlyItem = ({ items: [item] }: Cart) => {
    if (!item) throw new Error("the cart is empty");
    return item;
  };
  const contents = (cart: Cart) =>
    Object.fromEntries(cart.items.map((item) => [item.variantId, item.quantity]));
  const notFound = { type: "not-found" };

  const database = () => (shop.broker.getLocalService("cart") as ServiceWithDatabase).database;
  const transaction = <T>(work: (tx: Tx) => Promise<T>) =>
    database().transaction({ actor: { kind: "operator", id: "test" }, requestId: "test" }, work);
  const setExpiry = (cartId: string, expiresAt: number) =>
    transaction((tx) =>
      database().execute("UPDATE carts SET expires_at = ? WHERE id = ?", [expiresAt, cartId], tx),
    );
  const countIn = async (table: "carts" | "cart_items", cartId: string) => {
    const column = table === "carts" ? "id" : "cart_id";
    return (await database().select(`SELECT id FROM ${table} WHERE ${column} = ?`, [cartId])).length;
  };

  describe("getting one", () => {
    test("a guest gets a new, empty cart each time, with a token shown this once", async () => {
      const cart = await shop.call("cart.create", {}, { as: guest });
      expect(cart).toMatchObject({ owner: "guest", items: [], subtotal: gbp(0), version: 1 });
      expect(cart.token).toMatch(/^[\w-]{43}$/);
      const shown = await onCart(cart.id, guest, cart.token ?? "").get();
      expect({ ...shown, token: cart.token }).toEqual(cart);
      expect((await guestCart()).id).not.toBe(cart.id);
    });

    test("the token is not kept, only its hash", async () => {
      const { id, cartToken } = await guestCart();
      const rows = await database().select<{ token_hash: string }>(
        "SELECT token_hash FROM carts WHERE id = ?",
        [id],
      );
      expect(rows).toEqual([{ token_hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
      expect(JSON.stringify(rows)).not.toContain(cartToken);
    });

    test("a customer has one cart and needs no token, however often and however many at once they ask", async () => {
      const as = customer();
      const carts = await Promise.all(Array.from({ length: 20 }, () => shop.call("cart.create", {}, { as })));
      expect(new Set(carts.map(({ id }) => id)).size).toBe(1);
      expect(carts[0]).toMatchObject({ owner: "customer", token: null });
    });
  });

  describe("who reaches it", () => {
    test("a guest cart is accessible with its token only, logged in or not", async () => {
      const cart = await guestCart();
      await expect(onCart(cart.id, customer(), cart.cartToken).get()).resolves.toMatchObject({ id: cart.id });
      const other = await guestCart();
      const strangers = [
        onCart(cart.id, guest),
        onCart(cart.id, guest, other.cartToken),
        onCart(cart.id, guest, "' OR 1 = 1 --"),
        onCart(cart.id, customer()),
      ];
      for (const stranger of strangers) {
        await expect(stranger.get()).rejects.toMatchObject(notFound);
        await expect(stranger.quote()).rejects.toMatchObject(notFound);
        await expect(stranger.apply("SAVE-5")).rejects.toMatchObject(notFound);
        await expect(stranger.takeCouponOff()).rejects.toMatchObject(notFound);
        await expect(stranger.snapshot()).rejects.toMatchObject(notFound);
        await expect(stranger.add(newVariant())).rejects.toMatchObject(notFound);
        await expect(stranger.remove()).rejects.toMatchObject(notFound);
      }
      expect(await cart.get()).toMatchObject({ version: 1 });
    });

    test("a customer's cart: its customer alone", async () => {
      const cart = await customerCart();
      const item = onlyItem(await cart.add(newVariant()));
      for (const stranger of [
        onCart(cart.id, customer()),
        onCart(cart.id, guest),
        onCart(cart.id, guest, "guess"),
      ]) {
        await expect(stranger.get()).rejects.toMatchObject(notFound);
        await expect(stranger.change(item.id, 5)).rejects.toMatchObject(notFound);
        await expect(stranger.takeOut(item.id)).rejects.toMatchObject(notFound);
      }
      expect(onlyItem(await cart.get()).quantity).toBe(1);
    });

    test("operators look at any cart and change none", async () => {
      const operator: Caller = { kind: "operator", name: "ada" };
      const cart = await customerCart();
      await expect(onCart(cart.id, operator).get()).resolves.toMatchObject({ id: cart.id });
      await expect(onCart(cart.id, operator).add(newVariant())).rejects.toMatchObject(notFound);
      await expect(onCart(cart.id, operator).remove()).rejects.toMatchObject(notFound);
    });

    test("an item of another cart is not found in one's own", async () => {
      const [mine, theirs] = [await guestCart(), await guestCart()];
      const item = onlyItem(await theirs.add(newVariant()));
      await expect(mine.change(item.id, 5)).rejects.toMatchObject(notFound);
      await expect(mine.takeOut(item.id)).rejects.toMatchObject(notFound);
      expect(onlyItem(await theirs.get()).quantity).toBe(1);
    });

    test("params that are no strings are refused before any query", async () => {
      const { id } = await guestCart();
      const hostile = { id, cartToken: { $ne: "" } } as unknown as Params<"cart.get">;
      await expect(shop.call("cart.get", hostile, { as: guest })).rejects.toMatchObject({
        type: "validation-failed",
      });
    });
  });

  describe("changing its items", () => {
    test("an added item shows its current price and stock", async () => {
      const cart = await guestCart();
      const variantId = newVariant({ price: gbp(1250), available: 7 });
      const view = await cart.add(variantId, 2);
      expect(view).toMatchObject({ version: 2, subtotal: gbp(2500) });
      expect(onlyItem(view)).toMatchObject({
        variantId,
        quantity: 2,
        state: "ok",
        name: "Mug",
        options: { size: "M" },
        available: 7,
        unitPrice: gbp(1250),
        priceWhenAdded: gbp(1250),
        lineTotal: gbp(2500),
      });
      expect(await cart.get()).toEqual(view);
    });

    test("more of the same adds up; a quantity can be set; an item can be taken out", async () => {
      const cart = await guestCart();
      const variantId = newVariant();
      await cart.add(variantId, 2);
      const { id: itemId, quantity } = onlyItem(await cart.add(variantId, 3));
      expect(quantity).toBe(5);
      expect(onlyItem(await cart.change(itemId, 4))).toMatchObject({
        id: itemId,
        quantity: 4,
        lineTotal: gbp(4000),
      });
      expect(await cart.takeOut(itemId)).toMatchObject({ items: [], subtotal: gbp(0), version: 5 });
      await expect(cart.takeOut(itemId)).rejects.toMatchObject(notFound);
    });

    test("a variant unknown or not on sale is not-found and changes nothing", async () => {
      const cart = await guestCart();
      await expect(cart.add(newId())).rejects.toMatchObject(notFound);
      await expect(cart.add(newVariant({ onSale: false }))).rejects.toMatchObject(notFound);
      expect(await cart.get()).toMatchObject({ items: [], version: 1 });
    });

    test("beyond the maximum of a variant it is limit-reached, and the cart stays unchanged", async () => {
      const cart = await guestCart();
      const variantId = newVariant();
      await cart.add(variantId, maxQuantity);
      const tooMany = { type: "limit-reached", data: { limit: maxQuantity } };
      await expect(cart.add(variantId)).rejects.toMatchObject(tooMany);
      expect(onlyItem(await cart.get()).quantity).toBe(maxQuantity);
    });

    test("beyond the most variants it is limit-reached, also for two at once", async () => {
      const cart = await guestCart();
      for (let n = 1; n < maxItems; n += 1) await cart.add(newVariant());
      const outcomes = await Promise.allSettled([cart.add(newVariant()), cart.add(newVariant())]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      await expect(cart.add(newVariant())).rejects.toMatchObject({
        type: "limit-reached",
        data: { limit: maxItems },
      });
      expect((await cart.get()).items).toHaveLength(maxItems);
    });

    test("fifty additions of one variant at once make fifty", async () => {
      const cart = await guestCart();
      const variantId = newVariant();
      await Promise.all(Array.from({ length: 50 }, () => cart.add(variantId)));
      const view = await cart.get();
      expect(onlyItem(view).quantity).toBe(50);
      expect(view.version).toBe(51);
    });

    test("different changes at once lose nothing, and each answer shows every item's price", async () => {
      const cart = await guestCart();
      const variantIds = Array.from({ length: 20 }, () => newVariant());
      const views = await Promise.all(variantIds.map((variantId) => cart.add(variantId)));
      expect(views.every(({ items }) => items.every(({ unitPrice }) => unitPrice?.amount === 1000))).toBe(
        true,
      );
      const { items } = await cart.get();
      expect(items.map(({ variantId }) => variantId).sort()).toEqual([...variantIds].sort());
    });

    test("fifty at once, of the same and of different things, with changes and removals between, lose nothing", async () => {
      const cart = await guestCart();
      const [same, changed, removed] = [newVariant(), newVariant(), newVariant()];
      await cart.add(changed);
      const { items } = await cart.add(removed);
      const itemOf = (variantId: string) => items.find((item) => item.variantId === variantId)?.id ?? "";
      const different = Array.from({ length: 24 }, () => newVariant());
      await Promise.all([
        ...different.map((variantId) => cart.add(variantId, 3)),
        ...Array.from({ length: 24 }, () => cart.add(same, 2)),
        cart.change(itemOf(changed), 7),
        cart.takeOut(itemOf(removed)),
      ]);
      const view = await cart.get();
      const quantities = new Map(view.items.map(({ variantId, quantity }) => [variantId, quantity]));
      const wanted = [[same, 48], [changed, 7], ...different.map((variantId) => [variantId, 3])] as [
        string,
        number,
      ][];
      expect(quantities).toEqual(new Map(wanted));
      expect(view.version).toBe(53);
    });

    test("of changes that expect the same version, one is made and the others are precondition-failed", async () => {
      const cart = await guestCart();
      const { version } = await cart.add(newVariant());
      const attempts = Array.from({ length: 5 }, () => cart.add(newVariant(), 1, version));
      const refused = (await Promise.allSettled(attempts)).filter((outcome) => outcome.status === "rejected");
      expect(refused.map(({ reason }) => reason.type)).toEqual(Array(4).fill("precondition-failed"));
      const view = await cart.get();
      expect(view).toMatchObject({ version: version + 1 });
      const { id: itemId } = view.items[0] ?? { id: "" };
      await expect(cart.change(itemId, 2, version)).rejects.toMatchObject({ type: "precondition-failed" });
      await expect(cart.takeOut(itemId, version)).rejects.toMatchObject({ type: "precondition-failed" });
    });

    test("when the catalogue is away, putting in fails and adds nothing", async () => {
      const cart = await guestCart();
      const variantId = newVariant();
      await cart.add(variantId);
      catalogIsAway = true;
      try {
        await expect(cart.add(variantId)).rejects.toMatchObject({ type: "unavailable" });
        await expect(cart.get()).rejects.toMatchObject({ type: "unavailable" });
      } finally {
        catalogIsAway = false;
      }
      expect(await cart.get()).toMatchObject({ version: 2, items: [{ quantity: 1 }] });
    });

    test("a deleted cart is gone with its items; a customer gets a new one", async () => {
      const cart = await customerCart();
      await cart.add(newVariant());
      await cart.remove();
      await expect(cart.get()).rejects.toMatchObject(notFound);
      await expect(cart.remove()).rejects.toMatchObject(notFound);
      expect(await countIn("cart_items", cart.id)).toBe(0);
      expect((await customerCart(customer(cart.as.kind === "user" ? cart.as.userId : ""))).id).not.toBe(
        cart.id,
      );
    });
  });

  describe("adding several at once", () => {
    const addAll = async (
      { id, as, cartToken }: Awaited<ReturnType<typeof guestCart>>,
      items: Input<"cart.items.add">["items"],
      more: object = {},
    ) => shop.call("cart.items.add", { id, cartToken, items, ...more }, { as });

    test("adds up to a hundred in one version", async () => {
      const cart = await guestCart();
      const [mug, ...rest] = Array.from({ length: 99 }, () => newVariant());
      await cart.add(mug ?? "", 2);
      const all = [mug ?? "", mug ?? "", ...rest].map((variantId) => ({ variantId, quantity: 3 }));
      const filled = await addAll(cart, all);
      expect(filled).toMatchObject({ version: 3, items: { length: 99 } });
      expect(contents(filled)[mug ?? ""]).toBe(8);
      expect(await cart.get()).toEqual(filled);
    });

    test("adds none when one cannot be had, and names each that cannot", async () => {
      const cart = await guestCart();
      const [mug, gone, full] = [newVariant(), newVariant({ onSale: false }), newVariant()];
      await cart.add(full, maxQuantity);
      const fault = (path: string, code: string) => expect.objectContaining({ path, code });
      const some = [{ variantId: mug }, { variantId: gone }, { variantId: newId() }];
      await expect(addAll(cart, some)).rejects.toMatchObject({
        type: "validation-failed",
        data: {
          errors: [fault("items.1.variantId", "not-on-sale"), fault("items.2.variantId", "not-on-sale")],
        },
      });
      await expect(addAll(cart, [{ variantId: mug }, { variantId: full }])).rejects.toMatchObject({
        data: { errors: [fault("items.1", "limit-reached")] },
      });
      expect(contents(await cart.get())).toEqual({ [full]: maxQuantity });
    });

    test("is instead of one, and of an up-to-date cart where that is asked", async () => {
      const cart = await guestCart();
      const items = [{ variantId: newVariant() }];
      const invalid = { type: "validation-failed" };
      await expect(addAll(cart, items, { variantId: newVariant() })).rejects.toMatchObject(invalid);
      await expect(addAll(cart, items, { quantity: 2 })).rejects.toMatchObject(invalid);
      await expect(addAll(cart, undefined)).rejects.toMatchObject(invalid);
      await expect(addAll(cart, items, { expectedVersion: 7 })).rejects.toMatchObject({
        type: "precondition-failed",
      });
      expect(contents(await cart.get())).toEqual({});
    });
  });

  describe("prices and stock", () => {
    test("change with the catalogue; the price when added stays for comparison", async () => {
      const cart = await guestCart();
      const [dearer, short, gone, unknown] = [newVariant(), newVariant(), newVariant(), newVariant()];
      for (const variantId of [dearer, short, gone, unknown]) await cart.add(variantId, 2);
      change(dearer, { price: gbp(1500) });
      change(short, { available: 1 });
      change(gone, { onSale: false });
      shelf.delete(unknown);
      const view = await cart.get();
      expect(view.items).toMatchObject([
        { state: "ok", unitPrice: gbp(1500), priceWhenAdded: gbp(1000), lineTotal: gbp(3000) },
        { state: "short", available: 1, lineTotal: gbp(2000) },
        { state: "unavailable", available: 0, unitPrice: null, lineTotal: null, name: "Mug" },
        { state: "unavailable", available: 0, unitPrice: null, lineTotal: null, name: null, options: {} },
      ]);
      expect(view).toMatchObject({ subtotal: gbp(5000), version: 5 });
    });

    test("the quote equals the checkout's total for items on sale", async () => {
      const cart = await guestCart();
      expect(await cart.quote()).toMatchObject({ subtotal: gbp(0), orderable: false });
      const [kept, gone] = [newVariant(), newVariant()];
      await cart.add(kept, 3);
      await cart.add(gone);
      const quoted = await cart.quote();
      expect(quoted).toMatchObject({ cartId: cart.id, version: 3, subtotal: gbp(4000), orderable: true });
      expect(quoted).toMatchObject({ shipping: gbp(495), total: gbp(4495) });
      change(gone, { onSale: false });
      expect(await cart.quote()).toMatchObject({ subtotal: gbp(3000), total: gbp(3495), orderable: false });
    });

    test("a quote of a cart with too little in stock says that it cannot be ordered", async () => {
      const cart = await guestCart();
      await cart.add(newVariant({ available: 1 }), 2);
      expect(await cart.quote()).toMatchObject({ subtotal: gbp(2000), orderable: false });
    });
  });

  describe("merging a guest cart", () => {
    const claim = (from: { id: string; cartToken: string }, as: Caller) =>
      shop.call("cart.claim", { id: from.id, cartToken: from.cartToken }, { as });

    test("claiming adds its items to the customer's and ends it", async () => {
      const [own, from] = [await customerCart(), await guestCart()];
      const [both, new_] = [newVariant(), newVariant()];
      await own.add(both, 2);
      await from.add(both, 3);
      await from.add(new_);
      const merged = await claim(from, own.as);
      expect(merged).toMatchObject({ id: own.id, owner: "customer", version: 3 });
      expect(contents(merged)).toEqual({ [both]: 5, [new_]: 1 });
      expect(await own.get()).toEqual(merged);
      await expect(from.get()).rejects.toMatchObject(notFound);
      expect(await countIn("cart_items", from.id)).toBe(0);
    });

    test("a customer without a cart gets one with the guest cart's items", async () => {
      const [from, as] = [await guestCart(), customer()];
      const variantId = newVariant();
      await from.add(variantId, 2);
      expect(contents(await claim(from, as))).toEqual({ [variantId]: 2 });
    });

    test("claiming twice, also at once, adds once", async () => {
      const [from, as] = [await guestCart(), customer()];
      const variantId = newVariant();
      await from.add(variantId, 2);
      await Promise.all([claim(from, as), claim(from, as), claim(from, as)]);
      expect(contents(await claim(from, as))).toEqual({ [variantId]: 2 });
    });

    test("of two customers who claim one cart at once, one gets it", async () => {
      const from = await guestCart();
      await from.add(newVariant());
      const outcomes = await Promise.allSettled([claim(from, customer()), claim(from, customer())]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    });

    test("items added during a merge are in one of the two carts or refused, not lost", async () => {
      const [from, as] = [await guestCart(), customer()];
      const variantId = newVariant();
      await from.add(variantId);
      const additions = Array.from({ length: 20 }, () => from.add(variantId));
      const [merged, ...added] = await Promise.allSettled([claim(from, as), ...additions]);
      expect(merged.status).toBe("fulfilled");
      const accepted = added.filter(({ status }) => status === "fulfilled").length;
      expect(contents(await claim(from, as))).toEqual({ [variantId]: 1 + accepted });
    });

    test("items beyond the limit stay in the guest cart", async () => {
      const [own, from] = [await customerCart(), await guestCart()];
      const variantId = newVariant();
      await own.add(variantId, maxQuantity - 1);
      await from.add(variantId, 3);
      expect(contents(await claim(from, own.as))).toEqual({ [variantId]: maxQuantity });
      expect(contents(await from.get())).toEqual({ [variantId]: 2 });
      expect(contents(await claim(from, own.as))).toEqual({ [variantId]: maxQuantity });
    });

    test("a wrong token, or another customer's cart, merges nothing", async () => {
      const [own, from, theirs] = [await customerCart(), await guestCart(), await customerCart()];
      await from.add(newVariant());
      await theirs.add(newVariant());
      await expect(claim({ ...from, cartToken: "guess" }, customer())).rejects.toMatchObject(notFound);
      expect(await claim({ ...from, cartToken: "guess" }, own.as)).toMatchObject({ id: own.id, items: [] });
      expect(await claim({ id: theirs.id, cartToken: from.cartToken }, own.as)).toMatchObject({ items: [] });
      expect((await from.get()).items).toHaveLength(1);
      expect((await theirs.get()).items).toHaveLength(1);
    });

    test("claiming needs a session", async () => {
      await expect(claim(await guestCart(), guest)).rejects.toMatchObject({ type: "unauthenticated" });
    });

    test("login adopts it on the customer's behalf; once more is harmless, nothing at all is not-found", async () => {
      const [from, as] = [await guestCart(), customer()];
      const variantId = newVariant();
      await from.add(variantId, 2);
      const request = { id: from.id, cartToken: from.cartToken, userId: as.userId };
      const { cartId } = await shop.call("cart.adopt", request, { as: guest });
      expect(await shop.call("cart.adopt", request, { as: guest })).toEqual({ cartId });
      expect(contents(await onCart(String(cartId), as).get())).toEqual({ [variantId]: 2 });
      const stranger = shop.call("cart.adopt", { ...request, userId: newId() }, { as: guest });
      await expect(stranger).rejects.toMatchObject(notFound);
    });
  });

  describe("coupons", () => {
    test("one is put on, shown in the quote, replaced and taken off; each is a change of the cart", async () => {
      const cart = await customerCart();
      await cart.add(newVariant(), 2);
      expect(await cart.apply("save-5")).toMatchObject({ coupon: "SAVE-5", version: 3 });
      expect(await cart.apply("Save-5")).toMatchObject({ coupon: "SAVE-5", version: 3 });
      const coupon = { code: "SAVE-5", reason: null, minimumSubtotal: null };
      expect(await cart.quote()).toMatchObject({ version: 3, coupon, discount: gbp(500), total: gbp(1995) });
      expect(await cart.apply("OTHER")).toMatchObject({ coupon: "OTHER", version: 4 });
      expect(await cart.takeCouponOff()).toMatchObject({ coupon: null, version: 5 });
      expect(await cart.takeCouponOff()).toMatchObject({ coupon: null, version: 5 });
      expect(await cart.quote()).toMatchObject({ coupon: null, discount: gbp(0), total: gbp(2495) });
    });

    test.each(couponRefusals)(
      "a coupon refused as %s is not applied; staff get the reason, customers only if it does not reveal the code",
      async (reason) => {
        const cart = await guestCart();
        await cart.add(newVariant());
        await cart.apply("SAVE-5");
        const usedUp = reason === "exhausted" || reason === "customer-limit-reached";
        const coupon = reason.toUpperCase();
        const why = {
          coupon,
          reason,
          ...(reason === "minimum-not-reached" ? { minimumSubtotal: gbp(5000) } : {}),
        };
        const told = { type: usedUp ? "coupon-exhausted" : "coupon-not-applicable", data: why };
        const kept = ["inactive", "not-yet-valid", "expired", "exhausted"].includes(reason);
        await expect(cart.apply(reason)).rejects.toMatchObject(
          kept ? { type: "coupon-not-applicable", data: { coupon, reason: "unknown" } } : told,
        );
        const { id, cartToken } = cart;
        await expect(shop.call("cart.coupon.apply", { id, cartToken, code: reason })).rejects.toMatchObject(
          told,
        );
        expect(await cart.get()).toMatchObject({ coupon: "SAVE-5", version: 3 });
      },
    );

    test("a change with a stale version fails", async () => {
      const cart = await customerCart();
      await cart.add(newVariant());
      await expect(cart.apply("SAVE-5", 1)).rejects.toMatchObject({ type: "precondition-failed" });
      expect(await cart.apply("SAVE-5", 2)).toMatchObject({ version: 3 });
    });

    test("the price is asked for where it goes and for who would buy", async () => {
      const [as, guests] = [customer(), await guestCart()];
      await guests.quote("DE");
      expect(asked).toEqual({ couponCode: null, country: "DE", customerId: null });
      const theirs = await customerCart(as);
      await theirs.quote();
      expect(asked).toEqual({ couponCode: null, country: null, customerId: as.userId });
      await onCart(guests.id, as, guests.cartToken).quote();
      expect(asked).toMatchObject({ customerId: as.userId });
      await shop.call("cart.quote", { id: theirs.id });
      expect(asked).toMatchObject({ customerId: as.userId });
    });

    test("a guest's comes along when their cart is claimed, also without goods; without one the customer's stays", async () => {
      const as = customer();
      const own = await customerCart(as);
      await own.add(newVariant());
      await own.apply("OLD");
      const claim = ({ id, cartToken }: typeof own) => shop.call("cart.claim", { id, cartToken }, { as });
      const [plain, empty] = [await guestCart(), await guestCart()];
      await plain.add(newVariant());
      expect(await claim(plain)).toMatchObject({ coupon: "OLD" });
      await empty.apply("NEW");
      expect(await claim(empty)).toMatchObject({ coupon: "NEW" });
      await expect(empty.get()).rejects.toMatchObject(notFound);
    });
  });

  describe("checkout", () => {
    const placed = (cartId: string, lines: { variantId: string; quantity: number }[]) => {
      const payload = {
        orderId: newId(),
        number: "K7Q2-9XMD",
        customerId: newId(),
        cartId,
        lines,
        total: gbp(1),
      };
      const actor = { kind: "system", id: "test" } as const;
      return {
        id: newId(),
        name: "orders.placed",
        occurredAt: Date.now(),
        actor,
        requestId: "test",
        payload,
      } as const;
    };
    const tell = (...events: ReturnType<typeof placed>[]) => deliver(shop.broker, events);

    test("the snapshot contains the cart's items", async () => {
      const cart = await customerCart();
      const variantId = newVariant();
      await cart.add(variantId, 2);
      expect(await cart.snapshot()).toEqual({
        id: cart.id,
        version: 2,
        lines: [{ variantId, quantity: 2 }],
        couponCode: null,
      });
      await cart.apply("save-5");
      expect(await cart.snapshot()).toMatchObject({ version: 3, couponCode: "SAVE-5" });
    });

    test("some of the items can be quoted and ordered; the others stay", async () => {
      const cart = await customerCart();
      const [chosen, kept] = [newVariant(), newVariant()];
      await cart.add(chosen, 2);
      const { items } = await cart.add(kept);
      const [itemId = "", other = ""] = items.map(({ id }) => id);
      expect(await cart.quote(undefined, itemId)).toMatchObject({ subtotal: gbp(2000), version: 3 });
      expect(await cart.quote(undefined, `${other},${itemId}`)).toMatchObject({ subtotal: gbp(3000) });
      const { lines } = await cart.snapshot([itemId]);
      expect(lines).toEqual([{ variantId: chosen, quantity: 2 }]);
      for (const unknown of [newId(), "x".repeat(36)])
        await expect(cart.quote(undefined, unknown)).rejects.toMatchObject({
          type: unknown.startsWith("x") ? "validation-failed" : "not-found",
        });
      await expect(cart.snapshot([itemId, newId()])).rejects.toMatchObject({ type: "not-found" });
      expect(await tell(placed(cart.id, lines))).toEqual([undefined]);
      expect(contents(await cart.get())).toEqual({ [kept]: 1 });
    });

    test("a coupon that the order used leaves the cart with the goods; another one stays", async () => {
      const [used, unused] = [await customerCart(), await customerCart()];
      for (const cart of [used, unused]) {
        await cart.add(newVariant(), 2);
        await cart.apply("SAVE-5");
        const { lines } = await cart.snapshot();
        const event = placed(cart.id, lines);
        const told = cart === used ? { ...event, payload: { ...event.payload, coupon: "SAVE-5" } } : event;
        expect(await deliver(shop.broker, [told, told])).toEqual([undefined, undefined]);
      }
      expect(await used.get()).toMatchObject({ items: [], coupon: null });
      expect(await unused.get()).toMatchObject({ items: [], coupon: "SAVE-5" });
    });

    test("ordered items leave the cart once, even on redelivery; later items stay", async () => {
      const cart = await customerCart();
      const [ordered, later] = [newVariant(), newVariant()];
      await cart.add(ordered, 2);
      const { lines } = await cart.snapshot();
      await cart.add(ordered, 3);
      await cart.add(later);
      const event = placed(cart.id, lines);
      expect(await tell(event)).toEqual([undefined]);
      expect(await tell(event)).toEqual([undefined]);
      const view = await cart.get();
      expect(contents(view)).toEqual({ [ordered]: 3, [later]: 1 });
      expect(view.version).toBe(5);
    });

    test("while others put in, nothing is lost", async () => {
      const cart = await customerCart();
      const variantId = newVariant();
      const { version } = await cart.add(variantId, 10);
      const additions = Array.from({ length: 20 }, () => cart.add(variantId));
      await Promise.all([tell(placed(cart.id, [{ variantId, quantity: 10 }])), ...additions]);
      const view = await cart.get();
      expect(contents(view)).toEqual({ [variantId]: 20 });
      expect(view.version).toBe(version + 21);
    });

    test("an order from a removed cart is consumed without effect", async () => {
      expect(await tell(placed(newId(), [{ variantId: newId(), quantity: 1 }]))).toEqual([undefined]);
    });
  });

  describe("how long it lives", () => {
    const expiryOf = (cart: Cart) => Date.parse(cart.expiresAt);

    test("reading renews a life that is half over, and leaves a younger one alone", async () => {
      const cart = await guestCart();
      const young = Date.now() + 20 * day;
      await setExpiry(cart.id, young);
      expect(expiryOf(await cart.get())).toBe(young);
      await setExpiry(cart.id, Date.now() + 10 * day);
      const renewed = expiryOf(await cart.get());
      expect(renewed).toBeGreaterThan(Date.now() + 29 * day);
      expect(await cart.get()).toMatchObject({ expiresAt: new Date(renewed).toISOString(), version: 1 });
    });

    test("asking for one's cart and changing it renew it, too", async () => {
      const cart = await customerCart();
      await setExpiry(cart.id, Date.now() + day);
      expect(expiryOf(await shop.call("cart.create", {}, { as: cart.as }))).toBeGreaterThan(
        Date.now() + 29 * day,
      );
      await setExpiry(cart.id, Date.now() + 20 * day);
      expect(expiryOf(await cart.add(newVariant()))).toBeGreaterThan(Date.now() + 29 * day);
    });

    test("an expired cart is not found; its customer gets a new one", async () => {
      const [cart, guests] = [await customerCart(), await guestCart()];
      await cart.add(newVariant());
      for (const { id } of [cart, guests]) await setExpiry(id, Date.now() - 1);
      for (const expired of [cart, guests]) {
        await expect(expired.get()).rejects.toMatchObject(notFound);
        await expect(expired.add(newVariant())).rejects.toMatchObject(notFound);
      }
      const fresh = await shop.call("cart.create", {}, { as: cart.as });
      expect(fresh).toMatchObject({ items: [] });
      expect(fresh.id).not.toBe(cart.id);
    });

    test("the sweeper removes expired carts with their items, and no others", async () => {
      const [kept, ...expired] = await Promise.all(Array.from({ length: 251 }, () => guestCart()));
      const [first] = expired;
      if (!kept || !first) throw new Error("there are no carts");
      await Promise.all([kept.add(newVariant()), first.add(newVariant())]);
      await Promise.all(expired.map(({ id }) => setExpiry(id, Date.now() - 1)));

      const dependencies = {
        carts: new CartRepository(database()),
        filledCarts: new FilledCarts(),
        currency: "GBP",
        lifetimeMs: 30 * day,
      };
      const call = () => Promise.reject(new Error("sweeping needs no other service"));
      const context = { call, now: Date.now(), log: shop.broker.logger, transaction };
      await Promise.all([
        removeExpiredCarts.run(context, dependencies),
        removeExpiredCarts.run(context, dependencies),
      ]);
      const left = await Promise.all(expired.map(({ id }) => countIn("carts", id)));
      expect(left.every((count) => count === 0)).toBe(true);
      expect(await countIn("cart_items", first.id)).toBe(0);
      expect((await kept.get()).items).toHaveLength(1);
    });

    test("one that is renewed while the sweeper looks at it stays", async () => {
      const cart = await guestCart();
      await cart.add(newVariant());
      const carts = new CartRepository(database());
      const sweptAt = Date.now() + 15 * day;
      await setExpiry(cart.id, sweptAt - day);
      const [locked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const renewal = transaction(async (tx) => {
        await carts.lock(cart.id, "anyone's", Date.now(), tx);
        await carts.renew(cart.id, sweptAt + day, Date.now(), tx);
        locked.resolve();
        await gate.promise;
      });
      await locked.promise;
      const swept = transaction((tx) => carts.removeExpired(sweptAt, 1000, tx));
      // Meanwhile it reaches the row lock; on MySQL and MariaDB it finds the row expired and waits.
      for (let look = 0; look < 20; look += 1) await carts.find(cart.id, "anyone's", Date.now());
      gate.resolve();
      await Promise.all([renewal, swept]);
      expect((await cart.get()).items).toHaveLength(1);
    });
  });
});
