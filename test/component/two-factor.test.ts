import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import type { ShopError } from "../../mixins/contract/errors.ts";
import { roles } from "../../mixins/contract/permissions.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { stepUpMs } from "../../mixins/contract/step-up.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import { mailTo, tokenIn } from "../support/mailbox.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const password = "a quiet long sentence";
const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
const refused = (type: string) => expect.objectContaining({ type });

describe("second factors", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["users", "audit"], env: { STAFF_TWO_FACTOR: "required" } });
  });
  afterAll(() => shop.stop());

  type Tokens = Result<"users.login">;
  const callerOf = (tokens: Tokens): UserCaller => {
    const { sub, sid } = decodeJwt<{ sid: string }>(tokens.accessToken);
    return { ...customer(sub), sessionId: sid, role: tokens.user.role };
  };
  const login = async (email: string) => shop.call("users.login", { email, password }, { as: guest });
  async function newCustomer() {
    const email = `${newId()}@example.org`;
    await shop.call("users.register", { email, password, name: "Ada" }, { as: guest });
    const as = callerOf(await login(email));
    return { email, as, id: as.userId };
  }
  /** A code of an app whose clock is ahead by this many steps. */
  const codeOf = (secret: string, ahead = 0) => totpCode(secret, totpStep(Date.now()) + ahead);
  /** An invalid code. */
  const wrongCode = (secret: string) => {
    const near = new Set([-1, 0, 1].map((ahead) => codeOf(secret, ahead)));
    return ["000000", "111111", "222222", "333333"].find((code) => !near.has(code)) ?? "";
  };
  async function withSecondFactor() {
    const person = await newCustomer();
    const { secret } = await shop.call("users.two-factor.begin", {}, { as: person.as });
    const { recoveryCodes } = await shop.call(
      "users.two-factor.confirm",
      { code: codeOf(secret) },
      { as: person.as },
    );
    await later(person.id);
    return { ...person, secret, recoveryCodes };
  }
  async function challengeFor(email: string): Promise<string> {
    const error = await login(email).catch((refusal: unknown) => refusal as ShopError);
    expect(error).toMatchObject({ type: "second-factor-required", data: { expiresIn: 300 } });
    return String((error as ShopError).data["challenge"]);
  }
  const finish = async (challenge: string, code: string) =>
    shop.call("users.login.finish", { challenge, code }, { as: guest });
  const isGood = async ({ sessionId }: UserCaller) =>
    (await shop.call("users.sessions.check", { sessionId })) !== null;
  const database = () => (shop.broker.getLocalService("users") as Service & ServiceWithDatabase).database;
  /** Moves the last used time step back by one. */
  const later = (userId: string) =>
    database().transaction(origin, (tx) =>
      database().execute(
        "UPDATE two_factor SET last_step = last_step - 2, blocked_until = 0 WHERE user_id = ?",
        [userId],
        tx,
      ),
    );

  test("it is on when a first code has confirmed it; other sessions end, and a mail tells its owner", async () => {
    const { email, as } = await newCustomer();
    const other = callerOf(await login(email));
    const { secret, uri } = await shop.call("users.two-factor.begin", {}, { as });
    expect(uri).toContain(`secret=${secret}`);
    expect((await login(email)).user.email).toBe(email);
    const wrong = shop.call("users.two-factor.confirm", { code: wrongCode(secret) }, { as });
    await expect(wrong).rejects.toMatchObject({
      type: "validation-failed",
      data: { errors: [{ code: "wrong-code" }] },
    });

    const { recoveryCodes } = await shop.call("users.two-factor.confirm", { code: codeOf(secret) }, { as });
    expect(recoveryCodes).toHaveLength(10);
    expect(await Promise.all([isGood(as), isGood(other)])).toEqual([true, false]);
    const state = await shop.call("users.two-factor.get", {}, { as });
    expect(state).toEqual({ enabled: true, required: false, recoveryCodesLeft: 10 });
    expect((await mailTo(shop.dataDir, email, /authentication was enabled/)).text).not.toContain(secret);
    const stored = JSON.stringify(await database().select("SELECT * FROM recovery_codes"));
    for (const code of recoveryCodes) expect(stored).not.toContain(code.replaceAll("-", ""));
    await expect(shop.call("users.two-factor.begin", {}, { as })).rejects.toEqual(
      refused("illegal-transition"),
    );
  });

  test("a login takes two steps, and a code works once", async () => {
    const { email, secret, id } = await withSecondFactor();
    const challenge = await challengeFor(email);
    await expect(finish(challenge, wrongCode(secret))).rejects.toEqual(refused("invalid-second-factor"));
    const code = codeOf(secret);
    const tokens = await finish(challenge, code);
    expect(tokens.user.email).toBe(email);
    await expect(finish(challenge, codeOf(secret, 1))).rejects.toEqual(refused("invalid-second-factor"));
    // The same code, with a new challenge and within its time.
    await expect(finish(await challengeFor(email), code)).rejects.toEqual(refused("invalid-second-factor"));
    await shop.settled();
    const { items } = await shop.call("audit.list", {
      entity: "user",
      entityId: id,
      type: "users.login-failed",
    });
    expect(items.map(({ details }) => details["reason"])).toContain("wrong-code");
  });

  test("of ten logins at once with one code, one succeeds", async () => {
    const { email, secret } = await withSecondFactor();
    const challenges = await Promise.all(Array.from({ length: 4 }, () => challengeFor(email)));
    const code = codeOf(secret);
    const outcomes = await Promise.allSettled(challenges.map((challenge) => finish(challenge, code)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("a recovery code does instead, once", async () => {
    const { email, as, recoveryCodes } = await withSecondFactor();
    const [code = ""] = recoveryCodes;
    expect((await finish(await challengeFor(email), code.toUpperCase())).user.email).toBe(email);
    await expect(finish(await challengeFor(email), code)).rejects.toEqual(refused("invalid-second-factor"));
    expect(await shop.call("users.two-factor.get", {}, { as })).toMatchObject({ recoveryCodesLeft: 9 });
    const renewed = await shop.call("users.two-factor.renew-codes", {}, { as });
    const [, old = ""] = recoveryCodes;
    await expect(finish(await challengeFor(email), old)).rejects.toEqual(refused("invalid-second-factor"));
    expect((await finish(await challengeFor(email), renewed.recoveryCodes[0] ?? "")).user.email).toBe(email);
  });

  test("a challenge is good for five tries, and many wrong codes make their sender wait, not the owner for good", async () => {
    const { email, secret, id } = await withSecondFactor();
    const challenge = await challengeFor(email);
    for (let n = 0; n < 5; n += 1)
      await expect(finish(challenge, wrongCode(secret))).rejects.toEqual(refused("invalid-second-factor"));
    await later(id);
    await expect(finish(challenge, codeOf(secret))).rejects.toEqual(refused("invalid-second-factor"));
    await expect(finish(await challengeFor(email), wrongCode(secret))).rejects.toEqual(
      refused("invalid-second-factor"),
    );
    const blocked = finish(await challengeFor(email), codeOf(secret));
    await expect(blocked).rejects.toMatchObject({
      type: "too-many-requests",
      data: { retryAfter: expect.any(Number) },
    });
    await later(id);
    expect((await finish(await challengeFor(email), codeOf(secret))).user.email).toBe(email);
  });

  test("an expired or made-up challenge is none, and a new password ends those that wait", async () => {
    const { email, as, secret } = await withSecondFactor();
    await expect(finish("made-up", codeOf(secret))).rejects.toEqual(refused("invalid-second-factor"));
    const ended = await challengeFor(email);
    await shop.call(
      "users.me.password.change",
      { currentPassword: password, password: `${password} 2` },
      { as },
    );
    await expect(finish(ended, codeOf(secret))).rejects.toEqual(refused("invalid-second-factor"));
  });

  test("step-up takes the second factor, not the password", async () => {
    const { as, secret } = await withSecondFactor();
    const stale = { ...as, verifiedAt: Date.now() - stepUpMs };
    await expect(shop.call("users.two-factor.disable", {}, { as: stale })).rejects.toEqual(
      refused("step-up-required"),
    );
    const byPassword = shop.call("users.step-up", { password }, { as: stale });
    await expect(byPassword).rejects.toMatchObject({
      type: "validation-failed",
      data: { errors: [{ path: "code" }] },
    });
    const wrong = shop.call("users.step-up", { code: wrongCode(secret) }, { as: stale });
    await expect(wrong).rejects.toEqual(refused("validation-failed"));
    expect(await shop.call("users.step-up", { code: codeOf(secret) }, { as: stale })).toEqual({
      expiresIn: stepUpMs / 1000,
    });
  });

  test("it is turned off by its owner, or by staff for who has lost everything", async () => {
    const [mine, theirs] = [await withSecondFactor(), await withSecondFactor()];
    expect(await shop.call("users.two-factor.disable", {}, { as: mine.as })).toBeNull();
    expect((await login(mine.email)).user.id).toBe(mine.id);
    expect((await mailTo(shop.dataDir, mine.email, /authentication was disabled/)).subject).toBeDefined();

    expect(await shop.call("users.two-factor.reset", { id: theirs.id })).toBeNull();
    expect(await isGood(theirs.as)).toBe(false);
    expect((await login(theirs.email)).user.id).toBe(theirs.id);
    await shop.settled();
    const { items } = await shop.call("audit.list", {
      entity: "user",
      entityId: theirs.id,
      type: "users.two-factor-changed",
    });
    expect(items.map(({ actor, details }) => [actor.kind, details["enabled"]])).toEqual([
      ["operator", false],
      ["user", true],
    ]);
  });

  describe("a mail to the owner of an address registered by a stranger", () => {
    async function resetByMail(email: string): Promise<void> {
      await shop.call("users.password-resets.request", { email }, { as: guest });
      const token = tokenIn(await mailTo(shop.dataDir, email, /new password/));
      await shop.call("users.password-resets.use", { token, password }, { as: guest });
    }

    test("gives them the account: the second factor goes, with the sessions", async () => {
      const squatter = await withSecondFactor();
      await resetByMail(squatter.email);
      expect((await login(squatter.email)).user).toMatchObject({ id: squatter.id, emailVerified: true });
      expect(await isGood(squatter.as)).toBe(false);
      await expect(shop.call("users.two-factor.get", {}, { as: squatter.as })).resolves.toMatchObject({
        enabled: false,
        recoveryCodesLeft: 0,
      });
      await shop.settled();
      const { items } = await shop.call("audit.list", {
        entity: "user",
        entityId: squatter.id,
        type: "users.two-factor-changed",
      });
      expect(items.map(({ details }) => details["enabled"])).toEqual([false, true]);
    });

    test("takes no factor away from an account whose address was verified", async () => {
      const owner = await withSecondFactor();
      const token = tokenIn(await mailTo(shop.dataDir, owner.email, /confirm your e-mail/));
      await shop.call("users.email-verifications.use", { token }, { as: guest });
      await resetByMail(owner.email);
      expect(await challengeFor(owner.email)).not.toBe("");
    });

    test("keeps the second factor of staff, and revokes API keys created before the verification", async () => {
      const staff = await withSecondFactor();
      await shop.call("users.update", { id: staff.id, role: "administrator", expectedVersion: 1 });
      const as: UserCaller = {
        ...staff.as,
        role: "administrator",
        permissions: ["keys:write", "orders:read"],
      };
      const key = await shop.call(
        "users.api-keys.create",
        { name: "a machine", permissions: ["orders:read"] },
        { as },
      );
      await resetByMail(staff.email);
      expect(await challengeFor(staff.email)).not.toBe("");
      expect(await shop.call("users.api-keys.get", { id: key.id })).toMatchObject({
        revokedAt: expect.any(String),
      });
    });
  });

  test("where staff need one, they may do nothing without it, and cannot turn it off", async () => {
    const { email, as, id } = await newCustomer();
    await shop.call("users.update", { id, role: "support", expectedVersion: 1 });
    const check = (sessionId: string) => shop.call("users.sessions.check", { sessionId });
    expect(await check(as.sessionId)).toMatchObject({ permissions: [], lacksSecondFactor: true });
    const without: UserCaller = { ...as, role: "support", lacksSecondFactor: true };
    const attempt = shop.call("users.list", {}, { as: without });
    await expect(attempt).rejects.toMatchObject({
      type: "forbidden",
      message: expect.stringContaining("/me/two-factor"),
    });

    expect(await shop.call("users.two-factor.get", {}, { as: without })).toMatchObject({
      required: true,
      enabled: false,
    });
    const { secret } = await shop.call("users.two-factor.begin", {}, { as: without });
    await shop.call("users.two-factor.confirm", { code: codeOf(secret) }, { as: without });
    await later(id);
    expect(await check(as.sessionId)).toMatchObject({
      permissions: roles.support,
    });
    const next = callerOf(await finish(await challengeFor(email), codeOf(secret)));
    expect((await check(next.sessionId))?.permissions).toContain("orders:write");
    await expect(shop.call("users.two-factor.disable", {}, { as: next })).rejects.toEqual(
      refused("illegal-transition"),
    );
  });
});
