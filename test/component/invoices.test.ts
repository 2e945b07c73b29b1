import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

type Order = Result<"orders.place">;

const desk: Caller = { ...customer(), role: "support", permissions: ["orders:read", "orders:write"] };
const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const hostile = `<img src=x onerror="alert(1)"> & Łukasz Ελλάδα Київ`;

let shop: Shop;
let token: string;
let buyer: Caller;
let variantId: string;
beforeAll(async () => {
  shop = await startShop({
    env: { SELLER_NAME: "Mugs & Co.", SELLER_ADDRESS: "1 High Street, Bristol", SELLER_TAX_ID: "GB 123" },
  });
  const account = { email: "ada@example.org", password: "correct horse battery", name: "Ada" };
  const post = (path: string, body: object) =>
    fetch(`${shop.url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }).then((response) => response.json());
  await post("/auth/register", account);
  const { email, password } = account;
  const login = (await post("/auth/login", { email, password })) as {
    accessToken: string;
    user: { id: string };
  };
  token = login.accessToken;
  buyer = customer(login.user.id);
  const product = await shop.call("catalog.products.create", {
    slug: "mug",
    name: hostile,
    status: "published",
    variants: [{ sku: "MUG-1", priceMinor: 1250, options: { size: `"'<b>` } }],
  });
  variantId = product.variants[0]?.id ?? "";
  await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 100, reason: "delivery" });
});
afterAll(() => shop.stop());

async function placed(): Promise<Order> {
  // The previous order has emptied the cart.
  await shop.settled();
  const { id: cartId } = await shop.call("cart.create", {}, { as: buyer });
  await shop.call("cart.items.add", { id: cartId, variantId, quantity: 2 }, { as: buyer });
  const shippingAddress = {
    name: hostile,
    line1: "1 Street",
    city: "London",
    postalCode: "N1",
    country: "GB",
  };
  const total = { amount: 2995, currency: "GBP" };
  return shop.call(
    "orders.place",
    { idempotencyKey: newId(), cartId, total, shippingAddress },
    { as: buyer },
  );
}

async function paid(): Promise<Order> {
  const order = await placed();
  await shop.call("orders.payments.record", { id: order.id, idempotencyKey: newId() }, { as: desk });
  return order;
}

