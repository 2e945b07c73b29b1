/** @embedded The gateway rejects these bodies before services see them. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { gzipSync } from "node:zlib";
import { GoodRequests } from "../support/good-requests.ts";
import { heldBytes } from "../support/held-bytes.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import { inParallel } from "../support/in-parallel.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import { RawClient } from "../support/raw-client.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const megabyte = 1024 * 1024;
const json = { "content-type": "application/json" };
const login = "/api/v1/auth/login";

describe("bodies that are no honest JSON", () => {
  let shop: Shop;
  let staff: Person;
  beforeAll(async () => {
    shop = await startShop({ env: { MAX_EVENT_LOOP_DELAY_MS: "60000" } });
    staff = await newPerson(shop, "administrator");
  }, 240_000);
  afterAll(() => shop?.stop());

  const deep = (levels: number) => `{"email":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  const thousandsOfKeys = JSON.stringify(
    Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1])),
  );
  const bodies: [
    name: string,
    body: string | Buffer,
    headers: Record<string, string>,
    status: number,
    problem: string,
  ][] = [
    ["no JSON", "{", {}, 400, "malformed-request"],
    [
      "bad UTF-8",
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      {},
      400,
      "malformed-request",
    ],
    ["UTF-16", Buffer.from('{"a":1}', "utf16le"), {}, 400, "malformed-request"],
    ["far too deep", deep(100_000), {}, 400, "malformed-request"],
    ["a little too deep", deep(40), {}, 400, "malformed-request"],
    ["thousands of unknown keys", thousandsOfKeys, {}, 400, "malformed-request"],
    ["a key twice", '{"name":"a","name":"b"}', {}, 422, "validation-failed"],
    ["a key twice, once in other letters", '{"name":"a","n\\u0061me":"b"}', {}, 422, "validation-failed"],
    ["a prototype", '{"__proto__":{"role":"administrator"}}', {}, 422, "validation-failed"],
    [
      "a prototype further in",
      '{"address":{"__proto__":{"role":"administrator"}}}',
      {},
      422,
      "validation-failed",
    ],
    ["a list", "[]", {}, 422, "validation-failed"],
    ["nothing but null", "null", {}, 422, "validation-failed"],
    ["a text", '"text"', {}, 422, "validation-failed"],
    [
      "packed",
      gzipSync(Buffer.alloc(megabyte)),
      { "content-encoding": "gzip" },
      415,
      "unsupported-media-type",
    ],
    ["of another type", "{}", { "content-type": "text/plain" }, 415, "unsupported-media-type"],
    [
      "in another character set",
      "{}",
      { "content-type": "application/json; charset=utf-16" },
      415,
      "unsupported-media-type",
    ],
    ["larger than allowed", `{"email":"${"a".repeat(300_000)}"}`, {}, 413, "payload-too-large"],
  ];

  test("are rejected by every route with a body, with the specific error", async () => {
    const good = await GoodRequests.of(shop.url);
    const routes = good.endpoints.filter(({ takesBody }) => takesBody);
    const cases = routes.flatMap((endpoint) => bodies.map((body) => [endpoint, ...body] as const));
    const wrong: string[] = [];
    await inParallel(cases, async ([endpoint, name, body, own, status, problem]) => {
      const { method, path, headers } = good.for(endpoint);
      const answer = await sendHttp(shop.url, {
        method,
        path,
        token: staff.token,
        headers: { ...headers, ...json, ...own },
        body,
      });
      if (answer.status !== status || problemIn(answer) !== problem)
        wrong.push(`${endpoint.action}, ${name}: ${answer.status} ${answer.body.slice(0, 200)}`);
    });
    process.stdout.write(`${cases.length} dishonest bodies to ${routes.length} routes\n`);
    expect(wrong).toEqual([]);
  }, 600_000);
});

describe("bodies that do not end", () => {
  let shop: Shop;
  let customer: Person;
  beforeAll(async () => {
    shop = await startShop();
    customer = await newPerson(shop);
  }, 240_000);
  afterAll(() => shop?.stop());

  const hundred = String(100 * megabyte);
  const chunked = { "transfer-encoding": "chunked" };
  const csv = { "content-type": "text/csv" };
  const zeros = gzipSync(Buffer.alloc(32 * megabyte)).toString("latin1");

  const endless: [
    name: string,
    path: string,
    headers: Record<string, string>,
    body: string,
    status: number,
  ][] = [
    ["100 MB that say so", login, { ...json, "content-length": hundred }, "", 413],
    ["100 MB that come piece by piece", login, { ...json, ...chunked }, "", 413],
    [
      "100 MB as a provider's news",
      "/api/v1/webhooks/payments/manual",
      { ...json, "content-length": hundred },
      "",
      413,
    ],
    [
      "100 MB as a provider's news, piece by piece",
      "/api/v1/webhooks/payments/manual",
      { ...json, ...chunked },
      "",
      413,
    ],
    [
      "100 MB of a guest, as a file",
      "/api/v1/products/imports",
      { ...csv, "content-length": hundred },
      "",
      401,
    ],
    [
      "100 MB more than a file may have",
      "/api/v1/products/imports",
      { ...csv, "content-length": String(201 * megabyte) },
      "",
      403,
    ],
    ["100 MB to nowhere", "/api/v1/no-such-path", { ...json, ...chunked }, "", 404],
    ["a bomb", login, { ...json, ...chunked, "content-encoding": "gzip" }, zeros, 415],
  ];

  test("are answered at once, cut off when they go on, and held nowhere meanwhile", async () => {
    const before = heldBytes();
    let most = before;
    const watching = setInterval(() => (most = Math.max(most, heldBytes())), 200);
    let sent = 0;
    const outcomes = await Promise.all(
      endless.map(async ([name, path, headers, body, status]) => {
        const client = await RawClient.connect(shop.url);
        client.head(
          "POST",
          path,
          status === 403 ? { ...headers, authorization: `Bearer ${customer.token}` } : headers,
        );
        if (body !== "") client.send(`${body.length.toString(16)}\r\n${body}\r\n`);
        const sending = client.sendBytes(100 * megabyte, "transfer-encoding" in headers);
        const answered = await client.answered();
        await client.ended();
        sent += await sending;
        return [name, answered, client.received.includes("Connection: close")];
      }),
    );
    expect(outcomes).toEqual(endless.map(([name, , , , status]) => [name, status, true]));
    clearInterval(watching);
    const held = Math.max(most, heldBytes()) - before;
    process.stdout.write(
      `${Math.round(sent / megabyte)} MB sent, at most ${Math.round(held / megabyte)} MB of it held at a time\n`,
    );
    // How much arrives before the cut depends on the machine's load.
    expect(sent).toBeGreaterThan(8 * megabyte);
    expect(held).toBeLessThan(32 * megabyte);
    expect((await sendHttp(shop.url, { method: "GET", path: "/health/live" })).status).toBe(200);
  });
});

describe("senders who take their time", () => {
  const half = '{"email":"ada@example.org",';
  const slow = { ...json, "content-length": "100" };

  test("headers that do not come to their end, and bodies that do not, end the connection", async () => {
    const shop = await startShop({
      services: ["api", "users"],
      env: { HEADERS_WITHIN_SECONDS: "1", BODY_WITHIN_SECONDS: "1" },
    });
    try {
      const [head, body, silent] = await Promise.all([
        RawClient.connect(shop.url),
        RawClient.connect(shop.url),
        RawClient.connect(shop.url),
      ]);
      head.send("GET /health/live HTTP/1.1\r\nhost: shop\r\nx-slow: ");
      body.head("POST", login, slow);
      body.send(half);
      expect(await head.answered()).toBe(408);
      await head.ended();
      expect(await body.answered()).toBe(400);
      expect(body.received).toContain("/problems/malformed-request");
      await body.ended();
      // A connection without a request times out too.
      expect(await silent.answered()).toBe(408);
      await silent.ended();
    } finally {
      await shop.stop();
    }
  }, 240_000);

  test("do not occupy slots of the concurrency limiter, and are limited per address", async () => {
    const shop = await startShop({
      services: ["api", "users"],
      env: { MAX_REQUESTS_IN_FLIGHT: "8", TRUSTED_PROXIES: "127.0.0.1" },
    });
    const clients: RawClient[] = [];
    const from = (address: string) => ({ "x-forwarded-for": address });
    const begin = async (address: string): Promise<RawClient> => {
      const client = await RawClient.connect(shop.url);
      clients.push(client);
      client.head("POST", login, { ...slow, ...from(address) });
      client.send(half);
      return client;
    };
    const isAnswered = async () =>
      (
        await sendHttp(shop.url, {
          method: "GET",
          path: "/.well-known/jwks.json?",
          headers: from("198.51.100.1"),
        })
      ).status === 200;
    try {
      while (clients.filter(({ isOpen, status }) => isOpen && status === undefined).length < 32) {
        await begin("203.0.113.7");
        // The slot is released when the body turns out to be slow.
        while (!(await isAnswered()));
      }
      let [oneMore, other] = [await begin("203.0.113.7"), await begin("203.0.113.8")];
      // There may be no slot until the last bodies count as slow.
      while ((await oneMore.answered()) === 503) oneMore = await begin("203.0.113.7");
      expect(oneMore.status).toBe(429);
      while (!(await isAnswered()) || other.status === 503)
        if (other.status === 503) other = await begin("203.0.113.8");
      expect(other.status).toBeUndefined();
      // A slow body that arrives completely gets a response.
      other.send(" ".repeat(100 - half.length));
      expect(await other.answered()).toBe(400);
    } finally {
      for (const client of clients) client.close();
      await shop.stop();
    }
  }, 240_000);

  test("an address has so many connections and no more", async () => {
    const shop = await startShop({
      services: ["api", "users"],
      env: { MAX_CONNECTIONS_PER_ADDRESS: "3", RATE_LIMIT_EXEMPT: "192.0.2.1" },
    });
    try {
      const clients = [];
      for (let count = 0; count < 4; count += 1) clients.push(await RawClient.connect(shop.url));
      await clients[3]?.ended();
      expect(clients.map(({ isOpen }) => isOpen)).toEqual([true, true, true, false]);
      clients[0]?.close();
      await clients[0]?.ended();
      let again = await RawClient.connect(shop.url);
      again.head("GET", "/health/live", {});
      while ((await again.answered()) !== 200) {
        again = await RawClient.connect(shop.url);
        again.head("GET", "/health/live", {});
      }
      again.close();
      for (const client of clients) client.close();
    } finally {
      await shop.stop();
    }
  });
});
