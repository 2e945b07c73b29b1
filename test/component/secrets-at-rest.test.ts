import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { decodeProtectedHeader } from "jose";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { SigningKeyRepository } from "../../services/users/data/signing-key-repository.ts";
import { TwoFactorRepository } from "../../services/users/data/two-factor-repository.ts";
import { SecretBox } from "../../mixins/support/secret-box.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import { encryptSecrets } from "../../services/users/jobs/encrypt-secrets.job.ts";
import { secretBox } from "../../mixins/support/secrets-key.ts";
import { TokenIssuer } from "../../services/users/token-issuer.ts";
import type { UsersDependencies } from "../../services/users/users.dependencies.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const password = "a quiet long sentence";
const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

describe("the users' database", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["api", "users", "audit"], env: { SWEEP_INTERVAL_SECONDS: "3600" } });
  });
  afterAll(() => shop.stop());

  type UsersService = Service & ServiceWithDatabase & { collaborators: UsersDependencies };
  const users = () => shop.broker.getLocalService("users") as UsersService;
  const execute = (sql: string, ...values: string[]) =>
    users().database.transaction(origin, (tx) => users().database.execute(sql, values, tx));
  const stored = async () => ({
    factors: await users().database.select<{ userId: string; secret: string }>(
      "SELECT user_id AS userId, secret FROM two_factor",
    ),
    keys: await users().database.select<{ kid: string; privateJwk: string }>(
      "SELECT kid, private_jwk AS privateJwk FROM signing_keys",
    ),
  });

  async function withSecondFactor() {
    const email = `${newId()}@example.org`;
    await shop.call("users.register", { email, password, name: "Ada" });
    const { user } = await shop.call("users.login", { email, password });
    const as: Caller = {
      kind: "user",
      userId: user.id,
      sessionId: newId(),
      role: "customer",
      permissions: [],
      verifiedAt: Date.now(),
    };
    const { secret } = await shop.call("users.two-factor.begin", {}, { as });
    await shop.call("users.two-factor.confirm", { code: totpCode(secret, totpStep(Date.now()) - 1) }, { as });
    return { userId: user.id, email, secret };
  }
  /** @returns an access token */
  async function logIn({
    email,
    secret,
    userId,
  }: {
    email: string;
    secret: string;
    userId: string;
  }): Promise<string> {
    await execute("UPDATE two_factor SET last_step = 0 WHERE user_id = ?", userId);
    const asked: unknown = await shop
      .call("users.login", { email, password })
      .catch((error: unknown) => error);
    const { challenge } = (asked as { data: { challenge: string } }).data;
    return (
      await shop.call("users.login.finish", { challenge, code: totpCode(secret, totpStep(Date.now())) })
    ).accessToken;
  }
  const isGood = async (token: string) =>
    (await fetch(`${shop.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status === 200;

  test("has neither the secrets of second factors nor the keys that sign in a form that can be read", async () => {
    const ada = await withSecondFactor();
    expect(await isGood(await logIn(ada))).toBe(true);
    const { factors, keys } = await stored();
    for (const { secret } of factors) expect(secret).toMatch(/^enc1:[a-z0-9-]+:[\w-]+$/);
    for (const { privateJwk } of keys) expect(privateJwk).toMatch(/^enc1:[a-z0-9-]+:[\w-]+$/);
    expect(factors).toHaveLength(1);
    expect(keys).toHaveLength(1);
  });

  test("as an earlier version left it goes on to work, and is encrypted, by any number of nodes at once", async () => {
    const box = await secretBox(configOf(shop.broker));
    const people = [await withSecondFactor(), await withSecondFactor()];
    for (const { userId, secret } of people)
      await execute("UPDATE two_factor SET secret = ? WHERE user_id = ?", secret, userId);
    for (const { kid, privateJwk } of (await stored()).keys)
      await execute(
        "UPDATE signing_keys SET private_jwk = ? WHERE kid = ?",
        box.open(privateJwk, `signing key ${kid}`),
        kid,
      );
    for (const person of people) expect(await isGood(await logIn(person))).toBe(true);

    const { database } = users();
    await Promise.all(
      [1, 2, 3].map(async () => {
        const signingKeys = new SigningKeyRepository(database, box);
        const twoFactor = new TwoFactorRepository(database, box);
        await database.transaction(origin, (tx) => signingKeys.encryptAll(tx));
        let last: string | undefined = "";
        while (last !== undefined) {
          const after: string = last;
          ({ last } = await database.transaction(origin, (tx) => twoFactor.encryptSome(after, 1, tx)));
        }
      }),
    );
    await runJob(shop, "users", encryptSecrets);
    const { factors, keys } = await stored();
    expect(
      [...factors.map(({ secret }) => secret), ...keys.map(({ privateJwk }) => privateJwk)].filter(
        (text) => !box.isCurrent(text),
      ),
    ).toEqual([]);
    for (const person of people) expect(await isGood(await logIn(person))).toBe(true);
  });

  test("can be given another key, and does not go with one that it does not know", async () => {
    const config = configOf(shop.broker);
    const person = await withSecondFactor();
    const { database } = users();
    const current =
      (await stored()).factors.find(({ userId }) => userId === person.userId)?.secret.split(":")[1] ?? "";
    const next = { id: "next", key: "n".repeat(40) };
    const text = config.secretKeys
      ? undefined
      : (await readFile(join(config.dataDir, "secrets-key.txt"), "utf8")).trim();
    const known = config.secretKeys?.[0] ?? { id: current, key: text?.slice(current.length + 1) ?? "" };
    const both = new SecretBox([next, known]);
    const [signingKeys, twoFactor] = [
      new SigningKeyRepository(database, both),
      new TwoFactorRepository(database, both),
    ];
    await expect(
      TokenIssuer.create(new SigningKeyRepository(database, new SecretBox([next])), config),
    ).rejects.toThrow(`SECRETS_KEY is missing the key ${current}`);
    await database.transaction(origin, async (tx) => {
      await signingKeys.encryptAll(tx);
      await twoFactor.encryptSome("", 100, tx);
    });
    const onlyNext = new TwoFactorRepository(database, new SecretBox([next]));
    expect(await onlyNext.of(person.userId)).toMatchObject({ secret: person.secret });
    await expect(
      TokenIssuer.create(new SigningKeyRepository(database, new SecretBox([next])), config),
    ).resolves.toBeDefined();
    // And back, for the following tests.
    const back = new SecretBox([known, next]);
    await database.transaction(origin, async (tx) => {
      await new SigningKeyRepository(database, back).encryptAll(tx);
      await new TwoFactorRepository(database, back).encryptSome("", 100, tx);
    });
    expect(await isGood(await logIn(person))).toBe(true);
  });

  test("in the embedded shape the key is made once, for the owner's eyes", async () => {
    const config = { ...configOf(shop.broker), secretKeys: undefined };
    const sealed = (await secretBox(config)).seal("secret", "x");
    expect((await secretBox(config)).open(sealed, "x")).toBe("secret");
    expect((await stat(join(config.dataDir, "secrets-key.txt"))).mode & 0o777).toBe(0o600);
  });

  const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? "";

  test("tokens of a withdrawn signing key are rejected within a second; other tokens and all sessions stay valid", async () => {
    const email = `${newId()}@example.org`;
    await shop.call("users.register", { email, password, name: "Ada" });
    const login = await shop.call("users.login", { email, password });
    let { refreshToken } = login;
    const renewed = async () => {
      const next = await shop.call("users.refresh", { refreshToken });
      ({ refreshToken } = next);
      return next.accessToken;
    };
    const first = kidOf(login.accessToken);
    const { kid: second } = await shop.call("users.signing-keys.rotate", {});
    await execute("UPDATE signing_keys SET created_at = created_at - 61000");
    let token = await renewed();
    while (kidOf(token) !== second) token = await renewed();
    expect([await isGood(login.accessToken), await isGood(token)]).toEqual([true, true]);

    const withdrawn = await Promise.allSettled(
      [1, 2].map(() => shop.call("users.signing-keys.withdraw", { kid: first })),
    );
    expect(withdrawn.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const began = Date.now();
    while (await isGood(login.accessToken)) expect(Date.now() - began).toBeLessThan(5000);
    expect(await isGood(token)).toBe(true);

    const { successor } = await shop.call("users.signing-keys.withdraw", { kid: second });
    while (await isGood(token));
    token = await renewed();
    expect(kidOf(token)).toBe(
      withdrawn.flatMap((one) => (one.status === "fulfilled" ? [one.value.successor] : []))[0],
    );
    expect(successor).not.toBe(second);
    while (!(await isGood(token)));
    await expect(shop.call("users.signing-keys.withdraw", { kid: first })).rejects.toMatchObject({
      type: "not-found",
    });
    await shop.settled();
    const { items } = await shop.call("audit.list", {
      type: "users.signing-key-withdrawn",
      sort: "occurredAt",
    });
    expect(items.map(({ entityId }) => entityId)).toEqual([first, second]);
  });
});
