/** @embedded About the bytes that the gateway reads and writes. */
/* oxlint-disable jest/expect-expect -- expectProblem asserts */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Context, ServiceSchema } from "moleculer";
import moleculer from "moleculer";
import { startDraining } from "../../mixins/service/lifecycle.ts";
import type { ShopMeta } from "../../mixins/service/action-runtime.ts";
import { Authentication } from "../../services/api/request/authentication.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { allContracts } from "../support/all-contracts.ts";

/** Calls of the fake services below, by request id. */
const calls = new Map<string, { params: unknown; meta: ShopMeta; timeout: number | null }>();

function noting(answer: (params: Record<string, unknown>, ctx: Context<object, ShopMeta>) => unknown) {
  return (ctx: Context<object, ShopMeta>) => {
    calls.set(ctx.requestID ?? "", {
      params: structuredClone({ ...ctx.params }),
      meta: ctx.meta,
      timeout: ctx.options.timeout ?? null,
    });
    return answer(ctx.params as Record<string, unknown>, ctx);
  };
}

/** Fake catalogue and orders services, whose params select the result. */
const catalog: ServiceSchema = {
  name: "catalog",
  actions: {
    "products.list": noting(({ q, cursor }) => {
      if (q === "database is broken") throw new Error("SQLITE_ERROR: no such column: secret_column");
      if (q === "overloaded")
        throw new moleculer.Errors.QueueIsFullError({ action: "x", nodeID: "node-7", service: "x" });
      if (q === "late") throw new moleculer.Errors.RequestTimeoutError({ action: "x", nodeID: "node-7" });
      return { items: [{ id: "1" }], nextCursor: cursor ? null : "next page" };
    }),
    "products.get": noting(({ idOrSlug }) => ({ slug: idOrSlug, version: 3 })),
    "products.update": noting((params) => ({ version: Number(params.expectedVersion) + 1 })),
    "products.remove": noting(() => null),
  },
};

const orders: ServiceSchema = {
  name: "orders",
  actions: {
    place: noting(({ idempotencyKey, note }, ctx) => {
      if (note === "too much")
        throw new ShopError("stock-shortage", undefined, {
          shortages: [{ variantId: "v", requested: 2, available: 1 }],
        });
      if (idempotencyKey === "seen") ctx.meta.replayed = true;
      return { id: "an/id", version: 1 };
    }),
  },
};

let shop: Shop;
let token: string;
let staffToken: string;

beforeAll(async () => {
  shop = await startShop({
    services: ["users", "api"],
    // One of the tests makes a service fail on purpose.
    env: { LOG_LEVEL: "fatal" },
    prepare: (broker) => {
      broker.createService(catalog);
      broker.createService(orders);
    },
  });
  token = (await newCustomer()).accessToken;
  const administrator = { email: "admin@shop.example", password: "a long enough one" };
  await shop.call("users.administrator.ensure", administrator);
  staffToken = (await login(administrator)).accessToken;
});

afterAll(() => shop.stop());

