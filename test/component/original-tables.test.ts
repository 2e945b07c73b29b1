import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { randomInt } from "node:crypto";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { sendHttp } from "../support/http.ts";
import { blackPng } from "../support/images/hostile-images.ts";
import { application } from "../support/merchant-of.ts";
import { messageTo } from "../support/messages.ts";
import type { Person } from "../support/people.ts";
import { logIn, newPerson, testPassword } from "../support/people.ts";
import type { RestClient } from "../support/rest-client.ts";
import { restClient } from "../support/rest-client.ts";
import { Sandbox } from "../support/sandbox.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

interface Named {
  readonly id: string;
}
interface Items<T> {
  readonly items: readonly T[];
}
interface Seller {
  readonly id: string;
  readonly send: RestClient;
}
type Order = Result<"orders.get">;
type Product = Result<"catalog.products.get">;
type AfterSale = Result<"after-sales.requests.get">;

const gbp = (amount: number) => ({ amount, currency: "GBP" });
const keyed = () => ({ "idempotency-key": newId() });
const none = { "to-pay": 0, "to-ship": 0, "to-receive": 0, "to-review": 0, "after-sale": 0, closed: 0 };

/**
 * One buyer goes through all that the original mall had tables for, over REST; docs/guides/from-the-original.md
 * names them. Each test goes on where the one before ended.
 */
