/** @embedded The command sees requests and answers, which are the same in both shapes. */
import { execFile } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { silent } from "../replay/progress.ts";
import type { ReplayOptions } from "../replay/run.ts";
import { replay } from "../replay/run.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const fixture = join(import.meta.dirname, "../replay/fixtures/small.csv");
const main = join(import.meta.dirname, "../replay/main.ts");
const administrator = { email: "admin@shop.example", password: "an administrator's long sentence" };

interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

type Forward = (body?: string) => Promise<Response>;

/** A proxy between replay and shop that alters requests and loses responses. */
async function gatewayBefore(
  shop: Shop,
  handle: (request: Request, forward: Forward) => Promise<Response | "hang up">,
) {
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers: sent } = request;
    const body = (await request.setEncoding("utf8").toArray()).join("");
    const headers = new Headers();
    for (const name of ["authorization", "content-type", "idempotency-key", "if-match", "x-cart-token"])
      if (typeof sent[name] === "string") headers.set(name, sent[name]);
    const forward: Forward = (changed = body) =>
      fetch(shop.url + url, { method, headers, ...(changed === "" ? {} : { body: changed }) });
    const answer = await handle({ method, url, body }, forward);
    if (answer === "hang up") response.destroy();
    else response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  };
  const server = createServer((request, response) => {
    pass(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

/** Places an order outside the replay, with the note of another order. */
async function orderOne(shop: Shop, { note }: { note?: string | undefined }): Promise<void> {
  const { variants } = await shop.call("catalog.products.get", { idOrSlug: "online-retail-10004" });
  const variantId = variants[0]?.id ?? "";
  await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 1, reason: "test" });
  const as = customer();
  const { id } = await shop.call("cart.create", {}, { as });
  await shop.call("cart.items.add", { id, variantId, quantity: 1 }, { as });
  const { total } = await shop.call("cart.quote", { id }, { as });
  const shippingAddress = { name: "Eve", line1: "1 Lane", city: "Town", postalCode: "1", country: "GB" };
  await shop.call(
    "orders.place",
    { cartId: id, idempotencyKey: "rogue", total, note, shippingAddress },
    { as },
  );
}

describe("replaying invoices against a shop", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop();
    await shop.call("users.administrator.ensure", administrator);
  });
  afterAll(() => shop.stop());

  const run = (options: Partial<ReplayOptions> = {}) =>
    replay(
      { file: fixture, url: shop.url, administrator, concurrency: 3, patienceMs: 10_000, ...options },
      silent,
    );
  const byCommand = (...args: string[]) =>
    promisify(execFile)(process.execPath, [main, "--url", shop.url, ...args]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        stdout,
        stderr,
      }),
    );

  test("every line is accounted for, and the shop agrees with the file", async () => {
    const { lines, books, shop: inShop, differences } = await run();
    expect(differences).toEqual([]);
    expect({
      lines,
      ordered: books.linesOrdered,
      returned: books.linesReturned,
      returnedInPart: books.linesReturnedInPart,
      unitsWithoutPurchase: books.unitsWithoutPurchase,
      refused: books.refusals.length,
    }).toEqual({
      lines: 33,
      ordered: 10,
      returned: 3,
      returnedInPart: 1,
      unitsWithoutPurchase: 3,
      refused: 19,
    });
    expect(books.refusals).toContainEqual({
      row: 16,
      invoice: "C100005",
      reason: "cancellation-without-purchase",
    });

    // 10 × 2.55 + 2 × 10 + 3 × 2.10 + 3 × 4.25 + 5 × 0.85 + 1200 × 0.07 + 2.55 + 9
    const sold = 2550 + 2000 + 630 + 1275 + 425 + 8400 + 255 + 900;
    // 3 × 2.55, 2 of 5 × 10, 2 × 2.10 and 1100 × 0.07
    const givenBack = 765 + 2000 + 420 + 7700;
    expect(inShop).toMatchObject({ orders: 5, revenue: sold - givenBack, currency: "GBP" });
    expect(books.returns).toBe(4);
  });

  test("When the shop lets new customers hold little, an invoice becomes more orders, each paid before the next, and all agrees", async () => {
    const strict = await startShop({ env: { MAX_UNPAID_UNITS_NEW: "100", MAX_UNPAID_ORDERS_NEW: "3" } });
    try {
      await strict.call("users.administrator.ensure", administrator);
      const { books, shop: inShop, differences } = await run({ url: strict.url });
      expect(differences).toEqual([]);
      expect(books.linesOrdered).toBe(10);
      expect(inShop).toMatchObject({ orders: 16 });
    } finally {
      await strict.stop();
    }
  });

  test("the article has its usual name and a variant per price", async () => {
    await run({ limit: 7 });
    const product = await shop.call("catalog.products.get", { idOrSlug: "online-retail-10001a" });
    expect(product.name).toBe("RED PAPER LANTERN");
    expect(product.variants.map(({ sku, price }) => [sku, price.amount])).toEqual([
      ["10001A-255", 255],
      ["10001A-210", 210],
    ]);
  });

  test("runs that follow each other find catalogue and customers again and reconcile each for itself", async () => {
    const first = await run();
    const second = await run({ concurrency: 1 });
    expect(second.differences).toEqual([]);
    expect(second.shop).toEqual(first.shop);
    const { items } = await shop.call("users.list", { email: "customer-501@replay.example" });
    expect(items).toHaveLength(1);
  });

  test("answers that are lost on the way make nothing happen twice", async () => {
    let requests = 0;
    const lossy = await gatewayBefore(shop, async (_request, forward) => {
      const answer = await forward();
      return (requests += 1) % 4 === 0 ? "hang up" : answer;
    });
    const { differences, shop: inShop } = await run({ url: lossy.url });
    await lossy.close();
    expect(differences).toEqual([]);
    expect(inShop.orders).toBe(5);
  });

  test("when the shop has too little, the line that it could not sell is named", async () => {
    const stingy = await gatewayBefore(shop, (request, forward) => {
      if (!request.url.endsWith("/stock") || request.method !== "PATCH") return forward();
      const receipt = JSON.parse(request.body) as { quantity: number };
      // Of one article alone nine are sold.
      return forward(JSON.stringify({ ...receipt, quantity: receipt.quantity === 9 ? 8 : receipt.quantity }));
    });
    const { differences, books } = await run({ url: stingy.url });
    await stingy.close();
    expect(differences).toEqual([
      expect.stringMatching(/^line 35 \(invoice 100011\): the quote says 900 \(orderable: false\)/),
    ]);
    expect(books.failures).toMatchObject([{ row: 35 }]);
  });

  test("an order that bears the run's note without its knowing is a difference, and its stock with it", async () => {
    let rogue: Promise<unknown> | undefined;
    const doubling = await gatewayBefore(shop, async (request, forward) => {
      if (request.url.endsWith("/orders"))
        await (rogue ??= orderOne(shop, JSON.parse(request.body) as { note?: string }));
      return forward();
    });
    const { differences } = await run({ url: doubling.url, settleMs: 2000 });
    await doubling.close();
    expect(differences).toEqual([
      expect.stringContaining("revenue is"),
      expect.stringContaining("was placed without this run knowing of it"),
      expect.stringMatching(/^stock of 10004-85: received \d+ instead of \d+, 1 still reserved$/),
    ]);
  });

  test("the command reports and exits with 0 when all agrees", async () => {
    const { code, stdout } = await byCommand(fixture, "--admin-password", administrator.password);
    expect(stdout).toMatch(/Lines read +33\n/);
    expect(stdout).toContain("Reconciled: lines, revenue and stock agree");
    expect(code).toBe(0);
  });

  test.each([
    ["no file", [], "name one file to replay"],
    ["a missing file", ["/nowhere.csv", "--admin-password", "secret"], "/nowhere.csv: there is no such file"],
    [
      "a wrong password",
      [fixture, "--admin-password", "wrong"],
      "the shop refuses the password of admin@shop.example",
    ],
    ["no password", [fixture, "--admin-password-file", "/nowhere"], "no administrator's password: /nowhere"],
    ["a limit of none", [fixture, "--limit", "0"], "--limit must be a whole number"],
    ["an unknown option", [fixture, "--fast"], "Unknown option '--fast'"],
    [
      "no shop",
      [fixture, "--admin-password", "secret", "--url", "http://127.0.0.1:9"],
      "no shop can be reached at",
    ],
  ])("with %s the command says so in a line and exits with 2", async (_name, args, message) => {
    const { code, stdout, stderr } = await byCommand(...args);
    expect(stderr).toContain(`replay: ${message}`);
    expect(stderr).not.toContain("    at ");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});
