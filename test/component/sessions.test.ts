import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { retryMs } from "../../services/users/domain/refresh-retry.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const password = "a quiet long sentence";
const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

describe("one's own sessions, over HTTP", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["api", "users", "audit"] });
  });
  afterAll(() => shop.stop());

  interface Request {
    readonly token?: string;
    readonly body?: object;
    readonly headers?: Readonly<Record<string, string>>;
  }

  async function send(method: string, path: string, { token, body, headers }: Request = {}) {
    const response = await fetch(`${shop.url}/api/v1${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
  }

  const login = async (email: string, userAgent = "test") => {
    const { body } = await send("POST", "/auth/login", {
      body: { email, password },
      headers: { "user-agent": userAgent },
    });
    const { sid } = decodeJwt<{ sid: string }>(body.accessToken);
    return {
      token: String(body.accessToken),
      refreshToken: String(body.refreshToken),
      sessionId: sid,
      id: String(body.user.id),
    };
  };
  async function newCustomer() {
    const email = `${newId()}@example.org`;
    await send("POST", "/auth/register", { body: { email, password, name: "Ada" } });
    return { email, ...(await login(email)) };
  }
  const refresh = async (refreshToken: string, key?: string) =>
    send("POST", "/auth/refresh", {
      body: { refreshToken },
      headers: key === undefined ? {} : { "idempotency-key": key },
    });
  const statusOf = async (token: string) => (await send("GET", "/me", { token })).status;
  const database = () => (shop.broker.getLocalService("users") as Service & ServiceWithDatabase).database;

  /** Polls until access is refused. The gateway may use its cache for a second. */
  const shutOut = async (token: string) => {
    while ((await statusOf(token)) !== 401) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test("each is listed with where it came from, and which one asks", async () => {
    const first = await newCustomer();
    const second = await login(first.email, "a phone");
    const { body } = await send("GET", "/me/sessions?sort=createdAt", { token: second.token });
    expect(body.items).toMatchObject([
      { id: first.sessionId, current: false, userAgent: "test", address: "127.0.0.1" },
      { id: second.sessionId, current: true, userAgent: "a phone", address: "127.0.0.1" },
    ]);
  });

  test("only its owner can end a session from another one", async () => {
    const [first, stranger] = [await newCustomer(), await newCustomer()];
    const second = await login(first.email);
    expect(await statusOf(second.token)).toBe(200);
    const theirs = await send("DELETE", `/me/sessions/${second.sessionId}`, { token: stranger.token });
    expect([theirs.status, await statusOf(second.token)]).toEqual([404, 200]);

    expect((await send("DELETE", `/me/sessions/${second.sessionId}`, { token: first.token })).status).toBe(
      204,
    );
    await shutOut(second.token);
    expect((await refresh(second.refreshToken)).status).toBe(401);
    expect((await send("DELETE", `/me/sessions/${second.sessionId}`, { token: first.token })).status).toBe(
      404,
    );
    expect((await send("GET", "/me/sessions", { token: first.token })).body.items).toHaveLength(1);
    await shop.settled();
    const filter = { entity: "user", entityId: first.id, type: "users.session-revoked" } as const;
    const { items } = await shop.call("audit.list", filter);
    expect(items).toMatchObject([{ details: { sessionId: second.sessionId, reason: "ended-by-owner" } }]);
  });

  test("all others are ended at once", async () => {
    const first = await newCustomer();
    const others = await Promise.all([login(first.email), login(first.email), login(first.email)]);
    expect((await send("DELETE", "/me/sessions", { token: first.token })).status).toBe(204);
    for (const { token } of others) await shutOut(token);
    expect(await statusOf(first.token)).toBe(200);
  });

  test("the history of sign-ins shows those that failed as well", async () => {
    const { email, token, sessionId } = await newCustomer();
    await send("POST", "/auth/login", {
      body: { email, password: "wrong" },
      headers: { "user-agent": "a stranger" },
    });
    const { body } = await send("GET", "/me/sign-ins", { token });
    expect(body.items).toMatchObject([
      { outcome: "wrong-password", sessionId: null, userAgent: "a stranger" },
      { outcome: "succeeded", sessionId, userAgent: "test" },
    ]);
  });

  describe("a refresh whose answer was lost", () => {
    test("gets the same refresh token again with the same Idempotency-Key, and the session goes on", async () => {
      const { refreshToken } = await newCustomer();
      const first = await refresh(refreshToken, "try-1");
      const again = await refresh(refreshToken, "try-1");
      expect([first.status, again.status]).toEqual([200, 200]);
      expect(again.body.refreshToken).toBe(first.body.refreshToken);
      expect([first, again].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([
        null,
        "true",
      ]);
      expect(await statusOf(again.body.accessToken)).toBe(200);
      expect((await refresh(first.body.refreshToken)).status).toBe(200);
    });

    test("ten at once with one key get one refresh token; without a key one gets it and the session ends", async () => {
      const [mine, theirs] = [await newCustomer(), await newCustomer()];
      const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(mine.refreshToken, "k")));
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
      expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);

      const rivals = await Promise.all([refresh(theirs.refreshToken), refresh(theirs.refreshToken)]);
      expect(rivals.map(({ status }) => status).sort((one, other) => one - other)).toEqual([200, 401]);
      await shutOut(theirs.token);
    });

    test.each<[string, string | undefined]>([
      ["another key", "try-2"],
      ["no key", undefined],
    ])("is a theft with %s: the whole session ends", async (_name, key) => {
      const { refreshToken, id } = await newCustomer();
      const { body } = await refresh(refreshToken, "try-1");
      expect((await refresh(refreshToken, key)).status).toBe(401);
      expect((await refresh(body.refreshToken)).status).toBe(401);
      await shutOut(body.accessToken);
      await shop.settled();
      const { items } = await shop.call("audit.list", {
        entity: "user",
        entityId: id,
        type: "users.session-revoked",
      });
      expect(items).toMatchObject([{ details: { reason: "refresh-token-reused" } }]);
    });

    test("is a theft once the new token was used, and after half a minute", async () => {
      const [early, late] = [await newCustomer(), await newCustomer()];
      const { body } = await refresh(early.refreshToken, "k");
      expect((await refresh(body.refreshToken, "k2")).status).toBe(200);
      expect((await refresh(early.refreshToken, "k")).status).toBe(401);

      await refresh(late.refreshToken, "k");
      await database().transaction(origin, (tx) =>
        database().execute(
          "UPDATE refresh_tokens SET used_at = used_at - ? WHERE session_id = ? AND used_at IS NOT NULL",
          [retryMs + 1, late.sessionId],
          tx,
        ),
      );
      expect((await refresh(late.refreshToken, "k")).status).toBe(401);
    });
  });
});
