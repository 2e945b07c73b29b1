import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { stepUpMs } from "../../mixins/contract/step-up.ts";
import { mailIn, mailTo, tokenIn } from "../support/mailbox.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const password = "a quiet long sentence";
const another = "another long sentence";
const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

describe("accounts", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["users", "audit"] });
  });
  afterAll(() => shop.stop());

  const someone = () => `${newId()}@example.org`;
  const login = async (email: string, secret = password) =>
    shop.call("users.login", { email, password: secret }, { as: guest });
  const callerOf = (tokens: { accessToken: string }): Caller & { kind: "user" } => {
    const { sub, sid } = decodeJwt<{ sid: string }>(tokens.accessToken);
    return { ...customer(sub), sessionId: sid };
  };
  async function newCustomer() {
    const email = someone();
    await shop.call("users.register", { email, password, name: "Ada" }, { as: guest });
    const tokens = await login(email);
    return { email, tokens, as: callerOf(tokens), id: tokens.user.id };
  }
  const isGood = async ({ sessionId }: { sessionId: string }) =>
    (await shop.call("users.sessions.check", { sessionId })) !== null;
  const mail = (email: string, subject: RegExp) => mailTo(shop.dataDir, email, subject);
  const database = () => (shop.broker.getLocalService("users") as Service & ServiceWithDatabase).database;
  const refused = (type: string) => ({ type });

  async function resetToken(email: string) {
    await shop.call("users.password-resets.request", { email }, { as: guest });
    return tokenIn(await mail(email, /new password/));
  }

  describe("verifying an address", () => {
    test("the token from the registration's mail does it, once", async () => {
      const { email, as } = await newCustomer();
      expect(await shop.call("users.me.get", {}, { as })).toMatchObject({ emailVerified: false });
      const token = tokenIn(await mail(email, /confirm your e-mail/));
      const answer = await shop.call("users.email-verifications.use", { token }, { as: guest });
      expect(answer).toEqual({ email, emailVerified: true });
      expect(await shop.call("users.me.get", {}, { as })).toMatchObject({ emailVerified: true });
      const again = shop.call("users.email-verifications.use", { token }, { as: guest });
      await expect(again).rejects.toMatchObject(refused("not-found"));
    });

    test("who registers a taken address learns nothing, its owner gets a mail", async () => {
      const { email } = await newCustomer();
      const register = (address: string) =>
        shop.call("users.register", { email: address, password: another, name: "Eve" }, { as: guest });
      expect(await register(email)).toEqual({ email });
      expect((await mail(email, /have an account/)).text).toContain("nothing was changed");
    });
  });

  describe("a forgotten password", () => {
    test("is replaced by the token from the mail, once, and every session ends", async () => {
      const { email, as, id } = await newCustomer();
      const second = callerOf(await login(email));
      const token = await resetToken(email);
      const use = () => shop.call("users.password-resets.use", { token, password: another }, { as: guest });
      expect(await use()).toEqual({ deviceToken: expect.any(String) });
      await expect(use()).rejects.toMatchObject(refused("not-found"));

      expect(await Promise.all([isGood(as), isGood(second)])).toEqual([false, false]);
      await expect(login(email)).rejects.toMatchObject(refused("invalid-credentials"));
      expect((await login(email, another)).user).toMatchObject({ id, emailVerified: true });
      expect((await mail(email, /password was changed/)).text).not.toContain(another);
      await shop.settled();
      const { items } = await shop.call("audit.list", {
        entity: "user",
        entityId: id,
        type: "users.password-changed",
      });
      expect(items).toMatchObject([{ details: { by: "reset" }, actor: { kind: "user", id } }]);
    });

    test("of ten uses of one token at once, one succeeds", async () => {
      const { email } = await newCustomer();
      const token = await resetToken(email);
      const uses = Array.from({ length: 10 }, (_, n) =>
        shop.call("users.password-resets.use", { token, password: `${another} ${n}` }, { as: guest }),
      );
      const outcomes = await Promise.allSettled(uses);
      const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect((await login(email, `${another} ${winner}`)).user.email).toBe(email);
    });

    test("a common password is refused and the token stays good; a made-up one never was", async () => {
      const { email } = await newCustomer();
      const token = await resetToken(email);
      const common = shop.call(
        "users.password-resets.use",
        { token, password: "password123" },
        { as: guest },
      );
      await expect(common).rejects.toMatchObject(refused("validation-failed"));
      for (const made of [token.slice(1), `${token}x`, "' OR 1=1 --"]) {
        const attempt = shop.call(
          "users.password-resets.use",
          { token: made, password: another },
          { as: guest },
        );
        await expect(attempt).rejects.toMatchObject(refused("not-found"));
      }
      expect(
        await shop.call("users.password-resets.use", { token, password: another }, { as: guest }),
      ).toEqual({ deviceToken: expect.any(String) });
    });

    test("an expired token is none, and one for another purpose neither", async () => {
      const { email } = await newCustomer();
      const verification = tokenIn(await mail(email, /confirm your e-mail/));
      const wrong = shop.call(
        "users.password-resets.use",
        { token: verification, password: another },
        { as: guest },
      );
      await expect(wrong).rejects.toMatchObject(refused("not-found"));
      const token = await resetToken(email);
      const crossed = shop.call("users.email-verifications.use", { token }, { as: guest });
      await expect(crossed).rejects.toMatchObject(refused("not-found"));
      await database().transaction(origin, (tx) =>
        database().execute("UPDATE one_time_tokens SET expires_at = ?", [Date.now()], tx),
      );
      const late = shop.call("users.password-resets.use", { token, password: another }, { as: guest });
      await expect(late).rejects.toMatchObject(refused("not-found"));
    });

    test("an address without an account, and a disabled account, get the same answer and no mail", async () => {
      const [stranger, disabled] = [someone(), await newCustomer()];
      await shop.call("users.update", { id: disabled.id, status: "disabled", expectedVersion: 1 });
      for (const email of [stranger, disabled.email])
        expect(await shop.call("users.password-resets.request", { email }, { as: guest })).toEqual({ email });
      const witness = await newCustomer();
      await resetToken(witness.email);
      const rows = await database().select<{ status: string }>(
        "SELECT status FROM mails WHERE kind = 'password-reset' AND recipient IN (?)",
        [[stranger, disabled.email]],
      );
      expect(rows).toHaveLength(2);
      const written = (await mailIn(shop.dataDir)).filter(
        ({ to, subject }) => to !== witness.email && /new password/.test(subject),
      );
      expect(written.filter(({ to }) => to === stranger || to === disabled.email)).toEqual([]);
    });
  });

  test("a password made of one's own address or name, or of the shop's name, is refused wherever one is set", async () => {
    const made = { type: "validation-failed", data: { errors: [{ path: "password", code: "own-words" }] } };
    const taken = someone();
    const opening = shop.call(
      "users.register",
      { email: taken, password: taken, name: "Ada" },
      { as: guest },
    );
    await expect(opening).rejects.toMatchObject(made);
    const { email, as } = await newCustomer();
    const changing = shop.call(
      "users.me.password.change",
      { currentPassword: password, password: email.toUpperCase() },
      { as },
    );
    await expect(changing).rejects.toMatchObject(made);
    const token = await resetToken(email);
    const resetting = shop.call(
      "users.password-resets.use",
      { token, password: "The Shop 2026" },
      { as: guest },
    );
    await expect(resetting).rejects.toMatchObject(made);
    await expect(
      shop.call("users.administrator.ensure", { email: taken, password: "administrator-1" }),
    ).rejects.toMatchObject(made);
  });

  describe("a change of password", () => {
    test("asks for the current one, keeps this session and ends the others", async () => {
      const { email, as } = await newCustomer();
      const other = callerOf(await login(email));
      const change = (currentPassword: string) =>
        shop.call("users.me.password.change", { currentPassword, password: another }, { as });
      await expect(change("wrong password")).rejects.toMatchObject({
        type: "validation-failed",
        data: { errors: [{ path: "currentPassword", code: "wrong-password" }] },
      });
      expect(await change(password)).toBeNull();
      expect(await Promise.all([isGood(as), isGood(other)])).toEqual([true, false]);
      await expect(change(password)).rejects.toMatchObject(refused("validation-failed"));
      expect((await login(email, another)).user.email).toBe(email);
    });

    test("of two at once, one is made", async () => {
      const { email, as } = await newCustomer();
      const changes = [1, 2].map((n) =>
        shop.call(
          "users.me.password.change",
          { currentPassword: password, password: `${another} ${n}` },
          { as },
        ),
      );
      const outcomes = await Promise.allSettled(changes);
      const winner = outcomes.findIndex(({ status }) => status === "fulfilled") + 1;
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect((await login(email, `${another} ${winner}`)).user.email).toBe(email);
    });
  });

  describe("a change of address", () => {
    const change = (as: Caller, email: string) =>
      shop.call("users.me.email.change", { email, password }, { as });

    test("takes effect when the new address is confirmed, and the old one is notified", async () => {
      const { email, as, id } = await newCustomer();
      const reset = await resetToken(email);
      const next = someone();
      expect(await change(as, next)).toEqual({ email: next });
      expect((await login(email)).user.email).toBe(email);

      const token = tokenIn(await mail(next, /new e-mail/));
      expect(await shop.call("users.email-verifications.use", { token }, { as: guest })).toEqual({
        email: next,
        emailVerified: true,
      });
      expect((await login(next)).user).toMatchObject({ id, email: next, emailVerified: true });
      await expect(login(email)).rejects.toMatchObject(refused("invalid-credentials"));
      expect((await mail(email, /new e-mail address/)).text).not.toContain(next);
      const old = shop.call("users.password-resets.use", { token: reset, password: another }, { as: guest });
      await expect(old).rejects.toMatchObject(refused("not-found"));
    });

    test("needs the password", async () => {
      const { as } = await newCustomer();
      const attempt = shop.call("users.me.email.change", { email: someone(), password: another }, { as });
      await expect(attempt).rejects.toMatchObject(refused("validation-failed"));
    });

    test("to an address that has an account is answered alike and comes to nothing", async () => {
      const [mine, theirs] = [await newCustomer(), await newCustomer()];
      expect(await change(mine.as, theirs.email)).toEqual({ email: theirs.email });
      const token = tokenIn(await mail(theirs.email, /new e-mail/));
      const use = shop.call("users.email-verifications.use", { token }, { as: guest });
      await expect(use).rejects.toMatchObject(refused("already-exists"));
      expect((await login(mine.email)).user.id).toBe(mine.id);
      expect((await login(theirs.email)).user.id).toBe(theirs.id);
    });
  });

  describe("deleting an account", () => {
    test("leaves a number only: no name, no address, no session, no way in", async () => {
      const { email, as, id } = await newCustomer();
      const address = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1", country: "GB" };
      await shop.call("users.addresses.add", { address }, { as });
      expect(await shop.call("users.me.delete", {}, { as })).toBeNull();

      expect(await isGood(as)).toBe(false);
      await expect(login(email)).rejects.toMatchObject(refused("invalid-credentials"));
      const left = await shop.call("users.get", { id });
      expect(left).toMatchObject({
        status: "deleted",
        email: `${id}@deleted.invalid`,
        name: "Deleted account",
      });
      expect((await shop.call("users.addresses.list", {}, { as })).items).toEqual([]);
      for (const table of ["users", "sessions", "addresses"])
        expect(JSON.stringify(await database().select(`SELECT * FROM ${table}`))).not.toMatch(
          new RegExp(`${email}|1 Row`),
        );
      expect((await mail(email, /was deleted/)).subject).toBe("Your account was deleted");

      await shop.settled();
      const { items } = await shop.call("audit.list", {
        entity: "user",
        entityId: id,
        type: "users.account-deleted",
      });
      expect(items).toHaveLength(1);
      const change = shop.call("users.update", { id, status: "active", expectedVersion: left.version });
      await expect(change).rejects.toMatchObject(refused("illegal-transition"));
    });

    test("frees the address for a new account", async () => {
      const { email, as, id } = await newCustomer();
      await shop.call("users.me.delete", {}, { as });
      await shop.call("users.register", { email, password, name: "Bea" }, { as: guest });
      expect((await login(email)).user.id).not.toBe(id);
    });

    test("asks for a password that was given lately", async () => {
      const { as, id } = await newCustomer();
      const stale = { ...as, verifiedAt: Date.now() - stepUpMs };
      const attempt = shop.call("users.me.delete", {}, { as: stale });
      await expect(attempt).rejects.toMatchObject({
        type: "step-up-required",
        data: { maxAge: stepUpMs / 1000 },
      });
      const wrong = shop.call("users.step-up", { password: another }, { as });
      await expect(wrong).rejects.toMatchObject(refused("validation-failed"));
      const before = Date.now();
      expect(await shop.call("users.step-up", { password }, { as })).toEqual({ expiresIn: stepUpMs / 1000 });
      const checked = await shop.call("users.sessions.check", { sessionId: as.sessionId });
      expect(checked?.verifiedAt).toBeGreaterThanOrEqual(before);
      await shop.settled();
      const { items } = await shop.call("audit.list", {
        entity: "user",
        entityId: id,
        type: "users.step-up-failed",
      });
      expect(items).toHaveLength(1);
    });

    test("the last administrator stays", async () => {
      const email = someone();
      expect(await shop.call("users.administrator.ensure", { email, password })).toEqual({ created: true });
      const as = { ...callerOf(await login(email)), role: "administrator" } as const;
      await expect(shop.call("users.me.delete", {}, { as })).rejects.toMatchObject(
        refused("illegal-transition"),
      );
      const helper = await newCustomer();
      await shop.call("users.update", { id: helper.id, role: "administrator", expectedVersion: 1 });
      expect(await shop.call("users.me.delete", {}, { as })).toBeNull();
    });
  });
});