describe("a buyer in the mall", () => {
  let shop: Shop;
  let sandbox: Sandbox;
  let buyer: Person;
  let own: RestClient;
  let office: RestClient;
  let other: RestClient;
  let books: Seller;
  let tea: Seller;
  let novel: Product;
  let atlas: Product;
  let teapot: Product;
  let order: Order;
  let reviewId: string;

  beforeAll(async () => {
    sandbox = await Sandbox.start();
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "1", ...sandbox.env } });
    await sandbox.sendTo(`${shop.url}/api/v1/webhooks/payments/sandbox`);
    const [staff, stranger] = await Promise.all([newPerson(shop, "administrator"), newPerson(shop)]);
    [office, other] = [restClient(shop, staff), restClient(shop, stranger)];
  }, 60_000);
  afterAll(async () => {
    await shop?.stop();
    await sandbox?.stop();
  });

  /** Repeats a request until its answer is as expected; the test's time limit ends it. */
  async function until<T>(request: () => Promise<T>, isExpected: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await request();
      if (isExpected(answer)) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const counts = async () => {
    await shop.settled();
    return own<typeof none>("GET", "/me/orders/counts");
  };
  const lineOf = ({ lines }: Order, { id }: Product) => {
    const line = lines.find(({ productId }) => productId === id);
    if (!line) throw new Error("the order has no such line");
    return line;
  };
  /** Replicas may have a product a moment later. */
  async function expectFound(query: string, ...products: readonly Product[]) {
    const { items } = await until(
      () => own<Items<Named>>("GET", `/products?sort=price&${query}`),
      (page) => page.items.length === products.length,
    );
    expect(items.map(({ id }) => id)).toEqual(products.map(({ id }) => id));
  }
  const firstVariant = ({ variants }: Product) => variants[0]?.id ?? "";

  test("user: opens an account, verifies a phone, logs in by it, and fills in a profile", async () => {
    buyer = await newPerson(shop);
    own = restClient(shop, buyer);
    const phone = `+86138${randomInt(10_000_000, 100_000_000)}`;
    const { id } = await own<Named>("POST", "/me/phone-verifications", { phone });
    const { params } = await messageTo(shop.dataDir, phone);
    await own("POST", `/me/phone-verifications/${id}/confirmations`, { code: params["code"] });
    await restClient(shop)("POST", "/auth/login", { phone, password: testPassword });

    const profile = { nickname: "Countess", gender: "female", birthday: "1990-12-10" };
    expect(await own("PATCH", "/me", profile)).toMatchObject({ ...profile, phone, name: "Ada" });
    const picture = await sendHttp(shop.url, {
      method: "PUT",
      path: "/api/v1/me/avatar",
      token: buyer.token,
      headers: { "content-type": "image/png" },
      body: blackPng(64, 64),
    });
    expect(picture.status).toBe(202);
    await until(
      () => own<{ avatar: object | null }>("GET", "/me"),
      ({ avatar }) => avatar !== null,
    );
  });

  test("receiving address: keeps one with region codes as the default", async () => {
    const address = {
      name: "Ada",
      phone: "+8613800138000",
      line1: "1 Shennan Road",
      city: "Shenzhen",
      postalCode: "518000",
      country: "CN",
      subdivision: "CN-GD",
      divisionCode: "440305",
    };
    await own("POST", "/me/addresses", { label: "Home", address, isDefault: true });
    expect(await own("GET", "/me/addresses")).toMatchObject({
      items: [{ label: "Home", address, isDefault: true }],
    });
  });

  test("bank card: saves a payment method of which the shop knows no number", async () => {
    const setup = await own<Result<"orders.payment-methods.setups.start">>(
      "POST",
      "/me/payment-methods/setups",
      { provider: "sandbox" },
      keyed(),
    );
    if (setup.next?.action !== "redirect") throw new Error("there is no page to go to");
    await sandbox.save(setup.next.url);
    await sandbox.settled();
    expect(await own("GET", "/me/payment-methods")).toMatchObject({
      items: [{ brand: "visa", lastFour: "4242", isDefault: true }],
    });
  });

  /** Applies, is approved, and has the owner's rights in a new session. */
  async function newSeller(): Promise<Seller> {
    const { email, token } = await newPerson(shop);
    const { id, status } = await restClient(shop, { token })<{ id: string; status: string }>(
      "POST",
      "/merchants",
      application(),
    );
    expect(status).toBe("pending");
    expect(await office("POST", `/merchants/${id}/approvals`)).toMatchObject({ status: "active" });
    await shop.settled();
    return { id, send: restClient(shop, await logIn(shop, email)) };
  }

  test("shop: merchants apply and are approved", async () => {
    [books, tea] = await Promise.all([newSeller(), newSeller()]);
    expect(await books.send("GET", `/merchants/${books.id}`)).toMatchObject({
      status: "active",
      products: 0,
      followers: 0,
      rating: { average: null, count: 0 },
    });
  });

  test("product class and product: types have attributes of their own, merchants have products of them", async () => {
    await office("POST", "/attributes", { code: "author", name: "Author", kind: "text" });
    await office("POST", "/attributes", { code: "volume", name: "Volume", kind: "number", unit: "ml" });
    const type = (slug: string, code: string) =>
      office<Named>("POST", "/product-types", { slug, name: slug, attributes: [{ code, required: true }] });
    const [book, pot] = [await type("books", "author"), await type("pots", "volume")];
    const { id: categoryId } = await office<Named>("POST", "/categories", {
      slug: "leisure",
      name: "Leisure",
    });

    const sell = async (
      { send }: Seller,
      {
        name,
        price,
        typeId,
        attributes,
      }: { name: string; price: number; typeId: string; attributes: object },
    ) => {
      const product = await send<Product>("POST", "/products", {
        slug: name.toLowerCase(),
        name,
        status: "published",
        categoryId,
        typeId,
        attributes,
        variants: [{ sku: name.toUpperCase(), priceMinor: price, options: {} }],
      });
      const delivery = { kind: "receive", quantity: 10, reason: "delivery" };
      await send("PATCH", `/variants/${firstVariant(product)}/stock`, delivery);
      return product;
    };
    const written = (author: string) => ({ typeId: book.id, attributes: { author } });
    novel = await sell(books, { name: "Persuasion", price: 1000, ...written("Jane Austen") });
    atlas = await sell(books, { name: "Atlas", price: 4000, ...written("Gerard Mercator") });
    teapot = await sell(tea, { name: "Teapot", price: 2000, typeId: pot.id, attributes: { volume: 900 } });
    const { items } = await office<Items<Named>>("GET", "/product-types");
    expect(items.map(({ id }) => id).toSorted()).toEqual([book.id, pot.id].toSorted());
  });

  test("shop's product class: a merchant sorts its products into categories of its own", async () => {
    const { id } = await books.send<Named>("POST", `/merchants/${books.id}/categories`, { name: "Classics" });
    await books.send("PUT", `/products/${novel.id}/merchant-categories`, { categoryIds: [id] });
    await expectFound(`merchantCategory=${id}`, novel);
  });

  test("product: is found by name, price, merchant and the attributes of its type", async () => {
    await shop.settled();
    await expectFound("q=teapot", teapot);
    await expectFound("category=leisure&minPrice=1500&maxPrice=4000", teapot, atlas);
    await expectFound(`merchant=${books.id}`, novel, atlas);
    await expectFound("attr.volume=500..1000", teapot);
    await expectFound(`attr.author=${encodeURIComponent("Jane Austen")}`, novel);
  });

  test("favourite product and favourite shop: each counts once", async () => {
    for (const time of ["first", "again"]) {
      await own("POST", "/me/favourites/products", { productId: teapot.id, note: time });
      await own("PUT", `/me/favourites/merchants/${tea.id}`);
    }
    expect((await own<Items<object>>("GET", "/me/favourites/products")).items).toMatchObject([
      { productId: teapot.id, note: "first", product: { priceFrom: gbp(2000), inStock: true } },
    ]);
    expect((await own<Items<object>>("GET", "/me/favourites/merchants")).items).toMatchObject([
      { merchantId: tea.id },
    ]);
    expect(await tea.send("GET", `/merchants/${tea.id}/profile`)).toMatchObject({
      followers: 1,
      products: 1,
    });
    const { favourites } = await until(
      () => own<Product>("GET", `/products/${teapot.id}`),
      (shown) => shown.favourites > 0,
    );
    expect(favourites).toBe(1);
  });

  test("browsing history: a page that was looked at is in it once, and can be cleared", async () => {
    const history = () => own<Items<{ productId: string }>>("GET", "/me/browsing-history");
    await own("GET", `/products/${novel.id}`);
    await own("GET", `/products/${novel.id}`);
    const { items } = await until(history, (seen) =>
      seen.items.some(({ productId }) => productId === novel.id),
    );
    expect(items.map(({ productId }) => productId).toSorted()).toEqual([novel.id, teapot.id].toSorted());
    await own("DELETE", "/me/browsing-history");
    expect((await history()).items).toEqual([]);
  });

  test("shopping trolley and coupon: buys some of the lines with a discount, and keeps the rest", async () => {
    const discount = { kind: "percent", basisPoints: 1000 };
    const tenth = { code: "TENTH", discount, perCustomerLimit: 1, claimable: true };
    const offer = await office<Named>("POST", "/coupons", tenth);
    await own("POST", `/coupon-offers/${offer.id}/claims`);
    const wallet = (state: string) => own("GET", `/me/coupons?state=${state}`);
    expect(await wallet("usable")).toMatchObject({ items: [{ code: "TENTH" }] });
    const { id } = await own<Named>("POST", "/carts");
    for (const product of [novel, atlas, teapot])
      await own("POST", `/carts/${id}/items`, { variantId: firstVariant(product), quantity: 2 });
    const cart = await own<Result<"cart.get">>("PUT", `/carts/${id}/coupon`, { code: "tenth" });
    const chosen = cart.items.filter(({ productId }) => productId !== atlas.id).map((item) => item.id);
    const quote = await own<Result<"cart.quote">>(
      "GET",
      `/carts/${id}/quote?country=CN&items=${chosen.join(",")}`,
    );
    expect(quote).toMatchObject({ subtotal: gbp(6000), discount: gbp(600) });
    const [saved] = (await own<Items<Named>>("GET", "/me/addresses")).items;
    const wish = { cartId: id, items: chosen, total: quote.total, shippingAddress: { addressId: saved?.id } };
    order = await own<Order>("POST", "/orders", wish, keyed());
    expect(order).toMatchObject({ state: "to-pay", coupon: "TENTH", total: quote.total });
    expect(new Set(order.parts.map(({ merchantId }) => merchantId))).toEqual(new Set([books.id, tea.id]));
    expect(order.parts.reduce((sum, part) => sum + part.total.amount, 0)).toBe(order.total.amount);
    expect(await wallet("used")).toMatchObject({ items: [{ code: "TENTH" }] });
    expect(await counts()).toEqual({ ...none, "to-pay": 1 });
    expect((await own<Result<"cart.get">>("GET", `/carts/${id}`)).items).toMatchObject([
      { productId: atlas.id },
    ]);
  });

  test("product order: is paid with the saved method, shipped in parts, and received", async () => {
    const [method] = (await own<Items<Named>>("GET", "/me/payment-methods")).items;
    const payment = await own(
      "POST",
      `/orders/${order.id}/payments`,
      { paymentMethodId: method?.id },
      keyed(),
    );
    expect(payment).toMatchObject({ status: "succeeded", amount: order.total });
    expect(await counts()).toEqual({ ...none, "to-ship": 1 });

    const shipped: (readonly [Seller, Product, string])[] = [
      [books, novel, "to-ship"],
      [tea, teapot, "to-receive"],
    ];
    for (const [{ send }, product, state] of shipped) {
      expect((await send<Items<object>>("GET", "/order-parts")).items).toHaveLength(1);
      const lines = [{ lineId: lineOf(order, product).id, quantity: 2 }];
      const parcel = await send<Named>("POST", `/orders/${order.id}/shipments`, { lines }, keyed());
      await send(
        "PATCH",
        `/orders/${order.id}/shipments/${parcel.id}`,
        { status: "delivered" },
        { "if-match": '"1"' },
      );
      expect(await counts()).toEqual({ ...none, [state]: 1 });
    }
    expect(await own("POST", `/orders/${order.id}/receipts`, {})).toMatchObject({ status: "delivered" });
    expect(await counts()).toEqual({ ...none, "to-review": 1 });
  });

  test("comment: the buyer reviews the product, another votes, both ratings follow", async () => {
    const pending = await own<Items<{ lineId: string }>>("GET", "/me/reviews/pending");
    const lines = [novel, teapot].map((product) => lineOf(order, product).id);
    expect(pending.items.map(({ lineId }) => lineId).toSorted()).toEqual(lines.toSorted());
    const review = { lineId: lineOf(order, novel).id, rating: 4, text: "Worth the wait" };
    const made = await own<{ id: string; author: object }>("POST", `/products/${novel.id}/reviews`, review);
    reviewId = made.id;
    expect(made.author).toEqual({ name: "Countess", isAnonymous: false });
    expect(await other("PUT", `/reviews/${reviewId}/vote`, { vote: "up" })).toMatchObject({ upVotes: 1 });
    await shop.settled();
    const rating = { average: 4, count: 1 };
    expect(await books.send("GET", `/merchants/${books.id}/profile`)).toMatchObject({ rating, products: 2 });
    await until(
      () => own<Product>("GET", `/products/${novel.id}`),
      (shown) => shown.rating.count === 1,
    );
  });

  test("reply: names whom it answers, and the merchant's is marked", async () => {
    const asked = await other<Named>("POST", `/reviews/${reviewId}/replies`, { text: "Is it long?" });
    const answer = { parentId: asked.id, text: "250 pages" };
    await books.send("POST", `/reviews/${reviewId}/merchant-replies`, answer);
    const { items } = await own<Items<object>>("GET", `/reviews/${reviewId}/replies`);
    expect(items).toMatchObject([
      { by: "customer", repliesTo: { author: { name: "Countess" } } },
      { by: "merchant", repliesTo: { author: { name: "Ada" } } },
    ]);
  });

  test("product order in after-sale: goods go back, the money comes back", async () => {
    const lines = [{ lineId: lineOf(order, teapot).id, quantity: 1 }];
    const request = { kind: "return-and-refund", reason: "damaged", lines };
    const { id, amount } = await own<AfterSale>("POST", `/orders/${order.id}/after-sales`, request, keyed());
    expect(amount).toEqual(gbp(1800));
    expect(await counts()).toEqual({ ...none, "after-sale": 1 });
    await tea.send("POST", `/after-sales/${id}/approvals`);
    const parcel = { carrier: "SF Express", trackingNumber: "SF1" };
    await own("POST", `/after-sales/${id}/return-parcels`, parcel);
    await tea.send("POST", `/after-sales/${id}/receipts`, {});
    const settled = await until(
      () => own<AfterSale>("GET", `/after-sales/${id}`),
      ({ status }) => status === "refunded",
    );
    expect(settled.refund).toEqual(gbp(1800));
    const { items } = await until(
      () => own<Items<{ status: string; amount: object }>>("GET", `/orders/${order.id}/refunds`),
      (refunds) => refunds.items[0]?.status === "succeeded",
    );
    expect(items).toMatchObject([{ amount: gbp(1800) }]);
    expect((await sandbox.ledger()).refunds).toMatchObject([{ amount: 1800 }]);
    // The service tells orders by a job that the after-sale is over.
    const last = await until(counts, (shown) => shown["after-sale"] === 0);
    expect(last).toEqual({ ...none, "to-review": 1 });
  });

  test("users online: fewer after a logout, while the day's peak stays", async () => {
    const online = async () => {
      await shop.settled();
      return office<Result<"statistics.users.online">>("GET", "/statistics/users/online");
    };
    const before = await online();
    // Of the login by phone.
    await own("DELETE", "/me/sessions");
    expect((await online()).online).toBe(before.online);
    await own("POST", "/auth/logout");
    const after = await online();
    expect(after.online).toBe(before.online - 1);
    expect(after.peakToday).toBeGreaterThanOrEqual(before.online);
    const { items } = await office<Items<object>>("GET", "/statistics/users/days");
    expect(items).toMatchObject([{ logouts: 1, peakOnline: after.peakToday }]);
  });

  test("leaves data of which every invariant holds", async () => {
    await shop.settled();
    const { findings } = await verifyShop(configOf(shop.broker), { patienceMs: 5000 });
    expect(findings.filter(({ broken }) => broken > 0)).toEqual([]);
  });
});
