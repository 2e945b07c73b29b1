import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Endpoint } from "../../services/api/routing/endpoints.ts";
import { DocumentedSchemas } from "../fuzz/answer-schemas.ts";
import { faultsOf } from "../fuzz/judge.ts";
import { everyHostileText } from "../fuzz/requests.ts";
import { foreignKeys, hostileScalars } from "../fuzz/values.ts";
import { onCluster } from "../support/cluster-shape.ts";
import { inParallel } from "../support/in-parallel.ts";
import type { GoodRequest } from "../support/good-requests.ts";
import { GoodRequests, isAccepted } from "../support/good-requests.ts";
import type { HttpAnswer, HttpRequest } from "../support/http.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import { leavesOf, objectsOf, withKey, withLeaf } from "../support/json-places.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { heldBytes } from "../support/held-bytes.ts";

/** Each test covers every route of the contracts, including new ones. */
let shop: Shop;
let good: GoodRequests;
let schemas: DocumentedSchemas;
let staff: Promise<string>;
const signIn = async () => (await newPerson(shop, "administrator")).token;

beforeAll(async () => {
  shop = await startShop({ env: { LOG_LEVEL: "fatal", MAX_EVENT_LOOP_DELAY_MS: "60000" } });
  good = await GoodRequests.of(shop.url);
  schemas = new DocumentedSchemas(good.document);
  staff = signIn();
  await staff;
}, 240_000);
afterAll(() => shop?.stop());

/** Sends it with all permissions; logs in again if an earlier request ended the session. */
async function send(request: HttpRequest): Promise<HttpAnswer> {
  const mine = staff;
  const answer = await sendHttp(shop.url, { ...request, token: await mine });
  if (answer.status !== 401 || problemIn(answer) !== "unauthenticated") return answer;
  if (staff === mine) staff = signIn();
  return sendHttp(shop.url, { ...request, token: await staff });
}

/** Concurrently, but one by one behind small bulkheads, whose refusals say nothing about a request. */
async function ask<T extends { readonly endpoint: Endpoint }>(
  cases: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const hasFewPlaces = ({ endpoint: { contract } }: T) => contract.fairQueue !== undefined;
  await inParallel(
    cases.filter((item) => !hasFewPlaces(item)),
    work,
  );
  for (const item of cases.filter(hasFewPlaces)) await work(item);
}

const unknownField = (answer: HttpAnswer, key: string) =>
  answer.status === 422 &&
  (JSON.parse(answer.body) as { errors?: { path: string; code: string }[] }).errors?.some(
    ({ path, code }) => code === "unknown-field" && path.split(".").at(-1) === key,
  );

test("unknown keys are rejected by name, in every object of every body, and in every query", async () => {
  const cases: { endpoint: Endpoint; request: GoodRequest; key: string }[] = [];
  // Refused by contracts before servers are asked: on servers, one key shows that the contracts are in force.
  const keys = onCluster ? ["role"] : foreignKeys;
  for (const endpoint of good.endpoints) {
    const request = good.for(endpoint);
    for (const key of keys) {
      const { parameters } = good.operation(endpoint);
      if (
        !endpoint.route.upload &&
        !endpoint.route.rawBody &&
        !parameters.some(({ name, in: place }) => place === "query" && name === key)
      )
        cases.push({
          endpoint,
          request: { ...request, path: `${request.path}?${encodeURIComponent(key)}=1` },
          key,
        });
      if (!endpoint.takesBody) continue;
      const body = JSON.parse(request.body ?? "{}") as object;
      for (const place of objectsOf(body)) {
        const hostile = withKey(body, place, key, { role: "administrator" });
        const isKnown =
          key !== "__proto__" && (JSON.stringify(good.operation(endpoint).body) ?? "").includes(`"${key}":`);
        if (!isKnown && !place.takesAnyKey)
          cases.push({ endpoint, request: { ...request, body: hostile }, key });
      }
    }
  }
  const wrong: string[] = [];
  await ask(cases, async ({ endpoint, request, key }) => {
    const answer = await send(request);
    if (!unknownField(answer, key))
      wrong.push(
        `${endpoint.action}: ${key} in ${request.path.slice(-40)} ${request.body ?? ""} got ${answer.status} ${answer.body}`,
      );
  });
  process.stdout.write(`${cases.length} foreign keys\n`);
  expect(wrong.slice(0, 20)).toEqual([]);
}, 600_000);

