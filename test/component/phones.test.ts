import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import type { Caller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { OutgoingMessage } from "../../mixins/notify/notify-channel.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import { mailTo, tokenIn } from "../support/mailbox.ts";
import { messagesIn, messageTo } from "../support/messages.ts";
import type { Shop } from "../support/shop.ts";
import { customer, startShop } from "../support/shop.ts";

const password = "a quiet long sentence";

describe("phones", () => {
  let shop: Shop;
  let used = 0;
  beforeAll(async () => {
    shop = await startShop({
      services: ["users", "audit"],
      env: { LOCALES: "en,zh-CN", SWEEP_INTERVAL_SECONDS: "1" },
    });
  });
  afterAll(() => shop?.stop());

  /** Each in a range of its own. */
  const newNumber = () => `+86138${String((used += 1)).padStart(5, "0")}123`;
  const database = () => (shop.broker.getLocalService("users") as Service & ServiceWithDatabase).database;
  const codeIn = ({ params }: OutgoingMessage) => params["code"] ?? "";
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

  async function newCustomer() {
    const email = `${newId()}@example.org`;
    await shop.call("users.register", { email, password, name: "Ada" }, { as: guest });
    const tokens = await shop.call("users.login", { email, password }, { as: guest });
    const { sub, sid } = decodeJwt<{ sid: string }>(tokens.accessToken);
    return { email, as: { ...customer(sub), sessionId: sid } as Caller & { kind: "user" } };
  }
  type Person = Awaited<ReturnType<typeof newCustomer>>;
  async function requestFor({ as }: Person, phone: string) {
    const known = await messagesIn(shop.dataDir);
    const { id } = await shop.call("users.phone-verifications.request", { phone }, { as });
    return { id, code: codeIn(await messageTo(shop.dataDir, phone, known)) };
  }
  const confirm = ({ as }: Person, id: string, code: string) =>
    shop.call("users.phone-verifications.confirm", { id, code }, { as });
  async function withPhone(phone = newNumber()) {
    const person = await newCustomer();
    const { id, code } = await requestFor(person, phone);
    await confirm(person, id, code);
    return { ...person, phone };
  }
  const phoneOf = async ({ as }: Person) => (await shop.call("users.me.get", {}, { as })).phone;
  const from = <N extends ActionName>(name: N, params: Input<N>, caller: Caller, limitKey: string) =>
    shop.broker.call<Result<N>, Input<N>>(name, params, {
      meta: { caller, client: { address: "203.0.113.9", userAgent: null, limitKey } },
    });
  const forgetCounts = () =>
    database().transaction({ actor: { kind: "system" }, requestId: "test" }, (tx) =>
      database().execute("DELETE FROM code_counts WHERE '' <> ?", ["x"], tx),
    );
  async function requestLogin(phone: string) {
    const known = await messagesIn(shop.dataDir);
    const { challenge } = await shop.call("users.phone-codes.request", { phone }, { as: guest });
    return { challenge, code: codeIn(await messageTo(shop.dataDir, phone, known)) };
  }
  const logInByCode = (phone: string, challenge: string, code: string) =>
    shop.call("users.login.by-phone-code", { phone, challenge, code }, { as: guest });

  describe("verifying a number", () => {
    test("takes the code from the message; the owner is told by mail, the trail has no number", async () => {
      const person = await newCustomer();
      const phone = newNumber();
      const { id, code } = await requestFor(person, phone);
      expect(code).toMatch(/^\d{6}$/);
      expect(await phoneOf(person)).toBeNull();
      expect(await confirm(person, id, code)).toMatchObject({ phone, version: 2 });
      expect((await mailTo(shop.dataDir, person.email, /phone number was added/)).text).not.toContain(phone);
      await expect(confirm(person, id, code)).rejects.toMatchObject({ type: "not-found" });
      await shop.settled();
      const { items } = await shop.call("audit.list", {
        limit: 100,
        entityId: person.as.userId,
        entity: "user",
      });
      expect(items.map(({ type }) => type)).toContain("users.phone-changed");
      expect(JSON.stringify(items)).not.toContain(phone);
    });

    test("the code is nowhere in the database, the outbox or the trail, sent or not", async () => {
      const person = await newCustomer();
      const { code } = await requestFor(person, newNumber());
      const until = async () =>
        (
          await database().select<{ n: number }>(
            "SELECT COUNT(*) AS n FROM messages WHERE status = 'waiting'",
          )
        )[0]?.n === 0;
      while (!(await until())) await new Promise((resolve) => setTimeout(resolve, 10));
      await shop.settled();
      for (const table of ["phone_codes", "messages", "outbox"]) {
        const rows = await database().select<Record<string, unknown>>(`SELECT * FROM ${table}`);
        for (const value of rows.flatMap((row) => Object.values(row)))
          expect(String(value)).not.toMatch(new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])`));
      }
      const rows = await database().select<{ sealed_code: string | null }>(
        "SELECT sealed_code FROM messages",
      );
      expect(rows.every(({ sealed_code: sealed }) => sealed === null)).toBe(true);
    });

    test("five wrong codes use it up, also when they come at once", async () => {
      const person = await newCustomer();
      const { id, code } = await requestFor(person, newNumber());
      const tries = Array.from({ length: 10 }, () =>
        confirm(person, id, wrong(code)).catch((error: unknown) => error),
      );
      const types = (await Promise.all(tries)).map((error) => (error as { type: string }).type);
      expect(types.filter((type) => type === "validation-failed")).toHaveLength(5);
      expect(types.filter((type) => type === "not-found")).toHaveLength(5);
      await expect(confirm(person, id, code)).rejects.toMatchObject({ type: "not-found" });
      expect(await phoneOf(person)).toBeNull();
    });

    test("another one's verification is not found, and their tries do not use it up", async () => {
      const [owner, stranger] = [await newCustomer(), await newCustomer()];
      const { id, code } = await requestFor(owner, newNumber());
      for (let tried = 0; tried < 6; tried += 1)
        await expect(confirm(stranger, id, code)).rejects.toMatchObject({ type: "not-found" });
      expect(await confirm(owner, id, code)).toMatchObject({ phone: expect.any(String) });
    });

    test.each([
      ["+442079460018", "no-mobile-number"],
      ["+449098790000", "no-mobile-number"],
      ["+999123456789", "invalid-number"],
      ["+86138001380001", "invalid-number"],
    ])("%s is refused as %s, and nothing is sent", async (phone, code) => {
      const { as } = await newCustomer();
      const request = shop.call("users.phone-verifications.request", { phone }, { as });
      await expect(request).rejects.toMatchObject({
        type: "validation-failed",
        data: { errors: [{ path: "phone", code }] },
      });
      const login = shop.call("users.phone-codes.request", { phone }, { as: guest });
      await expect(login).rejects.toMatchObject({ type: "validation-failed" });
    });

    test("a number in a form of another country's habit is stored in E.164", async () => {
      const person = await newCustomer();
      const known = await messagesIn(shop.dataDir);
      const { id, phone } = await shop.call(
        "users.phone-verifications.request",
        { phone: "+4407911123456" },
        { as: person.as },
      );
      expect(phone).toBe("+447911123456");
      const message = await messageTo(shop.dataDir, "+447911123456", known);
      expect(await confirm(person, id, codeIn(message))).toMatchObject({ phone: "+447911123456" });
    });

    test("moves a number from the account that had it, and tells its owner", async () => {
      const former = await withPhone();
      await forgetCounts();
      const next = await newCustomer();
      const { id, code } = await requestFor(next, former.phone);
      await confirm(next, id, code);
      expect([await phoneOf(former), await phoneOf(next)]).toEqual([null, former.phone]);
      await mailTo(shop.dataDir, former.email, /phone number was removed/);
      const login = await shop.call("users.login", { phone: former.phone, password }, { as: guest });
      expect(login.user.id).toBe(next.as.userId);
    });

    test("of accounts that confirm one number at once, one has it in the end", async () => {
      const phone = newNumber();
      const people = await Promise.all(Array.from({ length: 4 }, newCustomer));
      const codes: { id: string; code: string }[] = [];
      for (const person of people) {
        await forgetCounts();
        codes.push(await requestFor(person, phone));
      }
      await Promise.allSettled(
        people.map((person, index) => confirm(person, codes[index]?.id ?? "", codes[index]?.code ?? "")),
      );
      const phones = await Promise.all(people.map(phoneOf));
      expect(phones.filter((each) => each === phone)).toHaveLength(1);
    });

    test("two accounts that take each other's numbers at once both get one, or are told", async () => {
      const [one, other] = [await withPhone(), await withPhone()];
      await forgetCounts();
      const [first, second] = [await requestFor(one, other.phone), await requestFor(other, one.phone)];
      await Promise.allSettled([confirm(one, first.id, first.code), confirm(other, second.id, second.code)]);
      const phones = [await phoneOf(one), await phoneOf(other)].filter((each) => each !== null);
      expect(new Set(phones).size).toBe(phones.length);
      expect(phones.length).toBeGreaterThan(0);
    });

    test("a removed number logs in no more", async () => {
      const { as, phone, email } = await withPhone();
      await shop.call("users.phone.remove", {}, { as });
      await mailTo(shop.dataDir, email, /phone number was removed/);
      const login = shop.call("users.login", { phone, password }, { as: guest });
      await expect(login).rejects.toMatchObject({ type: "invalid-credentials" });
      await expect(shop.call("users.phone.remove", {}, { as })).rejects.toMatchObject({ type: "not-found" });
    });

    test("a password reset by mail removes the number that a stranger set on an address never verified", async () => {
      const { email, phone } = await withPhone();
      await shop.call("users.password-resets.request", { email }, { as: guest });
      const token = tokenIn(await mailTo(shop.dataDir, email, /new password/));
      await shop.call(
        "users.password-resets.use",
        { token, password: "another long sentence" },
        { as: guest },
      );
      const login = shop.call("users.login", { phone, password: "another long sentence" }, { as: guest });
      await expect(login).rejects.toMatchObject({ type: "invalid-credentials" });
      const tokens = await shop.call(
        "users.login",
        { email, password: "another long sentence" },
        { as: guest },
      );
      expect(tokens.user.emailVerified).toBe(true);
    });
  });

  describe("logging in", () => {
    test("takes the verified number with the password, or with a code, once", async () => {
      const { as, phone } = await withPhone();
      const byPassword = await shop.call("users.login", { phone, password }, { as: guest });
      expect(byPassword.user.id).toBe(as.userId);
      await forgetCounts();
      const { challenge, code } = await requestLogin(phone);
      expect((await logInByCode(phone, challenge, code)).user.id).toBe(as.userId);
      await expect(logInByCode(phone, challenge, code)).rejects.toMatchObject({
        type: "invalid-credentials",
      });
    });

    test("of ten uses of one code at once, one succeeds", async () => {
      const { phone } = await withPhone();
      await forgetCounts();
      const { challenge, code } = await requestLogin(phone);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, () => logInByCode(phone, challenge, code)),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("a code works for its own number and challenge only", async () => {
      const [one, other] = [await withPhone(), await withPhone()];
      await forgetCounts();
      const [first, second] = [await requestLogin(one.phone), await requestLogin(other.phone)];
      for (const attempt of [
        [other.phone, first.challenge],
        [one.phone, second.challenge],
        [one.phone, "made up"],
      ] as const)
        await expect(logInByCode(attempt[0], attempt[1], first.code)).rejects.toMatchObject({
          type: "invalid-credentials",
        });
    });

    test("asks for the second factor where there is one", async () => {
      const { as, phone } = await withPhone();
      const { secret } = await shop.call("users.two-factor.begin", {}, { as });
      const now = Date.now();
      await shop.call("users.two-factor.confirm", { code: totpCode(secret, totpStep(now)) }, { as });
      await forgetCounts();
      const { challenge, code } = await requestLogin(phone);
      await expect(logInByCode(phone, challenge, code)).rejects.toMatchObject({
        type: "second-factor-required",
        data: { challenge: expect.any(String) },
      });
      const byPassword = shop.call("users.login", { phone, password }, { as: guest });
      await expect(byPassword).rejects.toMatchObject({ type: "second-factor-required" });
    });

    test("unknown numbers get the same response, and no message", async () => {
      const { phone } = await withPhone();
      await forgetCounts();
      const unknown = newNumber();
      const shape = { challenge: expect.stringMatching(/^[\w-]{43}$/), expiresIn: 600 };
      for (const asked of [phone, unknown])
        expect(await shop.call("users.phone-codes.request", { phone: asked }, { as: guest })).toEqual(shape);
      await messageTo(shop.dataDir, phone);
      const dropped = async () =>
        (
          await database().select("SELECT id FROM messages WHERE recipient = ? AND status = 'dropped'", [
            unknown,
          ])
        ).length === 1;
      while (!(await dropped())) await new Promise((resolve) => setTimeout(resolve, 10));
      expect((await messagesIn(shop.dataDir)).filter(({ to }) => to === unknown)).toEqual([]);
      const { challenge } = await shop.call(
        "users.phone-codes.request",
        { phone: newNumber() },
        { as: guest },
      );
      await expect(logInByCode(unknown, challenge, "123456")).rejects.toMatchObject({
        type: "invalid-credentials",
      });
    });

    test("staff get no code: they need their password", async () => {
      const { as, phone, email } = await withPhone();
      await shop.call("users.update", { id: as.userId, role: "support", expectedVersion: 2 });
      await forgetCounts();
      const before = await messagesIn(shop.dataDir);
      await shop.call("users.phone-codes.request", { phone }, { as: guest });
      const dropped = async () =>
        (
          await database().select("SELECT id FROM messages WHERE recipient = ? AND status = 'dropped'", [
            phone,
          ])
        ).length === 1;
      while (!(await dropped())) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await messagesIn(shop.dataDir)).toHaveLength(before.length);
      expect((await shop.call("users.login", { phone, password }, { as: guest })).user.email).toBe(email);
    });

    test("takes one name, not two or none", async () => {
      const { email, phone } = await withPhone();
      for (const name of [{}, { email, phone }]) {
        const login = shop.call("users.login", { ...name, password }, { as: guest });
        await expect(login).rejects.toMatchObject({ type: "validation-failed" });
      }
    });
  });

  describe("requests for codes are limited", () => {
    const typeOf = (work: Promise<unknown>) =>
      work.then(
        () => "accepted",
        ({ type, data }: { type: string; data?: { retryAfter?: number } }) =>
          (data?.retryAfter ?? 0) > 0 ? type : `${type} without a time`,
      );

    test("by number, to one a minute, however many come at once", async () => {
      const phone = newNumber();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => shop.call("users.phone-codes.request", { phone }, { as: guest })),
      );
      const accepted = outcomes.filter(({ status }) => status === "fulfilled").length;
      // A minute may end meanwhile.
      expect(accepted).toBeGreaterThan(0);
      expect(accepted).toBeLessThanOrEqual(2);
    });

    test("by account, over all numbers", async () => {
      const { as } = await newCustomer();
      const request = () => shop.call("users.phone-verifications.request", { phone: newNumber() }, { as });
      for (let asked = 0; asked < 5; asked += 1) await request();
      expect(await typeOf(request())).toBe("too-many-requests");
    });

    test("by address, over all accounts and numbers; a refused request counts for nothing", async () => {
      const request = (phone: string) => from("users.phone-codes.request", { phone }, guest, "203.0.113.9");
      for (let asked = 0; asked < 20; asked += 1) await request(newNumber());
      const phone = newNumber();
      expect(await typeOf(request(phone))).toBe("too-many-requests");
      await from("users.phone-codes.request", { phone }, guest, "203.0.113.10");
    });

    test("by range of numbers, as those have who earn from messages", async () => {
      const range = `+86139${String((used += 1)).padStart(5, "0")}`;
      for (let last = 0; last < 50; last += 1) {
        const phone = `${range}${String(last).padStart(3, "0")}`;
        await shop.call("users.phone-codes.request", { phone }, { as: guest });
      }
      expect(
        await typeOf(shop.call("users.phone-codes.request", { phone: `${range}900` }, { as: guest })),
      ).toBe("too-many-requests");
    });
  });

  describe("the profile", () => {
    test("is optional, changed in part, and erased with the account", async () => {
      const person = await withPhone();
      const { as } = person;
      const profile = {
        nickname: "Countess",
        gender: "female",
        birthday: "1815-12-10",
        locale: "zh-cn",
      } as const;
      await expect(shop.call("users.me.update", profile, { as })).rejects.toMatchObject({
        data: { errors: [{ path: "birthday" }] },
      });
      const changed = await shop.call("users.me.update", { ...profile, birthday: "1985-12-10" }, { as });
      expect(changed).toMatchObject({
        name: "Ada",
        nickname: "Countess",
        locale: "zh-CN",
        keepsHistory: true,
      });
      const part = await shop.call("users.me.update", { gender: null, keepsHistory: false }, { as });
      expect(part).toMatchObject({ nickname: "Countess", gender: null, keepsHistory: false });
      await expect(shop.call("users.me.update", { locale: "fr" }, { as })).rejects.toMatchObject({
        data: { errors: [{ path: "locale" }] },
      });

      await shop.call("users.me.delete", {}, { as });
      const [row] = await database().select("SELECT * FROM users WHERE id = ?", [as.userId]);
      expect(row).toMatchObject({ nickname: null, gender: null, birthday: null, locale: null, phone: null });
      const left = await database().select("SELECT id FROM messages WHERE recipient = ?", [person.phone]);
      expect(left).toEqual([]);
    });

    test("its language is that of messages", async () => {
      const person = await newCustomer();
      await shop.call("users.me.update", { locale: "zh-CN" }, { as: person.as });
      const phone = newNumber();
      await requestFor(person, phone);
      expect(await messageTo(shop.dataDir, phone)).toMatchObject({
        locale: "zh-CN",
        kind: "phone-verification",
      });
    });
  });
});
