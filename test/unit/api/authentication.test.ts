import { describe, beforeAll, expect, jest, test } from "@jest/globals";
import type { CryptoKey, JWTPayload } from "jose";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { SessionAuthority } from "../../../services/api/request/authentication.ts";
import { Authentication } from "../../../services/api/request/authentication.ts";
import { newId } from "../../../mixins/contract/ids.ts";

interface Key {
  readonly kid: string;
  readonly sign: CryptoKey;
  readonly jwk: { kty: "OKP"; crv: "Ed25519"; x: string; kid: string; alg: "EdDSA"; use: "sig" };
}

let key: Key;
let anotherKey: Key;
let strangersKey: Key;

beforeAll(async () => {
  [key, anotherKey, strangersKey] = await Promise.all([newKey("key-1"), newKey("key-2"), newKey("key-1")]);
});

async function newKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { x = "" } = await exportJWK(publicKey);
  return { kid, sign: privateKey, jwk: { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" } };
}

const now = () => Math.floor(Date.now() / 1000);

interface Claims extends JWTPayload {
  sid?: string;
}

async function token(claims: Claims = {}, { by = key, typ = "at+jwt" }: { by?: Key; typ?: string } = {}) {
  const payload = {
    sub: newId(),
    sid: newId(),
    iss: "shopserver",
    aud: "shopserver-api",
    exp: now() + 60,
    ...claims,
  };
  const jwt = await new SignJWT(payload).setProtectedHeader({ alg: "EdDSA", kid: by.kid, typ }).sign(by.sign);
  return { header: `Bearer ${jwt}`, userId: payload.sub, sessionId: payload.sid };
}

function authority(holder: { userId: string } | null, keys: () => Key[] = () => [key]) {
  const answer = holder && { ...holder, role: "customer" as const, permissions: [], verifiedAt: 7 };
  return {
    jwks: jest.fn<SessionAuthority["jwks"]>(async () => ({ keys: keys().map(({ jwk }) => jwk) })),
    checkSession: jest.fn<SessionAuthority["checkSession"]>(async () => answer),
    checkApiKey: jest.fn<SessionAuthority["checkApiKey"]>(async () => null),
    checkOrderToken: jest.fn<SessionAuthority["checkOrderToken"]>(async () => null),
  };
}

const refused = expect.objectContaining({ type: "unauthenticated" });

test("without a token the caller is a guest, without a call", async () => {
  const users = authority(null);
  expect(await new Authentication(users).callerOf({})).toEqual({ kind: "guest" });
  expect(users.jwks).not.toHaveBeenCalled();
});

test("a good token of a good session is its user", async () => {
  const { header, userId, sessionId } = await token();
  const caller = await new Authentication(authority({ userId })).callerOf({ authorization: header });
  expect(caller).toEqual({
    kind: "user",
    userId,
    sessionId,
    role: "customer",
    permissions: [],
    verifiedAt: 7,
  });
});

test("many requests of one session at once ask about it once", async () => {
  const { header, userId } = await token();
  const users = authority({ userId });
  const authentication = new Authentication(users);
  await Promise.all(Array.from({ length: 50 }, () => authentication.callerOf({ authorization: header })));
  expect(users.checkSession).toHaveBeenCalledTimes(1);
  expect(users.jwks).toHaveBeenCalledTimes(1);
});

test("a session that is forgotten is asked about again", async () => {
  const { header, userId, sessionId } = await token();
  const users = authority({ userId });
  const authentication = new Authentication(users);
  await authentication.callerOf({ authorization: header });
  users.checkSession.mockResolvedValue(null);
  authentication.invalidateSession(sessionId);
  await expect(authentication.callerOf({ authorization: header })).rejects.toEqual(refused);
});

test("a session that has ended, or is someone else's, opens nothing", async () => {
  const { header } = await token();
  await expect(new Authentication(authority(null)).callerOf({ authorization: header })).rejects.toEqual(
    refused,
  );
  await expect(
    new Authentication(authority({ userId: newId() })).callerOf({ authorization: header }),
  ).rejects.toEqual(refused);
});

test.each<[string, Claims, { typ?: string }]>([
  ["has expired", { exp: now() - 1 }, {}],
  ["never expires", { exp: undefined }, {}],
  ["is another issuer's", { iss: "someone" }, {}],
  ["is for another audience", { aud: "someone" }, {}],
  ["names no session", { sid: undefined }, {}],
  ["is of another type", {}, { typ: "JWT" }],
])("a token that %s is refused", async (_why, claims, options) => {
  const { header, userId } = await token(claims, options);
  await expect(new Authentication(authority({ userId })).callerOf({ authorization: header })).rejects.toEqual(
    refused,
  );
});

test("a token that was good is refused once it has expired", async () => {
  const { header, userId } = await token();
  const authentication = new Authentication(authority({ userId }));
  await authentication.callerOf({ authorization: header });
  jest.useFakeTimers({ now: Date.now() + 61_000, advanceTimers: true });
  try {
    await expect(authentication.callerOf({ authorization: header })).rejects.toEqual(refused);
  } finally {
    jest.useRealTimers();
  }
});

test("a token that someone else signed is refused", async () => {
  const { header, userId } = await token({}, { by: strangersKey });
  await expect(new Authentication(authority({ userId })).callerOf({ authorization: header })).rejects.toEqual(
    refused,
  );
});

test("other algorithms are refused, none among them", async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const payload = part({
    sub: newId(),
    sid: newId(),
    iss: "shopserver",
    aud: "shopserver-api",
    exp: now() + 60,
  });
  for (const alg of ["none", "HS256"]) {
    const header = `Bearer ${part({ alg, kid: "key-1", typ: "at+jwt" })}.${payload}.${part({ a: 1 })}`;
    await expect(
      new Authentication(authority({ userId: newId() })).callerOf({ authorization: header }),
    ).rejects.toEqual(refused);
  }
});

