import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { decodeProtectedHeader } from "jose";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { jobContext } from "../../mixins/service/jobs.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { rotateSigningKeys } from "../../services/users/jobs/rotate-signing-keys.job.ts";
import type { UsersDependencies } from "../../services/users/users.dependencies.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const password = "a quiet long sentence";
const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ services: ["api", "users", "audit"] });
});
afterAll(() => shop.stop());

const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? "";
const statusOf = async (token: string) =>
  (await fetch(`${shop.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;
const published = async () => {
  const response = await fetch(`${shop.url}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid).sort((one, other) => one.localeCompare(other));
};
const until = async (ready: () => Promise<boolean>) => {
  while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 20));
};
type UsersService = Service & ServiceWithDatabase & { collaborators: UsersDependencies };
const users = () => shop.broker.getLocalService("users") as UsersService;
/** Moves the creation of all keys into the past. */
const ageKeys = (ms: number) =>
  users().database.transaction(origin, (tx) =>
    users().database.execute("UPDATE signing_keys SET created_at = created_at - ?", [ms], tx),
  );
const runJob = () => rotateSigningKeys.run(jobContext(users(), "test"), users().collaborators);

test("a new key takes over and the old one is removed, without ending sessions", async () => {
  const email = `${newId()}@example.org`;
  await shop.call("users.register", { email, password, name: "Ada" });
  const login = await shop.call("users.login", { email, password });
  const first = kidOf(login.accessToken);
  let { refreshToken } = login;
  const renewed = async () => {
    const next = await shop.call("users.refresh", { refreshToken });
    ({ refreshToken } = next);
    return next.accessToken;
  };
  expect(await published()).toEqual([first]);
  expect(await statusOf(login.accessToken)).toBe(200);

  const rotations = await Promise.all([1, 2].map(() => shop.call("users.signing-keys.rotate", {})));
  const second = rotations[0]?.kid ?? "";
  expect(rotations.map(({ kid }) => kid)).toEqual([second, second]);
  expect(await shop.call("users.signing-keys.rotate", {})).toMatchObject({ kid: second });
  await until(async () => (await published()).length === 2);
  expect(kidOf(await renewed())).toBe(first);

  await ageKeys(61_000);
  let token = await renewed();
  await until(async () => kidOf((token = await renewed())) === second);
  expect(await Promise.all([statusOf(login.accessToken), statusOf(token)])).toEqual([200, 200]);
  await runJob();
  expect(await published()).toEqual([first, second]);

  // The last token of the first key has expired.
  await ageKeys(11 * 60_000);
  await runJob();
  await until(async () => (await published()).length === 1);
  expect(await published()).toEqual([second]);
  expect(await statusOf(await renewed())).toBe(200);
  await shop.settled();
  const { items } = await shop.call("audit.list", { entity: "signing-key", sort: "occurredAt" });
  expect(items.map(({ type, entityId }) => [type, entityId])).toEqual([
    ["users.signing-key-added", second],
    ["users.signing-key-retired", first],
  ]);
}, 240_000);

test("the job makes the next key when the newest has served its time, once for all nodes", async () => {
  const before = (await published()).length;
  await runJob();
  await ageKeys(91 * 24 * 3_600_000);
  await Promise.all([runJob(), runJob()]);
  await runJob();
  const keys = await users().database.select<{ kid: string }>("SELECT kid FROM signing_keys");
  expect(keys).toHaveLength(before + 1);
});