const fetchInvoice = ({ id }: { id: string }, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${shop.url}/api/v1/orders/${id}/invoice`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });

describe("the invoice of a paid order", () => {
  test("is a page for browsers, on which nothing that a customer wrote is markup", async () => {
    const order = await paid();
    const response = await fetchInvoice(order, { accept: browser });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("vary")).toContain("Accept");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-disposition")).toBe(
      `inline; filename="invoice-${order.number}.html"`,
    );
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; .*sandbox$/);
    const page = await response.text();
    expect(page).toContain(`Invoice ${order.number}`);
    for (const text of [
      "Mugs &#38; Co.",
      "Bristol",
      "Tax no. GB 123",
      "£12.50",
      "£25.00",
      "£4.95",
      "£29.95",
      "20%",
      "Łukasz Ελλάδα Київ",
    ])
      expect(page).toContain(text);
    expect(page).not.toMatch(/<img|<b>|<script|onerror="/);
    const again = await fetchInvoice(order, {
      accept: browser,
      "if-none-match": response.headers.get("etag") ?? "",
    });
    expect(again.status).toBe(304);
  });

  test("is PDF for who asks for that, with the same bytes each time", async () => {
    const order = await paid();
    const response = await fetchInvoice(order, { accept: "application/pdf" });
    expect(response.headers.get("content-type")).toBe("application/pdf");
    expect(response.headers.get("content-disposition")).toBe(
      `inline; filename="invoice-${order.number}.pdf"`,
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString("latin1", 0, 5)).toBe("%PDF-");
    expect(bytes.toString("latin1").trimEnd().endsWith("%%EOF")).toBe(true);
    const again = await fetchInvoice(order, { accept: "application/pdf" });
    expect(again.headers.get("etag")).toBe(response.headers.get("etag"));
    const head = await fetchInvoice(order, { accept: "application/pdf" }, "HEAD");
    expect(head.headers.get("content-length")).toBe(String(bytes.length));
    expect((await head.arrayBuffer()).byteLength).toBe(0);
  });

  test("is printed once, aside from the process, however many ask; a refund makes another document of it", async () => {
    // Fails if the main thread loads the library.
    jest.unstable_mockModule("pdfkit", () => {
      throw new Error("invoices are not printed in the process");
    });
    const order = await paid();
    const { database } = shop.broker.getLocalService("orders") as Service & ServiceWithDatabase;
    const renditions = () =>
      database.select("SELECT * FROM invoice_renditions WHERE order_id = ?", [order.id]);
    const etag = async () => {
      const response = await fetchInvoice(order, { accept: "application/pdf" });
      return response.ok ? response.headers.get("etag") : response.status;
    };
    const first = await etag();
    expect(first).toEqual(expect.any(String));
    expect(await Promise.all([etag(), etag(), etag(), etag()])).toEqual([first, first, first, first]);
    const [stored] = await renditions();
    await fetchInvoice(order, { accept: browser });
    await shop.call(
      "orders.refunds.record",
      { id: order.id, idempotencyKey: newId(), reason: "Late" },
      { as: desk },
    );
    expect(await etag()).not.toBe(first);
    const later = await renditions();
    expect(later).toHaveLength(1);
    expect(later[0]).not.toEqual(stored);
  });

  test("comes as a page when anything will do, and not at all in other forms", async () => {
    const order = await paid();
    for (const accept of ["*/*", "text/*"])
      expect((await fetchInvoice(order, { accept })).headers.get("content-type")).toContain("text/html");
    const refused = await fetchInvoice(order, { accept: "application/json" });
    expect(refused.status).toBe(406);
    expect(await refused.json()).toMatchObject({
      type: "/problems/not-acceptable",
      available: ["text/html", "application/pdf"],
    });
    // The header alone selects the format.
    const chosen = await fetch(`${shop.url}/api/v1/orders/${order.id}/invoice?mediaType=application/pdf`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(chosen.status).toBe(422);
  });

  test("lists refunds, also when the order was cancelled later", async () => {
    const order = await paid();
    const lineId = order.lines[0]?.id ?? "";
    const back = {
      id: order.id,
      idempotencyKey: newId(),
      lines: [{ lineId, quantity: 1 }],
      reason: "Too <i>big</i>",
    };
    await shop.call("orders.returns.record", back, { as: desk });
    const page = await (await fetchInvoice(order)).text();
    for (const text of ["Refunds", "Too &#60;i&#62;big&#60;/i&#62;", "−£12.50", "£17.45"])
      expect(page).toContain(text);

    const cancelled = await paid();
    await shop.call("orders.cancel", { id: cancelled.id, reason: "Lost" }, { as: desk });
    const empty = await (await fetchInvoice(cancelled)).text();
    for (const text of ["Lost", "−£29.95", "£0.00"]) expect(empty).toContain(text);
  });
});

test("an unpaid order has no invoice; foreign and unknown ones are not-found", async () => {
  const order = await placed();
  const unpaid = await fetchInvoice(order);
  expect(unpaid.status).toBe(409);
  expect(await unpaid.json()).toMatchObject({ type: "/problems/illegal-transition", from: "placed" });
  await shop.call("orders.cancel", { id: order.id, reason: "No" }, { as: buyer });
  expect((await fetchInvoice(order)).status).toBe(409);
  expect((await fetchInvoice({ id: newId() })).status).toBe(404);
  const theirs = shop.call("orders.invoices.get", { id: (await paid()).id }, { as: customer() });
  await expect(theirs).rejects.toMatchObject({ type: "not-found" });
});