interface Sent {
  as?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

async function send(method: string, path: string, { as, body, headers = {} }: Sent = {}): Promise<Response> {
  return fetch(shop.url + path, {
    method,
    redirect: "manual",
    headers: {
      ...(as ? { authorization: `Bearer ${as}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

interface ProblemBody {
  type: string;
  status: number;
  detail: string;
  instance: string;
  traceId: string;
  errors?: { path: string; code: string }[];
}

async function problem(response: Response): Promise<ProblemBody> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const body = (await response.json()) as ProblemBody;
  expect(body.status).toBe(response.status);
  expect(body.traceId).toBe(response.headers.get("x-request-id"));
  return body;
}

async function expectProblem(response: Response, status: number, code: string): Promise<ProblemBody> {
  const body = await problem(response);
  expect([response.status, body.type]).toEqual([status, `/problems/${code}`]);
  return body;
}

interface Login {
  accessToken: string;
  refreshToken: string;
  user: { id: string };
}

async function login(credentials: { email: string; password: string }): Promise<Login> {
  const response = await send("POST", "/api/v1/auth/login", { body: credentials });
  expect(response.status).toBe(200);
  return (await response.json()) as Login;
}

async function newCustomer(): Promise<Login & { email: string; password: string }> {
  const account = { email: `${newId()}@example.com`, password: "correct horse battery" };
  const response = await send("POST", "/api/v1/auth/register", { body: { ...account, name: "Jane" } });
  expect(response.status).toBe(202);
  return { ...account, ...(await login(account)) };
}

/** Sends raw bytes and returns everything until the server closes. */
async function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(shop.url).port), "127.0.0.1");
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  socket.write(text);
  await once(socket, "close");
  return Buffer.concat(parts).toString();
}

function callOf(response: Response) {
  return calls.get(response.headers.get("x-request-id") ?? "");
}

function expectSecurityHeaders(headers: { get(name: string): string | null }): void {
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
}

describe("who is calling", () => {
  test("someone without a token is a guest, and is asked to sign in where that is needed", async () => {
    const response = await send("GET", "/api/v1/me");
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    await expectProblem(response, 401, "unauthenticated");
    expect((await send("GET", "/api/v1/products")).status).toBe(200);
  });

  test("a bad token is refused even where none is needed", async () => {
    const response = await send("GET", "/api/v1/products", { as: `${token}x` });
    expect(response.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    await expectProblem(response, 401, "unauthenticated");
  });

  test("finding out takes from the request's time", async () => {
    const real = Date.now.bind(Date);
    let passed = 0;
    jest.spyOn(Date, "now").mockImplementation(() => real() + passed);
    const callerOf = jest.spyOn(Authentication.prototype, "callerOf");
    const ask = async (tookMs: number) => {
      callerOf.mockImplementationOnce(() => {
        passed += tookMs;
        return Promise.resolve({ kind: "guest" });
      });
      const requestId = newId();
      return {
        requestId,
        response: await send("GET", "/api/v1/products/mug", { headers: { "x-request-id": requestId } }),
      };
    };
    try {
      const { requestId, response } = await ask(4000);
      expect(response.status).toBe(200);
      expect(calls.get(requestId)?.timeout).toBeLessThanOrEqual(6000);
      await expectProblem((await ask(10_000)).response, 504, "deadline-exceeded");
    } finally {
      jest.restoreAllMocks();
    }
  });

  test("who logs out is out at once", async () => {
    const { accessToken } = await newCustomer();
    expect((await send("GET", "/api/v1/me", { as: accessToken })).status).toBe(200);
    const response = await send("POST", "/api/v1/auth/logout", { as: accessToken });
    expect([response.status, await response.text()]).toEqual([204, ""]);
    await expectProblem(await send("GET", "/api/v1/me", { as: accessToken }), 401, "unauthenticated");
  });

  test("a customer lacks staff's permissions, and the service is not asked", async () => {
    const response = await send("PATCH", "/api/v1/products/x", {
      as: token,
      body: {},
      headers: { "if-match": '"1"' },
    });
    await expectProblem(response, 403, "forbidden");
    expect(callOf(response)).toBeUndefined();
  });

  test("the service gets caller and client address, and no meta from the client", async () => {
    const response = await send("GET", "/api/v1/products?$caller=x&caller=y&$meta=z", {
      as: staffToken,
      headers: { "x-forwarded-for": "6.6.6.6", "user-agent": "test" },
    });
    expect(callOf(response)).toMatchObject({
      params: { $caller: "x", caller: "y", $meta: "z" },
      meta: {
        caller: { kind: "user", role: "administrator" },
        client: { address: "127.0.0.1", userAgent: "test" },
      },
    });
    expect(new Set(Object.keys(callOf(response)?.meta ?? {}))).toEqual(new Set(["caller", "client"]));
  });

  test("an old token that is sent along is no obstacle to a new one", async () => {
    const { email, password, refreshToken } = await newCustomer();
    const headers = { authorization: "Bearer expired" };
    const body = { email, password };
    expect((await send("POST", "/api/v1/auth/login", { body, headers })).status).toBe(200);
    expect((await send("POST", "/api/v1/auth/refresh", { body: { refreshToken }, headers })).status).toBe(
      200,
    );
    await expectProblem(await send("POST", "/api/v1/carts", { headers }), 401, "unauthenticated");
  });
});

describe("params", () => {
  test("query text is decoded by the contract's types", async () => {
    const response = await send(
      "GET",
      "/api/v1/products?limit=12&inStock=true&q=12&category=x&minPrice=1e3&made-up=1",
    );
    expect(callOf(response)?.params).toEqual({
      limit: 12,
      inStock: true,
      q: "12",
      category: "x",
      minPrice: "1e3",
      "made-up": "1",
    });
  });

  test.each(["limit=0", "limit=x", "count=1", "unknown=1", "limit=1&limit=2", "=1", "__proto__=1"])(
    "the query %s is refused",
    async (query) => {
      await expectProblem(
        await send("GET", `/api/v1/me/addresses?${query}`, { as: token }),
        422,
        "validation-failed",
      );
    },
  );

  test("query and body cannot override params from the path or a header", async () => {
    const id = newId();
    const inQuery = await expectProblem(
      await send("GET", `/api/v1/users/${id}?id=${newId()}`, { as: staffToken }),
      422,
      "validation-failed",
    );
    expect(inQuery.errors).toEqual([expect.objectContaining({ path: "id", code: "unknown-field" })]);
    const options = { as: staffToken, headers: { "if-match": '"1"' } };
    for (const body of [{ id }, { expectedVersion: 9 }])
      await expectProblem(
        await send("PATCH", `/api/v1/products/${id}`, { ...options, body }),
        422,
        "validation-failed",
      );
  });

  test("a body's route takes no query", async () => {
    const path = "/api/v1/auth/login?email=a@b.example";
    await expectProblem(await send("POST", path, { body: {} }), 422, "validation-failed");
  });

  test("unknown fields of a body are refused by name", async () => {
    const body = { email: "jane@example.com", password: "x", admin: true };
    const { errors } = await expectProblem(
      await send("POST", "/api/v1/auth/login", { body }),
      422,
      "validation-failed",
    );
    expect(errors).toEqual([expect.objectContaining({ path: "admin", code: "unknown-field" })]);
  });

  test.each([
    ["{", 400, "malformed-request"],
    [`{"a":${"[".repeat(40)}${"]".repeat(40)}}`, 400, "malformed-request"],
    ["[]", 422, "validation-failed"],
    ['{"__proto__":{"admin":true}}', 422, "validation-failed"],
    [`{"email":"${"x".repeat(300_000)}"}`, 413, "payload-too-large"],
  ])("the body %.20s is answered with %i", async (body, status, code) => {
    await expectProblem(await send("POST", "/api/v1/auth/login", { body }), status, code);
  });

  test("a body that grows too large while it is sent is cut off", async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 10; part += 1) controller.enqueue(new Uint8Array(64 * 1024).fill(32));
        controller.close();
      },
    });
    const response = await fetch(`${shop.url}/api/v1/auth/login`, {
      method: "POST",
      body,
      duplex: "half",
      headers: { "content-type": "application/json" },
    });
    await expectProblem(response, 413, "payload-too-large");
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=latin1",
    "application/json-patch+json",
  ])("a body of %s is refused", async (type) => {
    const response = await send("POST", "/api/v1/auth/login", {
      body: "{}",
      headers: { "content-type": type },
    });
    const { detail } = await expectProblem(response, 415, "unsupported-media-type");
    expect(detail).toContain("application/json");
  });

  test("a body without a content type is refused", async () => {
    const response = await fetch(`${shop.url}/api/v1/auth/login`, {
      method: "POST",
      body: new Uint8Array([123, 125]),
    });
    await expectProblem(response, 415, "unsupported-media-type");
  });

  test("JSON with a charset of UTF-8, or any upper case, is JSON", async () => {
    for (const type of ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'])
      expect(
        (await send("POST", "/api/v1/auth/login", { body: "{}", headers: { "content-type": type } })).status,
      ).toBe(422);
  });
});

describe("preconditions and keys", () => {
  const change = (headers: Record<string, string>) =>
    send("PATCH", "/api/v1/products/x", { as: staffToken, body: {}, headers });

  test("If-Match names the version, in the form that ETag has", async () => {
    const response = await change({ "if-match": '"7-some_hash"' });
    expect(callOf(response)?.params).toEqual({ id: "x", expectedVersion: 7 });
    expect(response.headers.get("etag")).toMatch(/^"8-[\w-]{21}"$/);
  });

  test("a change that needs If-Match and has none, or *, is refused with 428; nonsense with 412", async () => {
    await expectProblem(await change({}), 428, "precondition-required");
    await expectProblem(await change({ "if-match": "*" }), 428, "precondition-required");
    await expectProblem(await change({ "if-match": 'W/"7"' }), 412, "precondition-failed");
    await expectProblem(await change({ "if-match": "7" }), 412, "precondition-failed");
  });

  test("of two concurrent changes to one version, one fails with precondition-failed", async () => {
    const { accessToken } = await newCustomer();
    const etag = (await send("GET", "/api/v1/me", { as: accessToken })).headers.get("etag") ?? "";
    const rename = (name: string) =>
      send("PATCH", "/api/v1/me", { as: accessToken, body: { name }, headers: { "if-match": etag } });
    const answers = await Promise.all([rename("A"), rename("B")]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });

  test("If-Match: * and no If-Match change whatever version there is, where that is allowed", async () => {
    const { accessToken } = await newCustomer();
    for (const headers of [{ "if-match": "*" }, {}] as Record<string, string>[])
      expect(
        (await send("PATCH", "/api/v1/me", { as: accessToken, body: { name: "C" }, headers })).status,
      ).toBe(200);
  });

  test("an order without Idempotency-Key is refused with 400", async () => {
    for (const headers of [{}, { "idempotency-key": "" }] as Record<string, string>[])
      await expectProblem(
        await send("POST", "/api/v1/orders", { as: token, body: {}, headers }),
        400,
        "idempotency-key-missing",
      );
  });

  test("a new order says where it is, a repeated one also that it is a replay", async () => {
    const place = (key: string) =>
      send("POST", "/api/v1/orders", { as: token, body: {}, headers: { "idempotency-key": key } });
    const first = await place("new");
    expect([first.status, first.headers.get("location")]).toEqual([201, "/api/v1/orders/an%2Fid"]);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    const again = await place("seen");
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await again.text()).toBe(await first.text());
  });

  test("a condition that nothing would compare is refused, not passed over", async () => {
    const { accessToken } = await newCustomer();
    const headers = { authorization: `Bearer ${accessToken}`, "if-match": '"1-abc"' };
    await expectProblem(
      await send("DELETE", `/api/v1/me/addresses/${newId()}`, { headers }),
      412,
      "precondition-failed",
    );
  });
});

describe("answers", () => {
  test("a public resource may be cached by guests, and its ETag saves sending it again", async () => {
    const response = await send("GET", "/api/v1/products/mug");
    const etag = response.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"3-[\w-]{21}"$/);
    expect(response.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
    expect(response.headers.get("vary")).toBe("Authorization");
    for (const known of [etag, `"other", ${etag}`, `W/${etag}`, "*"]) {
      const fresh = await send("GET", "/api/v1/products/mug", { headers: { "if-none-match": known } });
      expect([fresh.status, await fresh.text(), fresh.headers.get("etag")]).toEqual([304, "", etag]);
      expect(fresh.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
    }
    expect(
      (await send("GET", "/api/v1/products/mug", { headers: { "if-none-match": '"3-other"' } })).status,
    ).toBe(200);
  });

  test("responses to authenticated requests are not cacheable", async () => {
    const response = await send("GET", "/api/v1/products/mug", { as: token });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect((await send("GET", "/api/v1/me", { as: token })).headers.get("cache-control")).toBe("no-store");
  });

  test("a list links to its next page, with the same query", async () => {
    const response = await send("GET", "/api/v1/products?limit=1&q=a%26b%3E");
    const link = response.headers.get("link") ?? "";
    expect(link).toBe('</api/v1/products?limit=1&q=a%26b%3E&cursor=next+page>; rel="next"');
    expect(response.headers.get("etag")).not.toBeNull();
    const next = await send("GET", /<(.*)>/.exec(link)?.[1] ?? "");
    expect(callOf(next)?.params).toEqual({ limit: 1, q: "a&b>", cursor: "next page" });
    expect(next.headers.get("link")).toBeNull();
  });

  test("a private list has no ETag", async () => {
    const response = await send("GET", "/api/v1/me/addresses", { as: token });
    expect([response.status, response.headers.get("etag")]).toEqual([200, null]);
  });

  test("Location leads to the created resource", async () => {
    const address = {
      name: "Jane",
      line1: "1 High Street",
      city: "Bristol",
      postalCode: "BS1",
      country: "GB",
    };
    const made = await send("POST", "/api/v1/me/addresses", { as: token, body: { address } });
    expect(made.status).toBe(201);
    const found = await send("GET", made.headers.get("location") ?? "", { as: token });
    expect(await found.json()).toEqual(await made.json());
  });

  test("HEAD answers as GET does, without the body", async () => {
    const [got, head] = [
      await send("GET", "/api/v1/products/mug"),
      await send("HEAD", "/api/v1/products/mug"),
    ];
    expect([head.status, await head.text()]).toEqual([200, ""]);
    for (const name of ["etag", "content-length", "content-type", "cache-control"])
      expect(head.headers.get(name)).toBe(got.headers.get(name));
  });

  test("a wrong method gets 405 with Allow", async () => {
    const response = await send("DELETE", "/api/v1/products");
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    await expectProblem(response, 405, "method-not-allowed");
    const options = await send("OPTIONS", "/api/v1/products/");
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS, POST"]);
    await expectProblem(await send("OPTIONS", "/api/v1/nothing"), 404, "not-found");
  });

  test("an error's own data come along", async () => {
    const options = { as: token, body: { note: "too much" }, headers: { "idempotency-key": newId() } };
    expect(
      await expectProblem(await send("POST", "/api/v1/orders", options), 409, "stock-shortage"),
    ).toMatchObject({
      shortages: [{ variantId: "v", requested: 2, available: 1 }],
      instance: "/api/v1/orders",
    });
  });

  test.each([
    ["database is broken", 500, "internal-error", null],
    ["overloaded", 503, "unavailable", "1"],
    ["late", 504, "deadline-exceeded", null],
  ])(
    "when the service is %s, the answer tells nothing of its insides",
    async (q, status, code, retryAfter) => {
      const response = await send("GET", `/api/v1/products?q=${encodeURIComponent(q)}`);
      expect(response.headers.get("retry-after")).toBe(retryAfter);
      const body = await expectProblem(response, status, code);
      expect(JSON.stringify(body)).not.toMatch(/SQL|column|node-7|stack|products\.list/);
    },
  );

  test("an action without a running service is unavailable", async () => {
    await expectProblem(await send("GET", `/api/v1/carts/${newId()}`), 503, "unavailable");
  });
});

describe("request ids", () => {
  test("a well-formed request id is kept and forwarded", async () => {
    const response = await send("GET", "/api/v1/products", { headers: { "x-request-id": "my.id-1_2" } });
    expect(response.headers.get("x-request-id")).toBe("my.id-1_2");
    expect(calls.has("my.id-1_2")).toBe(true);
  });

  test.each(["x".repeat(65), "a b", "ä", "a,b", "<script>"])("%s is replaced", async (sent) => {
    const response = await send("GET", "/api/v1/products", { headers: { "x-request-id": sent } });
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });
});

describe("what there is besides", () => {
  test.each([
    "/$node/options",
    "/~node/options",
    "/api/$node/list",
    "/api/listAliases",
    "/api/list-aliases",
    "/list-aliases",
    "/api/v1/list-aliases",
    "/users/login",
    "/users/sessions/check",
    "/api/v1/users/sessions/check",
    "/api/v1/users.sessions.check",
    "/api/v1",
    "/api/v1/",
    "/api/v1/products%2Fmug",
    "/API/V1/products",
    "//api/v1/products",
    "/docs/../package.json",
    "/docs/%2e%2e%2fpackage.json",
    "/docs/index.js",
    "/metrics",
  ])("nothing is at %s", async (path) => {
    const reply = await raw(`GET ${path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n`);
    expect(reply).toMatch(/^HTTP\/1\.1 404 /);
    expect(reply).toContain("/problems/not-found");
    expect(reply).toContain("X-Content-Type-Options: nosniff");
  });

  test("internal actions and the framework's own cannot be reached by any method", async () => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
      for (const path of [
        "/users/administrator/ensure",
        "/api/v1/jwks",
        "/api/v1/catalog/demo/seed",
        "/api/addRoute",
      ])
        expect([404, 405]).toContain((await send(method, path)).status);
    const actions = shop.broker.registry?.actions;
    for (const name of ["api.listAliases", "api.addRoute", "api.removeRoute"])
      expect(actions?.isAvailable(name)).toBe(false);
    await expect(shop.broker.call("api.rest", {})).rejects.toMatchObject({ type: "SERVICE_NOT_FOUND" });
  });

  test("the index names every resource, the description every operation", async () => {
    const index = (await (await send("GET", "/api")).json()) as {
      services: { name: string; resources: unknown[] }[];
    };
    const reachable = allContracts.filter(({ actions }) => Object.values(actions).some(({ route }) => route));
    expect(index.services.map(({ name }) => name)).toEqual(reachable.map(({ name }) => name));
    expect(reachable.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["audit", "cart", "catalog", "orders", "users"]),
    );
    const description = await send("GET", "/openapi.json");
    expect(await description.json()).toMatchObject({ openapi: "3.1.0" });
    const etag = description.headers.get("etag") ?? "";
    expect((await send("GET", "/openapi.json", { headers: { "if-none-match": etag } })).status).toBe(304);
  });

  test("the root leads to the explorer, which may run its own scripts only", async () => {
    const root = await send("GET", "/");
    expect([root.status, root.headers.get("location")]).toEqual([302, "/docs/"]);
    const page = await send("GET", "/docs/");
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    const files = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file);
    expect(files).toHaveLength(5);
    for (const file of files) expect((await send("GET", `/docs/${file}`)).status).toBe(200);
  });

  test("the type of a problem is a page: for people and for programs", async () => {
    const json = await send("GET", "/problems/stock-shortage");
    expect(await json.json()).toMatchObject({ type: "/problems/stock-shortage", status: 409 });
    const html = await send("GET", "/problems/unauthenticated", { headers: { accept: "text/html" } });
    expect(html.headers.get("content-type")).toContain("text/html");
    expect(await html.text()).toContain("Bearer &lt;token&gt;");
    expect((await send("GET", "/problems")).status).toBe(200);
    for (const unknown of ["nothing", "constructor", "__proto__"])
      await expectProblem(await send("GET", `/problems/${unknown}`), 404, "not-found");
  });

  test("it is live, but not ready while services of the shop are missing", async () => {
    expect((await send("GET", "/health/live")).status).toBe(200);
    const ready = await send("GET", "/health/ready");
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: "not-ready",
      checks: expect.arrayContaining([
        { name: "node", status: "pass" },
        { name: "users", status: "pass" },
        { name: "cart", status: "fail" },
      ]) as unknown,
    });
  });
});

describe("the protocol", () => {
  test("every answer carries the security headers", async () => {
    for (const path of [
      "/",
      "/api",
      "/docs/",
      "/nothing",
      "/api/v1/products",
      "/api/v1/me",
      "/health/ready",
      "/problems",
    ])
      expectSecurityHeaders((await send("GET", path)).headers);
  });

  test.each([
    ["nonsense", "NONSENSE\r\n\r\n", 400],
    ["two lengths", "POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400],
    [
      "length and chunks",
      "POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      400,
    ],
    ["headers without end", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["no host", "GET /api HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["two hosts", "GET /api HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n", 400],
    ["one host twice", "GET /api HTTP/1.1\r\nHost: x\r\nhOST: x\r\nConnection: close\r\n\r\n", 400],
    ["two hosts of HTTP/1.0", "GET /api HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400],
    ["HTTP/0.9", "GET /api\r\n\r\n", 400],
    ["HTTP/2.0 in the form of 1.1", "GET /api HTTP/2.0\r\nHost: x\r\nConnection: close\r\n\r\n", 400],
    ["an expectation", "GET /api HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n", 417],
  ])("%s is answered with a problem", async (_what, text, status) => {
    const reply = await raw(text);
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(reply).toContain("Content-Type: application/problem+json");
    expect(reply).toContain("X-Content-Type-Options: nosniff");
    expect(reply.toLowerCase()).toContain("x-request-id: ");
  });

  test("a client that disconnects within a body leaks no resources", async () => {
    const socket = connect(Number(new URL(shop.url).port), "127.0.0.1");
    socket.write(
      "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    );
    await once(socket, "connect");
    socket.destroy();
    expect((await send("GET", "/health/live")).status).toBe(200);
  });

  test("a port that is taken stops the start and names the setting", async () => {
    const { port } = new URL(shop.url);
    await expect(startShop({ services: ["api"], env: { PORT: port, LOG_LEVEL: "fatal" } })).rejects.toThrow(
      /PORT/,
    );
  });

  test("a stopping gateway drains requests in flight and accepts no new ones", async () => {
    let finish: (() => void) | undefined;
    const begun = Promise.withResolvers<void>();
    const slow: ServiceSchema = {
      name: "catalog",
      actions: {
        "products.list": () =>
          new Promise((resolve) => {
            finish = () => resolve({ items: [], nextCursor: null });
            begun.resolve();
          }),
      },
    };
    const stopping = await startShop({
      services: ["api"],
      prepare: (broker) => void broker.createService(slow),
    });
    const answer = fetch(`${stopping.url}/api/v1/products`);
    await begun.promise;
    const stopped = stopping.stop();
    finish?.();
    expect((await answer).status).toBe(200);
    await stopped;
    await expect(fetch(`${stopping.url}/health/live`)).rejects.toThrow("fetch failed");
  });

  test("a gateway that has more to do than it may refuses at once, and tells how it is all the same", async () => {
    const waiting: (() => void)[] = [];
    const arrived = Promise.withResolvers<void>();
    const slow: ServiceSchema = {
      name: "catalog",
      actions: {
        "products.list": () =>
          new Promise((resolve) => {
            waiting.push(() => resolve({ items: [], nextCursor: null }));
            if (waiting.length === 2) arrived.resolve();
          }),
      },
    };
    const env = { MAX_REQUESTS_IN_FLIGHT: "2" };
    const busy = await startShop({
      services: ["api"],
      env,
      prepare: (broker) => void broker.createService(slow),
    });
    const answers = [1, 2].map(() => fetch(`${busy.url}/api/v1/products`));
    await arrived.promise;
    const refused = await fetch(`${busy.url}/api/v1/products`);
    expect(refused.headers.get("retry-after")).toBe("1");
    await expectProblem(refused, 503, "unavailable");
    expect((await fetch(`${busy.url}/health/live`)).status).toBe(200);
    for (const answer of waiting) answer();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await fetch(`${busy.url}/api`)).status).toBe(200);
    await busy.stop();
  });

  test("a gateway that is about to stop says so, answers, and lets go of its connections", async () => {
    const stopping = await startShop({ services: ["api"] });
    startDraining(stopping.broker);
    const answer = await fetch(`${stopping.url}/api`);
    expect([answer.status, answer.headers.get("connection")]).toEqual([200, "close"]);
    const ready = await fetch(`${stopping.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      checks: expect.arrayContaining([{ name: "node", status: "fail" }]) as unknown,
    });
    expect((await fetch(`${stopping.url}/health/live`)).status).toBe(200);
    await stopping.stop();
  });

  test("a request waits for the in-flight attempt with the same key and gets its response", async () => {
    let tries = 0;
    const taken: ServiceSchema = {
      name: "orders",
      actions: {
        place: () => {
          tries += 1;
          if (tries < 3) throw new ShopError("idempotency-in-flight");
          return { id: newId(), version: 1 };
        },
      },
    };
    const once = await startShop({
      services: ["users", "api"],
      prepare: (broker) => void broker.createService(taken),
    });
    const account = { email: `${newId()}@example.com`, password: "correct horse battery" };
    const post = (path: string, body: object, headers = {}) =>
      fetch(`${once.url}/api/v1${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
    await post("/auth/register", { ...account, name: "Jane" });
    const { accessToken } = (await (await post("/auth/login", account)).json()) as Login;
    const placed = await post(
      "/orders",
      {},
      { authorization: `Bearer ${accessToken}`, "idempotency-key": newId() },
    );
    expect([placed.status, tries]).toEqual([201, 3]);
    await once.stop();
  });
});
