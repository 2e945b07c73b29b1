import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { generateKeyPairSync } from "node:crypto";
import { request as openRequest } from "node:http";
import { SignJWT, UnsecuredJWT } from "jose";
import { endpointsOf } from "../../services/api/endpoints.ts";
import { newId } from "../../services/contract/ids.ts";
import { allContracts } from "../../services/contracts.ts";
import type { FuzzRequest } from "../fuzz/requests.ts";
import type { FuzzAnswer } from "../fuzz/judge.ts";
import { faultsOf } from "../fuzz/judge.ts";
import type { ApiDocument, Operation } from "../fuzz/operations.ts";
import { operationsOf } from "../fuzz/operations.ts";
import { everyHostileText } from "../fuzz/requests.ts";
import { foreignKeys, hostileScalars } from "../fuzz/values.ts";
import { shopToFuzz } from "../fuzz/shop-to-fuzz.ts";
import type { Shop } from "../support/shop.ts";

/** Each of these goes over every route that the contracts declare, so that a new one is covered by itself. */
let shop: Shop;
let tokens: { customer: string; administrator: string };
let signIn: () => Promise<typeof tokens>;
let document: ApiDocument;
let operations: Operation[];
const endpoints = endpointsOf(allContracts);

beforeAll(async () => {
  const made = await shopToFuzz();
  ({ shop, signIn } = made);
  tokens = await signIn();
  document = (await (await fetch(`${shop.url}/openapi.json`)).json()) as ApiDocument;
  operations = operationsOf(document);
}, 60_000);
afterAll(() => shop.stop());

interface Sent {
  readonly as?: keyof typeof tokens;
  readonly token?: string;
  readonly body?: string | undefined;
  readonly headers?: Record<string, string>;
}

/** Signs in again where an earlier request has ended the session. */
async function send(method: string, path: string, sent: Sent = {}): Promise<FuzzAnswer> {
  const { as, token = as && tokens[as] } = sent;
  const answer = await sendOnce(method, path, { ...sent, ...(token ? { token } : {}) });
  if (as === undefined || answer.status !== 401 || !answer.body.includes("/problems/unauthenticated")) return answer;
  tokens = await signIn();
  return sendOnce(method, path, { ...sent, token: tokens[as] });
}

