import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Context, ServiceSchema } from "moleculer";
import type { ShopMeta } from "../../mixins/service/action-runtime.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { Nginx } from "./nginx.ts";

/** Requests that reached the services, by request id. */
const arrived = new Map<string, { params: Record<string, unknown>; meta: ShopMeta }>();

function noting(answer: (params: Record<string, unknown>) => unknown) {
  return (ctx: Context<Record<string, unknown>, ShopMeta>) => {
    arrived.set(ctx.requestID ?? "", { params: { ...ctx.params }, meta: ctx.meta });
    return answer(ctx.params);
  };
}

const long = "x".repeat(2000);
const catalog: ServiceSchema = {
  name: "catalog",
  actions: {
    "products.get": noting(({ idOrSlug, locale }) => ({ slug: idOrSlug, locale, text: long, version: 3 })),
    "products.update": noting(() => ({ version: 4 })),
  },
};
const orders: ServiceSchema = {
  name: "orders",
  actions: { place: noting(() => ({ id: newId(), version: 1 })) },
};
const cart: ServiceSchema = {
  name: "cart",
  actions: { create: noting(() => ({ id: newId(), version: 1, token: "t" })) },
};

/** A gateway that crashes on each request. */
async function dyingGateway(): Promise<{ url: string; server: Server; taken: () => number }> {
  let taken = 0;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      taken += 1;
      socket.destroy();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, taken: () => taken };
}