test("hostile values in every scalar of every query, path and body are refused as the contract says, and never by a fault of the shop", async () => {
  const wrong: string[] = [];
  const times: number[] = [];
  const before = heldBytes();
  const cases: { endpoint: Endpoint; request: HttpRequest; isRefused: boolean }[] = [];
  const judge = async ({ endpoint, request, isRefused }: (typeof cases)[number]) => {
    const began = performance.now();
    const answer = await send(request);
    times.push(performance.now() - began);
    const asked = {
      operation: good.operation(endpoint),
      headers: request.headers ?? {},
      body: request.body as string | undefined,
    };
    const faults = faultsOf(asked, answer, schemas);
    if (isRefused && (answer.status < 400 || answer.status >= 500))
      faults.push(`got through with ${answer.status}`);
    for (const fault of faults)
      wrong.push(
        `${fault}: ${request.method} ${request.path.slice(0, 200)} ${String(request.body).slice(0, 300)}`,
      );
  };
  for (const endpoint of good.endpoints) {
    const request = good.for(endpoint);
    for (const { name, in: place } of good.operation(endpoint).parameters)
      for (const text of everyHostileText) {
        const value = encodeURIComponent(text.toWellFormed().slice(0, 4000)) || "-";
        if (place === "query")
          cases.push({
            endpoint,
            request: { ...request, path: `${request.path}?${name}=${value}` },
            isRefused: false,
          });
        if (place === "path")
          cases.push({
            endpoint,
            request: { ...request, path: good.operation(endpoint).path.replaceAll(/\{\w+\}/g, value) },
            isRefused: false,
          });
        if (place === "header")
          cases.push({
            endpoint,
            request: {
              ...request,
              headers: { ...request.headers, [name]: text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 4000) },
            },
            isRefused: false,
          });
      }
    if (!endpoint.takesBody) continue;
    const body = JSON.parse(request.body ?? "{}") as object;
    for (const leaf of leavesOf(body))
      for (const value of hostileScalars) {
        const hostile = withLeaf(body, leaf, value);
        const isRefused = !isAccepted(endpoint, { ...request, body: hostile });
        // Servers have no part in what contracts refuse.
        if (!isRefused || !onCluster)
          cases.push({ endpoint, request: { ...request, body: hostile }, isRefused });
      }
  }
  await ask(cases, judge);
  times.sort((one, other) => one - other);
  const at = (share: number) => `${times[Math.floor(times.length * share)]?.toFixed(0)} ms`;
  process.stdout.write(
    `${cases.length} hostile values: half of them answered within ${at(0.5)}, 99 of 100 within ${at(0.99)}, the slowest after ${times.at(-1)?.toFixed(0)} ms\n`,
  );
  expect(wrong.slice(0, 20)).toEqual([]);
  const held = heldBytes() - before;
  expect(held).toBeLessThan(100 * 1024 * 1024);
}, 300_000);

test("amounts and limits beyond reason are refused where a list takes them", async () => {
  const lists = good.endpoints.filter((endpoint) =>
    good.operation(endpoint).parameters.some(({ name }) => name === "limit"),
  );
  const wrong: string[] = [];
  for (const endpoint of lists)
    for (const limit of [
      "0",
      "-1",
      "1.5",
      "1e308",
      "1e9",
      "1000000000",
      "101",
      "NaN",
      "x",
      "[]",
      "%00",
      "",
    ]) {
      const request = good.for(endpoint);
      const { status } = await send({ ...request, path: `${request.path}?limit=${limit}` });
      if (status !== 422) wrong.push(`${endpoint.action}: limit=${limit} got ${status}`);
    }
  expect(lists.length).toBeGreaterThan(10);
  expect(wrong).toEqual([]);
});