test.each(["", "Bearer", "Bearer ", "Bearer a b", "Basic dTpw", "Bearer abc", "Bearer a.b.c", "Bearer ...."])(
  "%j is refused",
  async (header) => {
    await expect(new Authentication(authority(null)).callerOf({ authorization: header })).rejects.toEqual(
      refused,
    );
  },
);

test("a new key is fetched when a token names it, but unknown names do not make a storm", async () => {
  let keys = [key];
  const { header, userId } = await token();
  const users = authority({ userId }, () => keys);
  const authentication = new Authentication(users);
  await authentication.callerOf({ authorization: header });
  keys = [key, anotherKey];
  const later = await token({ sub: userId }, { by: anotherKey });
  for (let tries = 0; tries < 5; tries += 1)
    await expect(authentication.callerOf({ authorization: later.header })).rejects.toEqual(refused);
  expect(users.jwks).toHaveBeenCalledTimes(1);

  const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 3000);
  expect(await authentication.callerOf({ authorization: later.header })).toMatchObject({ userId });
  clock.mockRestore();
  expect(users.jwks).toHaveBeenCalledTimes(2);
});

test("when the users service is away its error passes, and the next request asks again", async () => {
  const { header, userId } = await token();
  const users = authority({ userId });
  const away = Object.assign(new Error("away"), { type: "SERVICE_NOT_AVAILABLE" });
  const authentication = new Authentication(users);
  users.jwks.mockRejectedValueOnce(away);
  await expect(authentication.callerOf({ authorization: header })).rejects.toBe(away);
  users.checkSession.mockRejectedValueOnce(away);
  await expect(authentication.callerOf({ authorization: header })).rejects.toBe(away);
  expect(await authentication.callerOf({ authorization: header })).toMatchObject({ kind: "user" });
});

describe("tokens of orders", () => {
  const orderToken = `ot_${"k".repeat(43)}`;
  const known = { orderId: newId(), customerId: newId() };

  test.each([{ authorization: `Bearer ${orderToken}` }, { "x-order-token": orderToken }])(
    "%j stands for that order",
    async (sent) => {
      const users = authority(null);
      users.checkOrderToken.mockResolvedValue(known);
      expect(await new Authentication(users).callerOf(sent)).toEqual({ kind: "order", ...known });
      const [[hash] = []] = users.checkOrderToken.mock.calls;
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  test.each([
    { "x-order-token": "ot_short" },
    { "x-order-token": orderToken.slice(3) },
    { "x-order-token": orderToken, authorization: `Bearer ${orderToken}` },
    { "x-order-token": orderToken, "x-api-key": `sk_${"k".repeat(43)}` },
    { "x-order-token": [orderToken, orderToken] },
    { authorization: `Bearer ${orderToken}x` },
  ])("%j is refused without a call", async (sent) => {
    const users = authority(null);
    await expect(new Authentication(users).callerOf(sent)).rejects.toEqual(refused);
    expect(users.checkOrderToken).not.toHaveBeenCalled();
  });

  test("an unknown one is refused, and a failed look-up is repeated", async () => {
    const users = authority(null);
    const authentication = new Authentication(users);
    users.checkOrderToken.mockRejectedValueOnce(new Error("away"));
    await expect(authentication.callerOf({ "x-order-token": orderToken })).rejects.toThrow("away");
    await expect(authentication.callerOf({ "x-order-token": orderToken })).rejects.toMatchObject({
      type: "unauthenticated",
    });
    expect(users.checkOrderToken).toHaveBeenCalledTimes(2);
  });
});

describe("API keys", () => {
  const apiKey = `sk_${"k".repeat(43)}`;
  const known = { keyId: newId(), permissions: ["stock:write" as const] };

  test.each([{ authorization: `Bearer ${apiKey}` }, { "x-api-key": apiKey }])(
    "%j is who has the key",
    async (sent) => {
      const users = authority(null);
      users.checkApiKey.mockResolvedValue(known);
      expect(await new Authentication(users).callerOf(sent)).toEqual({ kind: "key", ...known });
      const [[hash] = []] = users.checkApiKey.mock.calls;
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    },
  );

  test.each([
    { "x-api-key": "sk_short" },
    { "x-api-key": apiKey.slice(3) },
    { "x-api-key": `${apiKey}x` },
    { "x-api-key": apiKey, authorization: `Bearer ${apiKey}` },
    { "x-api-key": [apiKey, apiKey] },
  ])("%j is refused without a call", async (sent) => {
    const users = authority(null);
    await expect(new Authentication(users).callerOf(sent)).rejects.toEqual(refused);
    expect(users.checkApiKey).not.toHaveBeenCalled();
  });

  test("many requests ask once", async () => {
    const users = authority(null);
    users.checkApiKey.mockResolvedValue(known);
    const authentication = new Authentication(users);
    const callers = await Promise.all(
      Array.from({ length: 50 }, () => authentication.callerOf({ "x-api-key": apiKey })),
    );
    expect([callers.length, users.checkApiKey.mock.calls.length]).toEqual([50, 1]);
  });
});