describe("nginx in front of gateways", () => {
  let shop: Shop;
  let nginx: Nginx;
  let token: string;
  let staff: string;

  beforeAll(async () => {
    shop = await startShop({
      services: ["users", "api"],
      env: { TRUSTED_PROXIES: "127.0.0.1", LOG_LEVEL: "fatal", LOCALES: "en,zh-CN,ja" },
      prepare: (broker) => [catalog, orders, cart].map((schema) => broker.createService(schema)),
    });
    nginx = await Nginx.start([shop.url]);
    const account = { email: `${newId()}@example.com`, password: "correct horse battery" };
    await send("POST", "/api/v1/auth/register", { body: { ...account, name: "Jane" } });
    token = await signIn(account);
    const administrator = { email: "admin@shop.example", password: "a long enough one" };
    await shop.call("users.administrator.ensure", administrator);
    staff = await signIn(administrator);
  }, 240_000);

  afterAll(async () => {
    await nginx?.stop();
    await shop?.stop();
  });

  interface Sent {
    readonly to?: Nginx;
    readonly body?: object | string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  async function send(method: string, path: string, { to = nginx, body, headers = {} }: Sent = {}) {
    const id = newId();
    const response = await fetch(to.url + path, {
      method,
      headers: {
        "x-request-id": id,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { id, status: response.status, headers: response.headers, text };
  }

  async function signIn(account: object): Promise<string> {
    const { text } = await send("POST", "/api/v1/auth/login", { body: account });
    return (JSON.parse(text) as { accessToken: string }).accessToken;
  }

  test.each(["plain", "tls"] as const)("takes its configuration, %s", (listen) => {
    expect(Nginx.check(listen)).toMatch(/syntax is ok[^]*test is successful/);
  });

  test("a request keeps its id if that is safe, through the gateway and in the log", async () => {
    const { id, headers } = await send("POST", "/api/v1/carts", { body: {} });
    expect(headers.get("x-request-id")).toBe(id);
    expect(arrived.has(id)).toBe(true);
    expect(await nginx.logOf(id)).toMatchObject([
      { client: "127.0.0.1", path: "/api/v1/carts", status: 201, cache: "" },
    ]);
    for (const unsafe of ["with space", "x".repeat(65), "ä"].map(encodeURI)) {
      const made =
        (await send("POST", "/api/v1/carts", { body: {}, headers: { "x-request-id": unsafe } })).headers.get(
          "x-request-id",
        ) ?? "";
      expect([made, unsafe]).toEqual([
        expect.stringMatching(/^[\w.-]{1,64}$/),
        expect.not.stringMatching(`^${made}$`),
      ]);
    }
  });

  test("kept answers are told apart by language, and by nothing else of Accept-Language", async () => {
    const path = `/api/v1/products/mug-${newId()}`;
    const languages = {
      "zh-CN,zh;q=0.9,en;q=0.8": "zh-CN",
      "zh-HK, zh;q=0.5": "zh-CN",
      "ja-JP": "ja",
      "fr, en-GB;q=0.5": "en",
      "fr-CA": "en",
    };
    const sent: string[] = [];
    for (let time = 0; time < 20; time += 1)
      for (const [accepted, language] of Object.entries(languages)) {
        const answer = await send("GET", path, { headers: { "accept-language": accepted } });
        sent.push(answer.id);
        expect(answer.headers.get("content-language")).toBe(language);
        expect(JSON.parse(answer.text)).toMatchObject(language === "en" ? {} : { locale: language });
      }
    expect(sent.filter((id) => arrived.has(id)).length).toBeLessThan(sent.length / 2);
  });

  test("callers cannot impersonate others", async () => {
    const claims = {
      "x-forwarded-for": "203.0.113.9, 127.0.0.1",
      forwarded: "for=203.0.113.9",
      "x-real-ip": "203.0.113.9",
    };
    const { id } = await send("POST", "/api/v1/carts", { body: {}, headers: claims });
    expect(arrived.get(id)?.meta.client?.address).toBe("127.0.0.1");
  });

  test("public responses are fetched from the gateway once, and each client gets a request id of its own", async () => {
    const path = `/api/v1/products/${newId()}`;
    const [first, second] = [await send("GET", path), await send("GET", path)];
    expect([first.text, first.headers.get("etag")]).toEqual([second.text, second.headers.get("etag")]);
    expect([first, second].map(({ headers }) => headers.get("x-request-id"))).toEqual([first.id, second.id]);
    expect(second.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
    expect(await nginx.logOf(first.id)).toMatchObject([{ cache: "MISS" }]);
    // A window boundary between the two starts a new key.
    expect(["HIT", "MISS"]).toContain((await nginx.logOf(second.id))[0]?.cache);
  });

  test("a client with a current copy gets 304, also from the cache", async () => {
    const path = `/api/v1/products/${newId()}`;
    const etag = (await send("GET", path)).headers.get("etag") ?? "";
    const again = await send("GET", path, { headers: { "if-none-match": etag } });
    expect([again.status, again.text]).toEqual([304, ""]);
  });

  test("requests with a token bypass the cache both ways", async () => {
    const path = `/api/v1/products/${newId()}`;
    await send("GET", path);
    const own = await send("GET", path, { headers: { authorization: `Bearer ${staff}` } });
    expect(own.headers.get("cache-control")).toBe("no-store");
    expect(await nginx.logOf(own.id)).toMatchObject([{ cache: "BYPASS" }]);
    const guest = await send("GET", path);
    expect(guest.headers.get("cache-control")).toContain("public");
    const wrong = await send("GET", path, { headers: { authorization: "Bearer nonsense" } });
    expect(wrong.status).toBe(401);
  });

  test("an answer that was compressed can be changed by the ETag that it came with", async () => {
    const path = `/api/v1/products/${newId()}`;
    const got = await send("GET", path, {
      headers: { authorization: `Bearer ${staff}`, "accept-encoding": "gzip" },
    });
    const etag = got.headers.get("etag") ?? "";
    expect([got.headers.get("content-encoding"), etag.slice(0, 4)]).toEqual(["gzip", 'W/"3']);
    const changed = await send("PATCH", path, {
      body: { name: "New" },
      headers: { authorization: `Bearer ${staff}`, "if-match": etag },
    });
    expect(changed.status).toBe(200);
    expect(arrived.get(changed.id)?.params).toMatchObject({ expectedVersion: 3 });
  });

  /** nginx whose next request goes to a crashing gateway, and the following one to the shop's. */
  async function beforeDying<T>(work: (to: Nginx, taken: () => number) => Promise<T>): Promise<T> {
    const dying = await dyingGateway();
    const to = await Nginx.start([dying.url, shop.url]);
    try {
      return await work(to, dying.taken);
    } finally {
      await to.stop();
      dying.server.close();
    }
  }

  test("when a gateway dies with a request that may be repeated, the client notices nothing", async () => {
    const path = `/api/v1/products/${newId()}`;
    const read = await beforeDying(async (to, taken) => ({
      ...(await send("GET", path, { to })),
      taken: taken(),
    }));
    expect([read.status, read.taken]).toEqual([200, 1]);

    const headers = { authorization: `Bearer ${token}`, "idempotency-key": newId() };
    const body = { note: long };
    const placed = await beforeDying(async (to, taken) => ({
      ...(await send("POST", "/api/v1/orders", { to, body, headers })),
      taken: taken(),
    }));
    expect([placed.status, placed.taken]).toEqual([201, 1]);
    expect(arrived.get(placed.id)?.params).toMatchObject(body);
  });

  test.each([
    ["no key", {}],
    ["a key that nothing compares", { "idempotency-key": "k" }],
  ])("what must not run twice is not sent twice: %s", async (_what, headers) => {
    const { made, next, taken } = await beforeDying(async (to, taken) => ({
      made: await send("POST", "/api/v1/carts", { to, body: {}, headers }),
      next: await send("POST", "/api/v1/carts", { to, body: {} }),
      taken: taken(),
    }));
    expect([made.status, made.headers.get("retry-after"), made.headers.get("content-type")]).toEqual([
      503,
      "2",
      "application/problem+json",
    ]);
    expect(JSON.parse(made.text)).toMatchObject({
      type: "/problems/unavailable",
      status: 503,
      traceId: made.id,
    });
    expect(arrived.has(made.id)).toBe(false);
    // nginx ejects the gateway for a while.
    expect([next.status, taken]).toEqual([201, 1]);
  });

  test("a gateway that is not there costs nothing, whatever is asked", async () => {
    const gone = await dyingGateway();
    gone.server.close();
    const to = await Nginx.start([gone.url, shop.url]);
    const answers = [
      await send("POST", "/api/v1/carts", { to, body: {} }),
      await send("GET", "/api/v1/products/mug", { to }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200]);
    await to.stop();
  });

  test("without a gateway, nginx responds with the shop's problem, and keepalived's check fails", async () => {
    const gone = await dyingGateway();
    gone.server.close();
    const to = await Nginx.start([gone.url]);
    const { id, status, headers, text } = await send("GET", "/api/v1/products", { to });
    expect([status, headers.get("x-request-id"), headers.get("cache-control")]).toEqual([
      503,
      id,
      "no-store",
    ]);
    expect(JSON.parse(text)).toMatchObject({ type: "/problems/unavailable", traceId: id });
    expect((await fetch(to.healthUrl)).status).toBe(204);
    expect((await fetch(`${to.healthUrl}/gateway`)).ok).toBe(false);
    await to.stop();
  });

  test("a body that is too large, and requests that are too many, are refused in the shop's words", async () => {
    const large = await send("POST", "/api/v1/carts", { body: { text: "x".repeat(1_100_000) } });
    expect([large.status, JSON.parse(large.text)]).toMatchObject([
      413,
      { type: "/problems/payload-too-large", traceId: large.id },
    ]);

    const to = await Nginx.start([shop.url]);
    const logins = await Promise.all(
      Array.from({ length: 40 }, () => send("POST", "/api/v1/auth/login", { to, body: {} })),
    );
    const refused = logins.find(({ status }) => status === 429);
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(JSON.parse(refused?.text ?? "{}")).toMatchObject({
      type: "/problems/too-many-requests",
      traceId: refused?.id,
    });
    expect((await send("GET", "/api/v1/products/mug", { to })).status).toBe(200);
    await to.stop();
  });
});
