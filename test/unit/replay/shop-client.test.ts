import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { newId } from "../../../mixins/contract/ids.ts";
import type { SignedIn } from "../../replay/shop-client.ts";
import { OutcomeUnknown, ShopClient } from "../../replay/shop-client.ts";

const stock = { onHand: 3, reserved: 0, sold: 0, returned: 0, received: 3 };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server with these responses in order; the last one repeats. */
async function shopAnswering(...answers: ((response: ServerResponse) => void)[]) {
  const requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answers[Math.min(requests.length, answers.length) - 1]?.(response);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, headers).end(JSON.stringify(body));
  };
const hangUp = (response: ServerResponse) => void response.destroy();
const problem = (status: number, code: string, headers?: Record<string, string>) =>
  answer(status, { type: `/problems/${code}`, title: "No", status }, headers);
const client = ({ url }: { url: string }) => new ShopClient(url, 10_000);

describe("calling the shop", () => {
  test("path, query, headers and body are where the contract says", async () => {
    const shop = await shopAnswering(problem(422, "validation-failed"));
    const id = newId();
    const refused = { code: "validation-failed", status: 422 };
    await expect(client(shop).call("orders.list", { limit: 5, count: true })).rejects.toMatchObject(refused);
    await expect(
      client(shop).call("catalog.variants.update", { id, priceMinor: 5, expectedVersion: 7 }),
    ).rejects.toMatchObject(refused);
    expect(shop.requests).toMatchObject([
      { method: "GET", url: "/api/v1/orders?limit=5&count=true", body: "" },
      {
        method: "PATCH",
        url: `/api/v1/variants/${id}`,
        headers: { "if-match": '"7"' },
        body: '{"priceMinor":5}',
      },
    ]);
  });

  test("a busy shop is asked again after the time it names, with the same key", async () => {
    const shop = await shopAnswering(
      problem(429, "too-many-requests", { "Retry-After": "0" }),
      problem(409, "idempotency-in-flight", { "Retry-After": "0" }),
      problem(503, "unavailable", { "Retry-After": "0" }),
      hangUp,
      problem(409, "illegal-transition"),
    );
    const paying = client(shop).call("orders.payments.record", { id: newId(), idempotencyKey: "the-same" });
    await expect(paying).rejects.toMatchObject({ code: "illegal-transition" });
    expect(shop.requests.map(({ headers }) => headers["idempotency-key"])).toEqual(Array(5).fill("the-same"));
  });

  test("a non-idempotent call is not retried after a lost response", async () => {
    const variantId = newId();
    const receive = (url: string) =>
      new ShopClient(url, 10_000).call("catalog.stock.change", {
        variantId,
        kind: "receive",
        quantity: 3,
        reason: "test",
      });
    const lost = await shopAnswering(hangUp, answer(200, { variantId, ...stock }));
    await expect(receive(lost.url)).rejects.toThrow(OutcomeUnknown);
    expect(lost.requests).toHaveLength(1);

    const busy = await shopAnswering(
      problem(429, "too-many-requests", { "Retry-After": "0" }),
      answer(200, { variantId, ...stock }),
    );
    await expect(receive(busy.url)).resolves.toMatchObject(stock);
  });

  test("a token that is refused is replaced once", async () => {
    const shop = await shopAnswering(problem(401, "unauthenticated"));
    const tokens = ["old", "new"];
    const someone: SignedIn = {
      accessToken: () => Promise.resolve(tokens[0] ?? "none"),
      refused: () => void tokens.shift(),
    };
    const asked = client(shop).call("users.me.get", {}, { as: someone });
    await expect(asked).rejects.toMatchObject({ code: "unauthenticated" });
    expect(shop.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
  });

  test("a shop that stays away is given up when patience ends", async () => {
    const shop = await shopAnswering(hangUp);
    const asked = new ShopClient(shop.url, 0).call("users.jwks", {});
    await expect(asked).rejects.toMatchObject({
      name: "ReplayError",
      message: expect.stringContaining(shop.url),
    });
  });

  test("a response that violates the contract ends the replay", async () => {
    const shop = await shopAnswering(answer(200, { items: "none" }));
    await expect(client(shop).call("orders.list", {})).rejects.toMatchObject({ name: "ReplayError" });
  });

  test.each([
    ["no server listens", () => Promise.resolve({ url: "http://127.0.0.1:9" })],
    ["something else listens", () => shopAnswering((response) => void response.writeHead(404).end("<html>"))],
  ])("when %s, it is said that there is no shop", async (_name, start) => {
    const { url } = await start();
    await expect(new ShopClient(url, 10_000).checkPresence()).rejects.toThrow(
      `no shop can be reached at ${url}`,
    );
  });

  test("every attempt is measured", async () => {
    const shop = await shopAnswering(hangUp, answer(200, { keys: [] }));
    const measured = client(shop);
    await measured.call("users.jwks", {});
    expect(measured.latencies.summaries()).toMatchObject([{ kind: "GET /.well-known/jwks.json", count: 2 }]);
  });
});
