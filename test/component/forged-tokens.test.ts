import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JWK, JWTPayload } from "jose";
import { SignJWT, UnsecuredJWT } from "jose";
import type { Service } from "moleculer";
import { newId } from "../../mixins/contract/ids.ts";
import type { UsersDependencies } from "../../services/users/users.dependencies.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import type { Person } from "../support/people.ts";
import { logIn, newApiKey, newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

/** Simulates a stolen signing key: the claims must be checked too. */
interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

interface Header {
  readonly alg?: string;
  readonly kid?: unknown;
  readonly typ?: string;
  readonly [name: string]: unknown;
}

const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const seconds = () => Math.floor(Date.now() / 1000);

describe("access tokens that the shop did not make, or not for this, or not for now", () => {
  let shop: Shop;
  let victim: Person;
  let key: SigningKey;
  let genuine: { header: Header; claims: JWTPayload & { sid: string }; parts: [string, string, string] };
  const thief = generateKeyPairSync("ed25519");
  const thiefsJwk = thief.publicKey.export({ format: "jwk" });
  /** Serves the attacker's keys, if they were fetched. */
  const keyServer = createServer((_request, response) => {
    keysFetched += 1;
    response
      .setHeader("content-type", "application/json")
      .end(JSON.stringify({ keys: [{ ...thiefsJwk, kid: "thief", alg: "EdDSA", use: "sig" }] }));
  });
  let keysFetched = 0;
  let keysUrl: string;

  beforeAll(async () => {
    shop = await startShop();
    victim = await newPerson(shop);
    const { collaborators } = shop.broker.getLocalService("users") as Service & {
      collaborators: UsersDependencies;
    };
    const [row] = await collaborators.signingKeys.all();
    if (!row) throw new Error("there is no signing key");
    const privateKey = createPrivateKey({
      key: JSON.parse(row.privateJwk) as Record<string, string>,
      format: "jwk",
    });
    key = { kid: row.kid, privateKey, publicJwk: createPublicKey(privateKey).export({ format: "jwk" }) };
    const [head = "", body = "", signature = ""] = victim.token.split(".");
    const read = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString()) as unknown;
    genuine = {
      header: read(head) as Header,
      claims: read(body) as typeof genuine.claims,
      parts: [head, body, signature],
    };
    await once(keyServer.listen(0, "127.0.0.1"), "listening");
    keysUrl = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks.json`;
  }, 240_000);
  afterAll(async () => {
    keyServer.close();
    await shop?.stop();
  });

  const me = (token: string, headers: Record<string, string> = {}) =>
    sendHttp(shop.url, { method: "GET", path: "/api/v1/me", token, headers });
  /** Signed with the shop's own key by default. */
  const signed = (claims: JWTPayload, header: Header = {}, by: KeyObject | Uint8Array = key.privateKey) =>
    new SignJWT({ ...genuine.claims, ...claims })
      .setProtectedHeader({ alg: "EdDSA", ...genuine.header, ...header } as { alg: string })
      .sign(by);
  const byThief = (header: Header) => signed({}, header, thief.privateKey);
  const without = (name: string) => {
    const { [name]: _left, ...claims } = genuine.claims as JWTPayload;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA", ...genuine.header } as { alg: string })
      .sign(key.privateKey);
  };

  async function expectRefused(cases: Readonly<Record<string, string | Promise<string>>>): Promise<void> {
    const wrong: string[] = [];
    for (const [name, made] of Object.entries(cases)) {
      const answer = await me(await made);
      const isRefused =
        answer.status === 401 &&
        problemIn(answer) === "unauthenticated" &&
        answer.headers.get("www-authenticate")?.includes("invalid_token");
      if (!isRefused) wrong.push(`${name}: ${answer.status} ${answer.body}`);
    }
    process.stdout.write(`${Object.keys(cases).length} forged tokens\n`);
    expect(wrong).toEqual([]);
    expect((await me(victim.token)).status).toBe(200);
  }

  test("control: a token signed with the shop's key is accepted", async () => {
    expect((await me(await signed({}))).status).toBe(200);
  });

  test("signatures: none, another's, or another's kind", async () => {
    const [head, body, signature] = genuine.parts;
    const publicBytes = Buffer.from(key.publicJwk.x ?? "", "base64url");
    const spki = createPublicKey(key.privateKey).export({ format: "pem", type: "spki" });
    const hmac = (secret: string | Uint8Array) => signed({}, { alg: "HS256" }, Buffer.from(secret));
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const flipped = Buffer.from(signature, "base64url");
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    await expectRefused({
      none: new UnsecuredJWT(genuine.claims).encode(),
      "none, with the right header besides": `${part({ ...genuine.header, alg: "none" })}.${body}.`,
      "none in other letters": `${part({ ...genuine.header, alg: "nOnE" })}.${body}.${signature}`,
      "no algorithm": `${part({ ...genuine.header, alg: undefined })}.${body}.${signature}`,
      "a list of algorithms": `${part({ ...genuine.header, alg: ["EdDSA"] })}.${body}.${signature}`,
      "the signature cut off": `${head}.${body}.`,
      "no third part": `${head}.${body}`,
      "a fourth part": `${victim.token}.${signature}`,
      "one bit of the signature": `${head}.${body}.${flipped.toString("base64url")}`,
      "half of the signature": `${head}.${body}.${signature.slice(0, 43)}`,
      "a signature of zeros": `${head}.${body}.${Buffer.alloc(64).toString("base64url")}`,
      "HS256 with the public key's bytes as secret": hmac(publicBytes),
      "HS256 with the public key as JWK as secret": hmac(JSON.stringify(key.publicJwk)),
      "HS256 with the public key as PEM as secret": hmac(spki),
      "HS256 with an empty secret, as text": `${part({ ...genuine.header, alg: "HS256" })}.${body}.${signature}`,
      "RS256 with another key": signed({}, { alg: "RS256" }, rsa),
      "PS256 with another key": signed({}, { alg: "PS256" }, rsa),
      "ES256 with another key": signed({}, { alg: "ES256" }, ec),
      "the right algorithm, another key under the same name": byThief({}),
      "the parts of another JWT": `${part({ ...genuine.header })}.${part({ ...genuine.claims, exp: seconds() + 9999 })}.${signature}`,
    });
  });

  test("kid games, and keys that the token brings along or tells to fetch", async () => {
    const kids: Record<string, unknown> = {
      "a path": "../../../../dev/null",
      "an absolute path": "/proc/self/environ",
      "an injection": "' UNION SELECT 'key' --",
      "another injection": `${key.kid}' OR '1'='1`,
      "a URL": "http://127.0.0.1/key",
      "a command": "| /bin/true",
      unknown: newId(),
      empty: "",
      "the right one with a space": `${key.kid} `,
      "the right one in capitals": `${key.kid.toUpperCase()}x`,
      "a zero byte": `${key.kid}\u0000`,
      __proto__: "__proto__",
      constructor: "constructor",
      "a number": 0,
      null: null,
      "a list": [key.kid],
      "an object": { kid: key.kid },
      huge: "k".repeat(9000),
    };
    const fetched = { jku: keysUrl, x5u: keysUrl };
    const cases: Record<string, string | Promise<string>> = {
      "no kid": byThief({ kid: undefined }),
      jwk: byThief({ jwk: thiefsJwk }),
      "jwk without kid": byThief({ jwk: thiefsJwk, kid: undefined }),
      jku: byThief({ jku: keysUrl, kid: "thief" }),
      x5u: byThief({ x5u: keysUrl, kid: "thief" }),
      x5c: byThief({ x5c: ["MIIB"], kid: "thief" }),
      "jku beside the right kid": byThief(fetched),
      "an extension that must be understood, by the shop's key": handSigned(
        { ...genuine.header, crit: ["x-new"], "x-new": true },
        key.privateKey,
      ),
    };
    for (const [name, kid] of Object.entries(kids))
      cases[`kid: ${name}`] = handSigned({ ...genuine.header, kid });
    await expectRefused(cases);
    expect(keysFetched).toBe(0);
  });

  /** With a header that libraries refuse to create. */
  function handSigned(header: object, by: KeyObject = thief.privateKey): string {
    const content = `${part(header)}.${part(genuine.claims)}`;
    return `${content}.${sign(null, Buffer.from(content), by).toString("base64url")}`;
  }

  test("claims that are not right, though the signature is", async () => {
    const other = await newPerson(shop);
    const ended = await logIn(shop, victim.email);
    await sendHttp(shop.url, { method: "POST", path: "/api/v1/auth/logout", token: ended.token });
    const sessionOf = (token: string) =>
      (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sid: string }).sid;
    await expectRefused({
      expired: signed({ exp: seconds() - 1, iat: seconds() - 601 }),
      "expired long ago": signed({ exp: 1 }),
      "expires as text": signed({ exp: "9999999999" as unknown as number }),
      "never expires": without("exp"),
      "not yet valid": signed({ nbf: seconds() + 60 }),
      "not valid before a text": signed({ nbf: "0" as unknown as number }),
      "another audience": signed({ aud: "another-api" }),
      "other audiences": signed({ aud: ["another-api", "a-third"] }),
      "no audience": without("aud"),
      "another issuer": signed({ iss: "https://elsewhere.example" }),
      "no issuer": without("iss"),
      "of another type": signed({}, { typ: "JWT" }),
      "of no type": signed({}, { typ: undefined as unknown as string }),
      "nobody's": without("sub"),
      "of no session": without("sid"),
      "someone else's session": signed({ sub: other.userId }),
      "of a session that is not there": signed({ sid: newId() }),
      "of a session that has ended": signed({ sid: sessionOf(ended.token) }),
      "a session that is an injection": signed({ sid: "' OR '1'='1" }),
      "a session that is a list": signed({ sid: [genuine.claims.sid] }),
      "an injection as its user": signed({ sub: `${victim.userId}' --` }),
    });
  });

  test("malformed access tokens", async () => {
    const administrator = await newPerson(shop, "administrator");
    const { key: apiKey } = await newApiKey(shop, administrator, ["users:read"]);
    await expectRefused({
      "a refresh token": victim.refreshToken,
      "an id": victim.userId,
      "the session's id": genuine.claims.sid,
      "a key with another end": `${apiKey.slice(0, -4)}AAAA`,
      "a key that goes on": `${apiKey}A`,
      "a key in the words of SQL": "sk_' OR 1=1 --".replaceAll(" ", "_").replaceAll("'", "-"),
      nonsense: "a.b.c",
      "only dots": "..",
      "very long": "a".repeat(8000),
      "JSON in three parts": [part({}), part({}), part({})].join("."),
      "no JSON in three parts": [part("x"), part("y"), part("z")].join("."),
    });
    const { status } = await sendHttp(shop.url, {
      method: "POST",
      path: "/api/v1/auth/refresh",
      body: JSON.stringify({ refreshToken: victim.token }),
    });
    expect(status).toBe(422);
    const basic = await sendHttp(shop.url, {
      method: "GET",
      path: "/api/v1/me",
      headers: { authorization: `Basic ${victim.token}` },
    });
    expect(basic.status).toBe(401);
    const asKey = await sendHttp(shop.url, {
      method: "GET",
      path: "/api/v1/me",
      headers: { "x-api-key": victim.token },
    });
    expect(asKey.status).toBe(401);
    const both = await sendHttp(shop.url, {
      method: "GET",
      path: "/api/v1/users",
      token: administrator.token,
      headers: { "x-api-key": apiKey },
    });
    expect(both.status).toBe(401);
    const inQuery = await sendHttp(shop.url, {
      method: "GET",
      path: `/api/v1/me?access_token=${victim.token}`,
    });
    expect(inQuery.status).toBe(401);
  });
});