async function sendOnce(method: string, path: string, { token, body, headers = {} }: Sent): Promise<FuzzAnswer> {
  const response = await fetch(shop.url + path, {
    method,
    ...(body === undefined ? {} : { body }),
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const withIds = (path: string) => path.replace(/\{\w+\}/g, () => newId());
const neededHeaders = ({ parameters }: Operation) =>
  Object.fromEntries(parameters.filter(({ in: place, required }) => place === "header" && required).map(({ name }) => [name, name === "If-Match" ? '"1"' : newId()]));
const takesJson = ({ method, otherBodies }: Operation) => ["POST", "PUT", "PATCH"].includes(method) && otherBodies.length === 0;

test("the gateway has exactly the routes that contracts declare", () => {
  const declared = endpoints.map(({ route, path }) => `${route.method} ${path.replace(/\{\w+\}/g, "{}")}`);
  const described = operations.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`);
  expect(described.sort()).toEqual(declared.sort());
});

test("every route refuses who may not use it, whatever they send", async () => {
  const wrong: string[] = [];
  for (const { route, contract, path, action } of endpoints) {
    const isOpen = contract.access === "anyone";
    const needsPermission = typeof contract.access === "object" && "permission" in contract.access;
    const asGuest = await send(route.method, withIds(path));
    const asCustomer = await send(route.method, withIds(path), { as: "customer" });
    if (!isOpen && asGuest.status !== 401) wrong.push(`${action}: guest got ${asGuest.status}`);
    if (needsPermission && asCustomer.status !== 403) wrong.push(`${action}: customer got ${asCustomer.status}`);
    if (!isOpen && !needsPermission && asCustomer.status === 401) wrong.push(`${action}: customer got 401`);
  }
  expect(wrong).toEqual([]);
});

test("keys that nobody asked for are refused everywhere, in body and query", async () => {
  const wrong: string[] = [];
  for (const operation of operations) {
    const as = "administrator";
    for (const key of foreignKeys) {
      const isKnown = operation.parameters.some(({ name }) => name === key) || JSON.stringify(operation.body ?? {}).includes(`"${key}":`);
      if (isKnown) continue;
      const path = `${withIds(operation.path)}?${encodeURIComponent(key)}=1`;
      const answers = [await send(operation.method, path, { as, body: takesJson(operation) ? "{}" : undefined, headers: neededHeaders(operation) })];
      if (takesJson(operation))
        answers.push(await send(operation.method, withIds(operation.path), { as, body: `{${JSON.stringify(key)}:{"role":"administrator"}}`, headers: neededHeaders(operation) }));
      for (const { status } of answers) if (status < 400 || status >= 500) wrong.push(`${operation.name}: ${key} got ${status}`);
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);

test("hostile values in every scalar of every query, path and body are answered, and never by a fault of the shop", async () => {
  const wrong: string[] = [];
  let tried = 0;
  const before = process.memoryUsage().rss;
  const judge = async (operation: Operation, path: string, body: string | undefined) => {
    tried += 1;
    const headers = neededHeaders(operation);
    const answer = await send(operation.method, path, { as: "customer", body, headers });
    const faults = faultsOf({ operation } as FuzzRequest, answer);
    for (const fault of faults) wrong.push(`${fault}: ${operation.method} ${path.slice(0, 200)} ${body?.slice(0, 200) ?? ""}`);
  };
  for (const operation of operations) {
    for (const { name, in: place } of operation.parameters)
      for (const text of everyHostileText) {
        const value = encodeURIComponent(text.toWellFormed().slice(0, 4000)) || "-";
        if (place === "query") await judge(operation, `${withIds(operation.path)}?${name}=${value}`, undefined);
        if (place === "path") await judge(operation, withIds(operation.path.replace(`{${name}}`, value)), takesJson(operation) ? "{}" : undefined);
      }
    for (const name of Object.keys(operation.body?.properties ?? {}))
      for (const value of hostileScalars) await judge(operation, withIds(operation.path), JSON.stringify({ [name]: value }));
  }
  process.stdout.write(`${tried} hostile requests\n`);
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
}, 300_000);

test("amounts and limits beyond reason are refused where a list or a quantity takes them", async () => {
  const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => name === "limit"));
  const wrong: string[] = [];
  for (const { name, path } of lists)
    for (const limit of ["0", "-1", "1.5", "1e308", "1000000000", "NaN", "x", "[]", "%00"]) {
      const { status } = await send("GET", `${withIds(path)}?limit=${limit}`, { as: "administrator" });
      if (status < 400 || status >= 500) wrong.push(`${name}: limit=${limit} got ${status}`);
    }
  expect(wrong).toEqual([]);
});

test("what belongs to someone else is not there, whatever is tried with its id, and stays as it was", async () => {
  const [owner, other] = [(await signIn()).customer, (await signIn()).customer];
  const mine = (method: string, path: string, body?: string) => sendOnce(method, `/api/v1${path}`, { token: owner, body });
  const address = JSON.stringify({ address: { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1 1AA", country: "GB" } });
  const made = [await mine("POST", "/me/addresses", address), await mine("POST", "/carts")];
  expect(made.map(({ status }) => status)).toEqual([201, 201]);
  const sessions = await mine("GET", "/me/sessions");
  const ids = [...new Set([...made, sessions].flatMap(({ body }) => [...body.matchAll(/"id":"([0-9a-f-]{36})"/g)].map(([, id = ""]) => id)))];
  const state = async () => Promise.all(["/me", "/me/addresses"].map(async (path) => (await mine("GET", path)).body));
  const before = await state();

  const wrong: string[] = [];
  for (const operation of operations.filter(({ path }) => path.includes("{")))
    for (const id of ids) {
      const path = operation.path.replace(/\{\w+\}/g, id);
      const sent = { token: other, body: takesJson(operation) ? "{}" : undefined, headers: neededHeaders(operation) };
      const { status } = await sendOnce(operation.method, path, sent);
      if (status < 400 || status >= 500) wrong.push(`${operation.name}: ${status}`);
      const refused = [401, 403, 404, 412, 415, 422].includes(status);
      if (!refused || (status !== 404 && status !== 403 && operation.method === "GET")) wrong.push(`${operation.name}: ${status}`);
    }
  expect(wrong).toEqual([]);
  expect(await state()).toEqual(before);
}, 120_000);

describe("bodies that are no honest JSON", () => {
  const path = "/api/v1/auth/login";
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(shop.url + path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } }).then(({ status }) => status);

  test.each([
    ["bad UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), {}, 400],
    ["far too deep", `{"email":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, {}, 400],
    ["a little too deep", `{"email":${"[".repeat(40)}${"]".repeat(40)}}`, {}, 400],
    ["a key twice", '{"email":"ada@example.org","email":"bob@example.org","password":"correct horse battery"}', {}, 422],
    ["packed", Buffer.alloc(1000), { "content-encoding": "gzip" }, 415],
    ["an array", "[]", {}, 422],
    ["larger than allowed", `{"email":"${"a".repeat(300_000)}"}`, {}, 413],
  ])("%s", async (_name, body, headers, status) => {
    expect(await post(body, headers)).toBe(status);
  });

  test("a body of 100 MB is refused when it says so, before it is sent", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": String(100 * 1024 * 1024) };
      const request = openRequest(shop.url + path, { method: "POST", headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on("error", reject);
      request.write("{");
    });
    expect(status).toBe(413);
  });
});

describe("access tokens that the shop did not make, or not for this", () => {
  const claims = { sub: newId(), sid: newId() };
  const { privateKey } = generateKeyPairSync("ed25519");
  const genuine = () => JSON.parse(Buffer.from(tokens.customer.split(".")[1] ?? "", "base64url").toString()) as Record<string, string>;
  const header = () => JSON.parse(Buffer.from(tokens.customer.split(".")[0] ?? "", "base64url").toString()) as { alg: string; kid: string; typ: string };
  const forged = (protectedHeader: Record<string, unknown>, payload: Record<string, unknown> = genuine()) =>
    new SignJWT(payload).setProtectedHeader({ ...header(), ...protectedHeader }).sign(privateKey);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  test("are refused, all of them", async () => {
    tokens = await signIn();
    const [head = "", body = "", signature = ""] = tokens.customer.split(".");
    const cases: Record<string, string> = {
      none: new UnsecuredJWT({ ...genuine() }).encode(),
      "none in other letters": `${part({ ...header(), alg: "nOnE" })}.${body}.`,
      "no signature": `${head}.${body}.`,
      "another algorithm with the public key as secret": `${part({ ...header(), alg: "HS256" })}.${body}.${signature}`,
      "another key under the same name": await forged({}),
      "a key that is not known": await forged({ kid: newId() }),
      "a key that is a path": await forged({ kid: "../../../../dev/null" }),
      "a key that is an injection": await forged({ kid: "' UNION SELECT 'key" }),
      "a key of its own": await forged({ jwk: { kty: "OKP" } }),
      "claims exchanged": `${head}.${part({ ...genuine(), sub: claims.sub })}.${signature}`,
      "never expires": `${head}.${part({ ...genuine(), exp: 9_999_999_999 })}.${signature}`,
      "an id instead": newId(),
      nonsense: "a.b.c",
      "very long": "a".repeat(8000),
    };
    for (const [name, token] of Object.entries(cases)) {
      const { status, headers } = await send("GET", "/api/v1/me", { token });
      expect({ name, status }).toEqual({ name, status: 401 });
      expect(headers.get("www-authenticate")).toContain("Bearer");
    }
    expect((await send("GET", "/api/v1/me", { token: tokens.customer })).status).toBe(200);
  });
});
